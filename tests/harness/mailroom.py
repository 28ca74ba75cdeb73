"""An office that sends mail: its notices, with a real mail server on loopback and the pages' own words."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from node.domain.ids import PersonId
from node.domain.intake.intake import NewPerson
from node.domain.need import Urgency
from node.domain.notices.mail import Tls
from node.ports import Answered, Outside
from node.services.notices.gateways import Gateways
from node.services.notices.notices import Carriers, Notices
from node.services.notices.smtp import Carrier, Smtp
from node.services.settings.kinds import Kinds
from node.store import settings
from tests.harness.office import Office, open_office, point
from tests.harness.post_office import PASSWORD, USER, PostOffice, post_office
from ui.i18n import Languages
from ui.parts.texting import NoticeWriter
from ui.web.assets import Assets
from ui.web.templating import Templates

URL = "https://knowle.example.org"
GROUP = "Knowle Neighbours"
TODAY = Urgency.TODAY


class Mailroom:
    """Of one office. ``post``: what came to the mail server."""

    def __init__(
        self, office: Office, post: PostOffice, carrier: Carrier, outside: Outside | None = None
    ) -> None:
        self.office = office
        self.post = post
        self.notices = Notices(
            office.desk,
            office.roster,
            office.matching,
            Carriers(mail=carrier, texts=Gateways(), outside=outside or _Nowhere()),
            office.tasks,
        )
        kinds = Kinds(office.db, office.clock, office.desk.catalogue)
        self.writer = NoticeWriter(
            Templates(_assets(), kinds, office.desk.zone, office.desk.clock), _languages()
        )
        self.notices.speaks(self.writer)

    async def set_up(self, *, signs_in: bool = False) -> None:
        """The group knows its address and its mail server."""
        async with self.office.db.write() as tx:
            await settings.put(tx, settings.PUBLIC_URL, URL)
            await settings.put(tx, settings.GROUP_NAME, GROUP)
            await settings.put(tx, settings.PHONE, "0117 496 0123")
        secret = {"user": USER, "password": PASSWORD} if signs_in else {}
        await self.notices.mail.change(self.office.admin, self.post.server(**secret))

    async def helper(self, address: str, name: str = "Sam Pretend", **changes: object) -> PersonId:
        """A volunteer with that address, who does everything and lives next door."""
        more = {key: changes.pop(key) for key in ("contact_by", "safe_to_ring") if key in changes}
        person = NewPerson(name=name, email=address, **more)  # type: ignore[arg-type]
        return await self.office.helper(person=person, **changes)

    async def turn(self) -> int:
        """What the clock does: finds what there is to tell, and sends; how many messages the server took."""
        await self.notices.find()
        return await self.notices.deliver()


class _Nowhere:
    """For a room in which nobody has notifications."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        raise AssertionError(url)


_assets = cache(Assets.load)
_languages = cache(Languages.load)
"""The same for every test: reading the catalogues takes seconds."""


def token_in(text: str) -> str:
    """Of the link at the foot of a message."""
    found = re.search(re.escape(URL) + r"/n/([A-Za-z0-9_-]{22})\b", text)
    assert found is not None, text
    return found[1]


@asynccontextmanager
async def mailroom(
    folder: Path,
    *,
    tls: Tls = Tls.NONE,
    sign_in: bool = False,
    carrier: Carrier | None = None,
    outside: Outside | None = None,
) -> AsyncIterator[Mailroom]:
    """An office with a mail server, set up."""
    (folder / "data").mkdir()
    async with (
        open_office(folder / "data") as office,
        post_office(folder, tls=tls, sign_in=sign_in) as (
            post,
            trusts,
        ),
    ):
        room = Mailroom(office, post, carrier or Smtp(trusts), outside)
        await room.set_up(signs_in=sign_in)
        yield room


__all__ = ["GROUP", "TODAY", "URL", "Mailroom", "mailroom", "point", "token_in"]
