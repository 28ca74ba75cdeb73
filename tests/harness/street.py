"""A street of visitors before one real node: every kind of actor with true cookies, seals, links and signatures.

Requests go over loopback HTTP, one by one and byte for byte as asked: nothing is encoded anew, no cookie is kept
by itself, no redirect is followed.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from node.domain.actors import CONSOLE, Actor, Role
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.consents import Consents
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.intake import NewNeed, NewPerson
from node.domain.need import CloseReason, Point, Share
from node.domain.newcomer import NewVolunteer
from node.vault import Compartment
from protocol import b64, http_signature
from protocol.http_signature import Target
from protocol.identity import KeyPair
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood
from ui import csrf

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
NAME, PHONE, STREET = "Quirina Madeupson", "0117 496 0777", "99 Nonesuch Terrace"
CANARIES = (NAME, "Quirina", "Madeupson", PHONE, "01174960777", "+441174960777", STREET, "Nonesuch")
"""Of the one who asks for help: name, phone and street, as typed and as a page might turn them."""
FOREIGN_SITE = "https://evil.example"
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
MACHINES = ("/api/", "/mac/", "/healthz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode("utf-8", "replace"))

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One browser (or node) and what it holds."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seals: bool = True
    """Whether its forms carry the right seal."""
    handle: str = "kim"
    signed_by: Member | None = None
    """A peer, that signs what it posts."""


class Street:
    """The node ``north``, its neighbour ``south``, and whoever comes along."""

    def __init__(self, cast: Neighbourhood, north: Member, south: Member) -> None:
        self.cast = cast
        self.north = north
        self.south = south
        self.helper = PersonId("")
        self.asset = ""
        self.known_did = ""
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        self._seeds = 0

    @classmethod
    async def built(cls, cast: Neighbourhood) -> "Street":
        """Two neighbours that know each other; north shares everything and has one volunteer."""
        north = await cast.add("north")
        south = await cast.add("south", at=(51.43, -2.58))
        await cast.befriend(north, south)
        await north.share_everything()
        street = cls(cast, north, south)
        street.helper = await street.new_helper("Vera Invented")
        street.known_did = street.new_did()
        await north.services.peering.add(
            north.staff, "http://127.0.0.1:9", did=street.known_did, allow_private=True
        )
        await north.services.peering.set_state(north.staff, street.known_did, "paused")
        front = await street.ask(Visitor(), "GET", "/")
        found = re.search(r"/static/([\w.-]+\.css)", front.text)
        assert found, front.text
        street.asset = found[1]
        return street

    @classmethod
    def before(cls, cast: Neighbourhood, member: Member) -> "Street":
        """Before a node that nobody has set up yet."""
        return cls(cast, member, member)

    async def close(self) -> None:
        """Hangs up."""
        await self.session.close()

    # --- who comes along

    async def hire(self, handle: str, *roles: Role, grants: Collection[Compartment] = ()) -> str:
        """An account; gives its id."""
        return await self.north.services.team.add_staff(self.north.staff, handle, PASSWORD, roles, grants)

    async def sign_in(self, visitor: Visitor) -> Actor:
        """Puts a new session into that browser."""
        signed = await self.north.services.access.sign_in(visitor.handle, PASSWORD)
        visitor.cookies["desk"] = signed.cookie
        return signed.actor

    # --- requests

    async def ask(
        self,
        visitor: Visitor,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request as that visitor would send it, with the page's own origin and seal unless it has others."""
        sent = {"Host": self.north.url.removeprefix("http://"), **visitor.headers}
        if visitor.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        if method == "POST":
            sent.setdefault("Origin", self.north.url)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            if body is None:
                body = urlencode(self.sealed(visitor, form or {})).encode()
            if visitor.signed_by and path.startswith("/mac/"):
                body = b"{}"
                sent.update(self._signature(visitor.signed_by, path, body))
        sent.update(headers or {})
        url = URL(self.north.url + path, encoded=True)
        async with self.session.request(
            method, url, data=body, headers=sent, allow_redirects=False
        ) as response:
            content = await response.read()
            return Answer(
                status=response.status,
                headers=response.headers,
                cookies={name: cookie.value for name, cookie in response.cookies.items()},
                body=content,
            )

    def sealed(self, visitor: Visitor, form: Mapping[str, str]) -> dict[str, str]:
        """The form with the seal that belongs to the browser's cookie."""
        seal = visitor.cookies.get("seal", "")
        return {**form, csrf.FIELD: csrf.token(seal)} if visitor.seals and seal else dict(form)

    def _signature(self, member: Member, path: str, body: bytes) -> dict[str, str]:
        identity = member.node.network.identity
        return http_signature.sign_request(
            Target(method="POST", authority=self.north.url.removeprefix("http://"), path=path, query=""),
            body,
            keyid=http_signature.key_id(identity.origin, identity.did),
            created=int(self.cast.clock.now().timestamp()),
            nonce=b64.encode(member.random.randbytes(16)),
            sign=identity.sign,
        )

    # --- what they come for

    async def new_helper(self, name: str = "Vera Invented") -> PersonId:
        """A volunteer around the corner."""
        return await self.north.services.people.add_volunteer(
            self.north.staff,
            NewVolunteer(
                person=NewPerson(name=name, phone="07700 900123"), point=HOME, abilities=("groceries",)
            ),
        )

    async def seed(
        self, state: str, by: Actor | None = None, device: str = "", *, at: Member | None = None
    ) -> dict[str, str]:
        """A request in that state, asked for by the one whose name, phone and street are the canaries.

        ``state``: of the need (new, open, closed) or of the task on it (proposed, interested, approved,
        contacted). ``device`` ties the task to that browser.
        """
        desk, staff = (at or self.north).services, (at or self.north).staff
        taken = await desk.intake.take(
            by or staff,
            NewNeed(
                person=NewPerson(name=NAME, phone=PHONE, address=STREET),
                categories=("groceries",),
                point=HOME,
                notes="the bell is broken",
                doorstep_word="marmalade",
                consents=Consents(help_you=True, groups_see=True, keep_details=True),
                start="new" if state == "new" else "open",
            ),
        )
        found = {"need": str(taken.need_id), "asker": str(taken.person_id)}
        if state == "closed":
            await desk.dispatch.close(staff, taken.need_id, CloseReason.NO_LONGER_NEEDED)
        if state not in ("proposed", "interested", "approved", "contacted"):
            return found
        task = await desk.dispatch.propose(staff, taken.need_id, self.helper)
        token = await desk.dispatch.task_link(staff, task)
        if device:
            await desk.tasks.confirm(token, device)
        if state == "interested":
            await desk.tasks.answer(token, device or "some device", AssignmentMove.INTEREST)
        elif state != "proposed":
            await desk.dispatch.approve(staff, task)
        if state == "contacted":
            await desk.dispatch.contacted(staff, task)
        return {**found, "task": str(task), "token": token}

    async def need_state(self, need: str) -> str:
        """As the board shows it."""
        return str((await self.north.services.board.need(self.north.staff, NeedId(need))).need.state)

    async def task_states(self, need: str) -> list[str]:
        """Of everybody on that need."""
        view = await self.north.services.board.need(self.north.staff, NeedId(need))
        return sorted(str(each.state) for each in view.assignments)

    async def link(self, task: str) -> str:
        """A new private link."""
        return await self.north.services.dispatch.task_link(self.north.staff, AssignmentId(task))

    async def words(self, handle: str) -> dict[str, str]:
        """What forms and addresses may name beside an object; fresh wherever a thing can be done once only."""
        shared = await self.north.services.publishing.shared(CONSOLE)
        return {
            "asset": self.asset,
            "helper": str(self.helper),
            "handle": handle,
            "password": PASSWORD,
            "new_handle": f"mo-{self._seeds}",
            "tomorrow": (self.cast.clock.now() + timedelta(days=1)).date().isoformat(),
            "new_did": self.new_did(),
            "known_did": self.known_did,
            "next_share": str(Share.PUBLIC if shared["groceries"] is Share.PEERS else Share.PEERS),
            **{f"card{i + 1}": " ".join(card.split()[4:8]) for i, card in enumerate(self.north.cards)},
        }

    def new_did(self) -> str:
        """The id of a group that nobody has heard of."""
        self._seeds += 1
        return KeyPair.from_seed(self._seeds.to_bytes(32, "big")).did

    def calls_itself(self, member: Member, **said: str) -> None:
        """A group's own words about itself (group_name, phone, hours), as its database holds them."""
        db = sqlite3.connect(member.folder / "group.db")
        try:
            for key, text in said.items():
                db.execute(
                    "INSERT OR REPLACE INTO settings(key, value) VALUES (?, ?)", (key, json.dumps(text))
                )
            db.commit()
        finally:
            db.close()

    # --- what is left behind

    def dump(self, *leaving_out: str) -> dict[str, list[Any]]:
        """Every row of ``group.db``, by table."""
        db = sqlite3.connect(f"file:{self.north.folder / 'group.db'}?mode=ro", uri=True)
        try:
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"')))
                for name in tables
                if name not in leaving_out
            }
        finally:
            db.close()


def is_page(path: str) -> bool:
    """Whether a person reads it."""
    return not path.startswith(MACHINES)
