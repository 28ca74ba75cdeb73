"""An office whose staff hold keys and are told by mail what waits: real SQL, a real mail server, a clock to move."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from node.domain.actors import Actor
from node.domain.notices.alerts import AlertChoices
from node.ports import Outside
from node.services.alerts.alerts import Alerts
from node.services.alerts.own_devices import AlertDevices
from node.services.alerts.roads import Roads
from node.services.alerts.sending import AlertCarriers
from node.services.alerts.standby import LABEL
from node.services.notices.gateways import Gateways
from node.services.notices.smtp import Carrier, Smtp
from node.store import compartments
from node.store.compartments import CompartmentRow
from node.vault import Compartment
from node.vault.keys import derive
from tests.harness.holding import let_hold
from tests.harness.mailroom import URL, Mailroom, mailroom
from tests.harness.office import Office
from tests.harness.post_office import Mail, PostOffice
from ui.parts.alert_mail import AlertMail

ADDRESSES = {
    "Ana-made-up": "ana@example.net",
    "Ben-made-up": "ben@example.net",
    "Tri-made-up": "tri@example.net",
    "Saf-made-up": "saf@example.net",
    "Adm-made-up": "adm@example.net",
}


class AlertRoom:
    """Of one office. ``post``: what came to the mail server."""

    def __init__(self, room: Mailroom, carrier: Carrier) -> None:
        self.room = room
        self.key = b"k" * 32
        notices = room.notices
        self.alerts = Alerts(
            room.office.desk,
            Roads(
                notices.mail, notices.texts, notices.chat, AlertDevices(room.office.desk, notices.push_way)
            ),
            AlertCarriers(mail=carrier, texts=Gateways()),
            self._secret,
        )
        self.alerts.speaks(AlertMail(room.writer._templates, room.writer._languages))

    @property
    def office(self) -> Office:
        return self.room.office

    @property
    def post(self) -> PostOffice:
        return self.room.post

    def _secret(self, label: str) -> bytes:
        assert label == LABEL
        return derive(self.key, label)

    async def grants(self) -> None:
        """Everybody but the admin may read people, and the safety officer what is told about safety."""
        office = self.office
        async with office.db.write() as tx:
            for name, pair in office.pairs.items():
                await compartments.insert(
                    tx, CompartmentRow(name=name.value, public_key=pair.public, rescue_sealed=None)
                )
            for name, who in (
                (Compartment.PEOPLE, (office.ana, office.ben, office.triage, office.safety)),
                (Compartment.SAFEGUARDING, (office.safety,)),
            ):
                for actor in who:
                    await let_hold(tx, name, actor.id or "")

    async def joins(self, *actors: Actor, language: str = "en", **choices: str) -> None:
        """They give an address, type the digits that come there, and choose."""
        for actor in actors:
            address = ADDRESSES[actor.name]
            await self.alerts.choosing.set_address(actor, address, language)
            await self.alerts.deliver()
            await self.alerts.choosing.confirm(actor, code_in(self.post.to(address)[-1]))
            if choices:
                await self.alerts.choosing.choose(actor, AlertChoices(**choices), language)  # type: ignore[arg-type]
        self.post.mails.clear()

    async def turn(self) -> int:
        """What the clock does: finds what there is to tell, and sends; how many messages the server took."""
        await self.alerts.find()
        return await self.alerts.deliver()

    async def came(self) -> list[str]:
        """What a turn brings: for each message to whom, and each line that says what waits."""
        await self.turn()
        found = [f"{mail.to[0].partition('@')[0]}: {' / '.join(lines(mail))}" for mail in self.post.mails]
        self.post.mails.clear()
        return sorted(found)


def lines(mail: Mail) -> list[str]:
    """What waits, as it says it."""
    return [line[2:] for line in mail.part("plain").splitlines() if line.startswith("* ")]


def code_in(mail: Mail) -> str:
    """The digits of a message that has some."""
    found = re.search(r"\b\d{6}\b", mail.part("plain"))
    assert found is not None, mail.part("plain")
    return found[0]


def stop_link(mail: Mail) -> str:
    """The secret of the link that ends all messages."""
    found = re.search(re.escape(URL) + r"/n/desk/([A-Za-z0-9_-]{22})\b", mail.part("plain"))
    assert found is not None, mail.part("plain")
    return found[1]


@asynccontextmanager
async def alert_room(folder: Path, outside: Outside | None = None) -> AsyncIterator[AlertRoom]:
    """An office with a mail server and keys for its staff; nobody is told anything yet. ``outside``: the way to push
    services."""
    async with mailroom(folder, outside=outside) as room:
        made = AlertRoom(room, Smtp())
        await made.grants()
        yield made
