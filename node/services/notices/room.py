"""The group's own chat room: told of a request when a coordinator presses, or, if an admin wants that, of what is for
today by itself. Several go in one message; what is over by then is left out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from node.domain.actors import Actor
from node.domain.dispatch.wave import out_of_quiet
from node.domain.ids import NeedId
from node.domain.need import Need, Urgency
from node.domain.notices.answers import Outcome, Refusal, outcome
from node.domain.notices.chat import is_address
from node.domain.notices.fits import is_urgent
from node.domain.notices.notice import State
from node.domain.notices.room import LASTS, MOST_AT_ONCE, SETTLES, WAITS_IN, Blocked, Post, blocked
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, Misconfigured, moved_on
from node.logs import logger
from node.services.desk import Desk, need_object
from node.services.intake.places import AreaName, Places
from node.services.notices import gateways
from node.services.notices.carrying import Refused
from node.services.notices.letter import Want
from node.services.notices.patience import Patience
from node.store import needs, rooms, settings
from node.store.db import Tx
from node.store.rooms import RoomRow
from node.vault import Compartment

log = logger("room")
_TABLE = "chat_room"
_URGENCY = {urgency: place for place, urgency in enumerate(Urgency)}
NOT_KNOWN = N_("Apprise does not understand this address. Compare it with its page about that service.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomWant:
    """One request as the room reads of it: less than a map tells."""

    want: Want
    area: AreaName | None
    """None where no place file says it."""
    helpers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLetter:
    """One message: codes, and one link, to where whoever helps signs in."""

    language: str
    """The group's own: a room has no other."""
    group: str
    wants: tuple[RoomWant, ...]
    link: str


