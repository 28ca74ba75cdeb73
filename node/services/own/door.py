"""How a volunteer comes in without a password: a one-time link that the group gives her, then a session of her own.

The link says who she is, nothing more: what a task opens still opens only on the device that confirmed it. Opening a
link does nothing; one tap uses it up. All of it works while locked, but for finding out who asked for a link.
"""

from collections.abc import Sequence

from node.domain.actors import ANONYMOUS, Actor, ActorKind, volunteer_actor
from node.domain.ids import PersonId, new_id
from node.domain.notices.notice import Way
from node.domain.own.views import AskRow, OwnDevice
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.domain.volunteer import VolunteerState
from node.errors import N_, Conflict, Invalid, NotFound
from node.services import links
from node.services.desk import Desk, person_object
from node.services.notices.notices import Notices
from node.store import own_page, persons, push_devices, settings, volunteers
from node.store.db import Tx, is_looking_only
from node.store.own_page import OwnAsk, OwnSession

LINK_DAYS = 7
"""So long a link waits to be used."""
IDLE_DAYS = 90
"""Signed in for so long after the last look: somebody who helps once a quarter need not ask again."""
ASK_DAYS = 7
MOST_ASKS = 100
LONGEST = 200
"""Characters of a number or an address."""
_TOUCH_SECONDS = 3600
COOKIE_BYTES = 32


class OwnDoor:
    """Links in, sessions, devices; and who asked for a link."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- the desk gives a link

    async def make_link(self, actor: Actor, person_id: PersonId) -> str:
        """A fresh token for ``/my/in/<token>``; the one before stops working. Raises ``Conflict`` (``not_helping``)
        for whoever does not help here (now), ``NotFound``, ``NotAllowed``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            if not await helps_here(tx, person_id):
                raise Conflict(
                    "not_helping", N_("They do not help here at present, so there is no page of theirs.")
                )
            token = links.new_token(desk.random)
            await self._put(tx, person_id, token, actor)
        return token

    async def first_link(self, person_id: PersonId) -> str:
        """The same for somebody who has just signed up by herself."""
        token = links.new_token(self._desk.random)
        async with self._desk.db.write() as tx:
            await self._put(tx, person_id, token, ANONYMOUS)
        return token

    async def _put(self, tx: Tx, person_id: PersonId, token: str, actor: Actor) -> None:
        desk, staff = self._desk, actor.id if actor.kind is ActorKind.STAFF else None
        until = desk.now + LINK_DAYS * links.DAY
        await own_page.put_link(tx, person_id, links.sign_in_hash(token), now=desk.now, until=until, by=staff)
        await desk.record(tx, actor, "volunteer.own_link", person_object(person_id))

    # --- somebody asks for one

    async def ask(self, typed: str) -> None:
        """Keeps what was typed, sealed, for the desk to pass a link on. The answer is the same whoever that is, and
        whether we know them; works while locked. Raises ``Invalid`` for what is no number and no address."""
        typed = typed.strip()
        if not 3 <= len(typed) <= LONGEST or not (any(each.isdigit() for each in typed) or "@" in typed):
            raise Invalid(
                "who",
                N_("Write your phone number or your e-mail address."),
                fields={"who": N_("Write your phone number or your e-mail address.")},
            )
        desk, ask_id = self._desk, new_id(self._desk.random)
        sealed = desk.seal_note("own_asks", ask_id, typed)
        assert sealed is not None
        async with desk.db.write() as tx:
            await own_page.add_ask(
                tx, OwnAsk(id=ask_id, at=desk.now, sealed=sealed), most=MOST_ASKS, since=self._asked_since
            )

    async def how_many_ask(self, actor: Actor) -> int:
        """How many wait for a link; no names."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return await own_page.count_asks(tx, self._asked_since)

    async def asks(self, actor: Actor) -> Sequence[AskRow]:
        """Who waits, with the volunteers whom we know by what was typed; a recorded look. Raises ``Locked``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            rows = await own_page.asks(tx, self._asked_since)
            await desk.record(tx, actor, "look.own_asks", "own_asks", count=len(rows))
            found = []
            for row in rows:
                typed = desk.open_note("own_asks", row.id, row.sealed)
                found.append(AskRow(id=row.id, at=row.at, typed=typed, found=await self._known(tx, typed)))
        return found

    async def answer_by_itself(self, notices: Notices) -> int:
        """Whoever asked with the address, or the number, that we have of her and of nobody else gets her link by mail,
        or as a text; the others wait for the desk. How many. Raises ``Locked`` if somebody waits and the records are
        closed."""
        desk, sent = self._desk, 0
        async with desk.db.read() as tx:
            rows = await own_page.asks(tx, self._asked_since)
            base = await settings.get(tx, settings.PUBLIC_URL)
            if not rows or not base:
                return 0
            desk.must_be_unlocked()
            known = {}
            for row in rows:
                typed = desk.open_note("own_asks", row.id, row.sealed)
                found = await self._known(tx, typed)
                if len(found) != 1:
                    continue
                person_id, way = PersonId(next(iter(found))), Way.EMAIL if "@" in typed else Way.TEXT
                held = await self._desk.need_person(tx, person_id)
                if way is Way.EMAIL or await notices.takes_texts(tx, held):
                    known[row.id] = person_id, way
        for ask_id, (person_id, way) in known.items():
            token = links.new_token(desk.random)
            if await notices.sign_in_link(person_id, f"{base}/my/in/{token}", way):
                async with desk.db.write() as tx:
                    if await own_page.drop_ask(tx, ask_id):
                        await self._put(tx, person_id, token, ANONYMOUS)
                        sent += 1
        return sent

    async def drop_ask(self, actor: Actor, ask_id: str) -> None:
        """It was answered, or nobody knows who that is. Raises ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        async with self._desk.db.write() as tx:
            if not await own_page.drop_ask(tx, ask_id):
                raise NotFound("no_such_ask", N_("That one was answered already."))

    @property
    def _asked_since(self) -> int:
        return self._desk.now - ASK_DAYS * links.DAY

    async def _known(self, tx: Tx, typed: str) -> dict[str, str]:
        desk = self._desk
        if "@" in typed:
            rows = await persons.with_email(tx, desk.vault.blind("email", typed))
        else:
            rows = await persons.with_phone(tx, desk.vault.blind("phone", typed))
        return {
            row.person.id: desk.open_person(row).name for row in rows if await helps_here(tx, row.person.id)
        }

    # --- she comes in

    async def whose(self, token: str) -> None:
        """Looks whether a link is still good, and does nothing. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.read() as tx:
            await self._owner(tx, token)

    async def sign_in(self, token: str, browser: str = "") -> str:
        """Uses the link up; the cookie of a new session. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.write() as tx:
            person = await self._owner(tx, token)
            await own_page.drop_link(tx, person)
            return await self.begin(tx, person, browser)

    async def begin(self, tx: Tx, person: PersonId, browser: str) -> str:
        """A new session of somebody who has shown who she is; its cookie."""
        desk = self._desk
        cookie = desk.random(COOKIE_BYTES).hex()
        await own_page.drop_old_sessions(tx, desk.now)
        await own_page.add_session(
            tx,
            OwnSession(
                id=links.session_hash(cookie),
                person_id=person,
                device=browser[:40],
                created_at=desk.now,
                last_seen=desk.now,
                expires_at=desk.now + IDLE_DAYS * links.DAY,
            ),
        )
        await desk.record(tx, volunteer_actor(person), "volunteer.signed_in", person_object(person))
        return cookie

    async def _owner(self, tx: Tx, token: str) -> PersonId:
        person = await own_page.link_owner(tx, links.sign_in_hash(token), self._desk.now) if token else None
        if person is None or not await helps_here(tx, person):
            raise links.closed_link()
        return person

    async def who(self, cookie: str) -> Actor | None:
        """Whose session it is; None for nobody's, one that has run out, and whoever does not help here any more."""
        if not cookie:
            return None
        desk = self._desk
        async with desk.db.read() as tx:
            found = await own_page.session(tx, links.session_hash(cookie))
            if found is None or found.expires_at <= desk.now or not await helps_here(tx, found.person_id):
                return None
        if desk.now - found.last_seen >= _TOUCH_SECONDS and not is_looking_only():
            async with desk.db.write() as tx:
                await own_page.seen(tx, found.id, at=desk.now, until=desk.now + IDLE_DAYS * links.DAY)
        return volunteer_actor(found.person_id)

    async def sign_out(self, cookie: str) -> None:
        """Ends this session; nothing for one that there is not."""
        async with self._desk.db.write() as tx:
            await own_page.end_session(tx, links.session_hash(cookie))

    # --- her devices

    async def devices(self, actor: Actor, cookie: str) -> Sequence[OwnDevice]:
        """Where she is signed in, the latest used first; ``cookie`` tells which of them asks."""
        async with self._desk.db.read() as tx:
            rows = await own_page.sessions_of(tx, hers(actor), self._desk.now)
            told = await push_devices.sessions_of(tx, hers(actor))
        here = links.session_hash(cookie)
        return [
            OwnDevice(
                id=row.id.hex(),
                browser=row.device,
                since=row.created_at,
                last_seen=row.last_seen,
                here=row.id == here,
                told=row.id in told,
            )
            for row in rows
        ]

    async def end_device(self, actor: Actor, device_id: str) -> None:
        """Signs her out there. Raises ``NotFound`` for another's, and for one that there is not."""
        person = hers(actor)
        async with self._desk.db.write() as tx:
            rows = await own_page.sessions_of(tx, person, self._desk.now)
            found = next((row for row in rows if row.id.hex() == device_id), None)
            if found is None:
                raise NotFound("no_device", N_("That one is signed out already."))
            await own_page.end_session(tx, found.id)
            await self._desk.record(tx, actor, "volunteer.device_ended", person_object(person))


def hers(actor: Actor) -> PersonId:
    """Whose page it is: of a volunteer who is signed in, and of nobody else. Raises ``NotAllowed``."""
    require(actor, Permission.OFFER)
    assert actor.id is not None
    return PersonId(actor.id)


async def helps_here(tx: Tx, person_id: str) -> bool:
    """Whether she has a page of her own: somebody kept away, stopped, gone or of another group has none."""
    held, volunteer = await persons.get(tx, person_id), await volunteers.get(tx, person_id)
    return (
        held is not None
        and held.person.state is PersonState.ACTIVE
        and held.person.merged_into is None
        and await persons.peer_of(tx, person_id) is None
        and volunteer is not None
        and volunteer.state in (VolunteerState.ACTIVE, VolunteerState.PAUSED)
    )