class RoomWriter(Protocol):
    """Puts it into words; the pages' room has the catalogues."""

    def room(self, letter: RoomLetter) -> str:
        """As it stands in the chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """As it is set, without its address."""

    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomStanding:
    """How it stands with one request, for its page."""

    state: State | None
    """None: the room was told nothing of it."""
    at: int
    """When it goes, or was made (Unix seconds)."""
    answer: str
    can_take_back: bool


class Room:
    """``writer`` comes with the pages (``speaks``): before, nothing is sent."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places
        self._writer: RoomWriter | None = None
        self._patience = Patience(desk.random)
        self._one = asyncio.Lock()

    def speaks(self, writer: RoomWriter) -> None:
        """Who puts messages into words from now on."""
        self._writer = writer

    # --- set by an admin

    async def shown(self, actor: Actor) -> RoomView | None:
        """As it is set."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.read() as tx:
            held = await rooms.get(tx)
        return None if held is None else RoomView(urgent=held.urgent)

    async def change(self, actor: Actor, url: str, *, urgent: bool) -> None:
        """Sets it; an empty address keeps the one that is set. Raises ``Invalid`` (field ``url``)."""
        require(actor, Permission.SETTINGS)
        desk = self._desk
        async with desk.db.read() as tx:
            held = await rooms.get(tx)
        if url or held is None:
            if not is_address(url) or not await asyncio.to_thread(gateways.speaks, url):
                raise Invalid("chat_room", N_("Something here cannot be right."), fields={"url": NOT_KNOWN})
            sealed = desk.vault.seal(Compartment.PEOPLE, _TABLE, rooms.ROW, {"url": url})
        else:
            sealed = held.sealed
        async with desk.db.write() as tx:
            await rooms.put(tx, RoomRow(urgent=urgent, sealed=sealed))
            await desk.record(tx, actor, "room.set", "group", urgent=int(urgent))
        self._patience.ends()

    async def take_out(self, actor: Actor) -> None:
        """Nothing goes to a room any more."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            if await rooms.take_out(tx):
                await self._desk.record(tx, actor, "room.off", "group")

    async def try_it(self, actor: Actor, text: str) -> Refusal | None:
        """Says that to the room, now; None when the service took it, else what it said. Raises ``Locked``."""
        require(actor, Permission.SETTINGS)
        desk, refusal = self._desk, None
        async with desk.db.read() as tx:
            url = await self._opened(tx)
        if url is None:
            raise Invalid("chat_room", N_("Set up the room first."))
        try:
            await gateways.post_to_chat(url, text)
        except Refused as refused:
            refusal = refused.refusal
        async with desk.db.write() as tx:
            await desk.record(tx, actor, "room.tried", "group", answer=refusal.answer if refusal else "taken")
        return refusal

    # --- by a coordinator

    async def of_need(self, actor: Actor, need: Need) -> RoomStanding | None:
        """For the page of that request; None where there is no room, or nothing to say and to press."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            if await rooms.get(tx) is None:
                return None
            post = await rooms.post_of(tx, need.id, need.round)
        if post is None:
            if blocked(need):
                return None
            return RoomStanding(state=None, at=0, answer="", can_take_back=False)
        waits = post.state is State.WAITING
        return RoomStanding(
            state=post.state,
            at=post.due if waits else post.created_at,
            answer=post.answer,
            can_take_back=waits and not post.tries,
        )

    async def tell(self, actor: Actor, need_id: NeedId) -> None:
        """The room is told of it in a minute. Works while locked. Raises ``Conflict`` (``no_room``, ``room_told``,
        ``not_for_room``), ``NotFound``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            need = (await desk.need_row(tx, need_id)).need
            if await rooms.get(tx) is None:
                raise Conflict("no_room", N_("No chat room is set up."))
            if (why := blocked(need)) is not None:
                raise Conflict("not_for_room", WHY_NOT[why])
            held = await rooms.post_of(tx, need.id, need.round)
            if held is not None and held.state in (State.WAITING, State.SENT):
                raise Conflict("room_told", N_("The room knows of it already: somebody else was quicker."))
            await self._put(tx, need, desk.now + SETTLES)
            await desk.record(tx, actor, "need.room", need_object(need.id))

    async def not_after_all(self, actor: Actor, need_id: NeedId) -> None:
        """Taken back before it went. Raises ``Conflict("moved_on")``, ``NotFound``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        async with desk.db.write() as tx:
            need = (await desk.need_row(tx, need_id)).need
            if not await rooms.take_back(tx, need.id, need.round):
                raise moved_on()
            await desk.record(tx, actor, "need.room_back", need_object(need.id))

    # --- by the clock

    async def find(self) -> int:
        """Where an admin wants that: requests for today of which the room was told nothing; how many. Not those that a
        coordinator keeps here. Works while locked."""
        desk = self._desk
        async with desk.db.read() as tx:
            held = await rooms.get(tx)
            if held is None or not held.urgent:
                return 0
            quiet = await settings.get(tx, settings.QUIET_FROM), await settings.get(tx, settings.QUIET_UNTIL)
            found = []
            for row in await needs.in_states(tx, tuple(WAITS_IN)):
                need = row.need
                if need.keep_here or blocked(need) or not is_urgent(need, desk.today):
                    continue
                if await rooms.post_of(tx, need.id, need.round) is None:
                    found.append(need)
        if not found:
            return 0
        due = out_of_quiet(desk.now + SETTLES, *quiet, desk.zone)
        async with desk.db.write() as tx:
            many = 0
            for need in found:
                if await rooms.post_of(tx, need.id, need.round) is None:
                    await self._put(tx, need, due)
                    many += 1
        return many

    async def deliver(self) -> int:
        """One message with all that is due; of how many requests the room was told. Raises ``Locked`` when something
        waits and the room's address cannot be read."""
        desk = self._desk
        async with self._one:
            await self._give_up_old()
            if self._patience.waits(desk.now):
                return 0
            async with desk.db.read() as tx:
                posts = await rooms.due(tx, desk.now, MOST_AT_ONCE)
                url = await self._opened(tx) if posts else None
                base = await settings.get(tx, settings.PUBLIC_URL)
                if url is None or not base:
                    return 0
                still = [(post, need) for post in posts if (need := await self._still(tx, post)) is not None]
                letter = await self._letter(tx, [need for _, need in still], base)
            going = [post for post, _ in still]
            async with desk.db.write() as tx:
                for post in posts:
                    if post not in going:
                        await rooms.note(tx, post, State.SUPPRESSED, "moved_on")
                going = [post for post in going if await rooms.begin_try(tx, post)]
            # Who took one back in this very moment is answered; the next turn writes the others anew.
            return await self._say(url, letter, going) if len(going) == len(still) and going else 0

    async def _say(self, url: str, letter: RoomLetter, posts: Sequence[Post]) -> int:
        desk, refusal = self._desk, None
        if self._writer is None:
            raise Misconfigured("no_words", "Messages are written by a running node only.")
        try:
            await gateways.post_to_chat(url, self._writer.room(letter))
        except Refused as refused:
            refusal = refused.refusal
            log.warning("room", answer=refusal.answer)
            self._patience.refused(desk.now)
        else:
            self._patience.answered()
        async with desk.db.write() as tx:
            for post in posts:
                if refusal is None:
                    await rooms.note(tx, post, State.SENT, "")
                elif outcome(refusal) in (Outcome.LATER, Outcome.ALL_LATER):
                    at = self._patience.again_at(desk.now, post.tries, refusal)
                    await rooms.note(tx, post, State.WAITING, refusal.answer, due=at)
                else:
                    await rooms.note(tx, post, State.FAILED, refusal.answer)
        return 0 if refusal else len(posts)

    async def _still(self, tx: Tx, post: Post) -> Need | None:
        row = await needs.get(tx, post.need_id)
        if row is None or row.need.round != post.round or blocked(row.need):
            return None
        return row.need

    async def _letter(self, tx: Tx, wanted: Sequence[Need], base: str) -> RoomLetter:
        areas = await self._places.area_names(need.cell for need in wanted if need.cell)
        return RoomLetter(
            language=await settings.get(tx, settings.LANGUAGE),
            group=await settings.get(tx, settings.GROUP_NAME),
            wants=tuple(
                RoomWant(want=Want.of(need), area=areas.get(need.cell or ""), helpers=need.helpers)
                for need in sorted(wanted, key=lambda each: (_URGENCY[each.urgency], each.category, each.id))
            ),
            link=f"{base}/my",
        )

    async def _put(self, tx: Tx, need: Need, due: int) -> None:
        post = Post(
            need_id=need.id,
            round=need.round,
            state=State.WAITING,
            due=due,
            ends=due + LASTS,
            created_at=self._desk.now,
        )
        await rooms.put_post(tx, post)

    async def _give_up_old(self) -> None:
        desk = self._desk
        async with desk.db.read() as tx:
            if not await rooms.any_old(tx, desk.now):
                return
        async with desk.db.write() as tx:
            await rooms.give_up_old(tx, desk.now)

    async def _opened(self, tx: Tx) -> str | None:
        held = await rooms.get(tx)
        if held is None:
            return None
        return str(self._desk.vault.open(Compartment.PEOPLE, _TABLE, rooms.ROW, held.sealed)["url"])


WHY_NOT = {
    Blocked.PRIVATE: N_("This kind of help stays with us: nothing of it goes to a chat."),
    Blocked.NOBODY_LOOKED_FOR: N_("Nobody is looked for here just now."),
}
