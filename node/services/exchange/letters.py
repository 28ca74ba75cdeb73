"""Letters to and from neighbouring groups: sealed to one group, delivered at least once, acted on once.

What goes out is a row of the outbox, written together with the move that it tells of. What comes in is the work of
``services.letters_in``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from node.domain.actors import Actor
from node.domain.exchange.letters import (
    Letter,
)
from node.domain.exchange.referral import Way
from node.domain.permissions import Permission, may, require
from node.errors import N_, Conflict, NotFound
from node.logs import logger
from node.ports import Post
from node.services.desk import Desk
from node.services.exchange.delivery import Delivery, goes_though
from node.services.exchange.letters_in import Handler, LettersIn
from node.services.exchange.sealing import Prepared, Sealing
from node.store import away_tasks, inbox, outbox, peer_offers, peers, referrals
from node.store.db import Tx
from node.store.inbox import InboxRow
from node.store.outbox import OutboxRow
from node.vault import Compartment
from protocol import b64, direct
from protocol.limits import MESSAGE_DAYS, PUBLIC_KEY_BYTES

log = logger("letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A letter that came, from outside: nothing of what is in it."""

    kind: str | None
    """None of one that was not opened."""
    state: str
    """waiting, done or aside."""
    arrived_at: int
    """Unix seconds."""
    via: str
    """Who brought it."""
    reason: str | None
    """Why it waits though it was looked at, or was set aside: a code."""


class Letters:
    """Writes, sends, takes and opens letters. ``trusted``: whether the clock may be believed now."""

    def __init__(
        self,
        desk: Desk,
        sealing: Sealing,
        post: Post,
        *,
        trusted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._desk = desk
        self._sealing = sealing
        self._post = post
        self._trusted = trusted
        self._delivery = Delivery(desk, sealing, post, trusted=trusted)
        self._in = LettersIn(desk, sealing, post, trusted=trusted)
        self._in.on("rekey", self._rekey)

    # --- writing

    async def prepare(
        self,
        to: str,
        kind: str,
        *,
        need: str | None,
        content: Mapping[str, Any],
        expires_days: int = MESSAGE_DAYS,
        person: str | None = None,
    ) -> Prepared:
        """A letter sealed to the box key that ``to`` told in its profile; one that only closes something, to the last
        one we used, where the profile fell with the end of the talks. Works while locked.

        ``person``: whose details are inside; erasing them takes what is left of the letter along. Raises
        ``Conflict``: ``not_a_neighbour``, ``no_box_key``, ``letter_too_long``, ``bad_letter``.
        """
        who = await self._post.correspondent(to)
        if who.state not in ("allowed", "paused") and not goes_though(who.state, kind):
            raise Conflict("not_a_neighbour", N_("That group is not among our neighbouring groups now."))
        box_key = who.box_key
        if box_key is None and goes_though("left", kind):
            async with self._desk.db.read() as tx:
                box_key = await peers.box_key(tx, to)
        if box_key is None:
            raise Conflict(
                "no_box_key",
                N_("%(name)s has not told us yet how to write to it. Talk with it first, or ring."),
                name=who.name,
            )
        return await self._sealing.prepare(
            to=to,
            box_key=box_key,
            kind=kind,
            need=need,
            content=content,
            expires=self._desk.protocol_day + timedelta(days=min(max(expires_days, 1), MESSAGE_DAYS)),
            person_id=person,
        )

    async def put(self, tx: Tx, prepared: Prepared) -> str:
        """Puts the letter into the outbox inside the caller's own write, so that a move and its message are one;
        gives its id."""
        await self._sealing.put(tx, prepared)
        return prepared.id

    async def deliver_due(self) -> int:
        """One try for every letter whose time has come; how many came further. A job."""
        return await self._delivery.due()

    async def collect(self) -> int:
        """Takes what hubs keep for us, and opens it if the records are open; how many letters came. A job."""
        taken = await self._delivery.collect(self.take)
        await self.open_waiting()
        return taken

    # --- what stands where

    async def outbox(self, actor: Actor, *, peer: str | None = None, limit: int = 200) -> Sequence[OutboxRow]:
        """The latest letters with their tries, next try and last answer, the latest first."""
        _may_see(actor)
        async with self._desk.db.read() as tx:
            return await outbox.listed(tx, peer, limit)

    async def set_aside(self, actor: Actor, *, limit: int = 200) -> Sequence[InboxRow]:
        """Letters that nothing was done with, and why; the latest first."""
        _may_see(actor)
        async with self._desk.db.read() as tx:
            return await inbox.set_aside(tx, limit)

    async def came(self, actor: Actor, origin: str, *, limit: int = 200) -> Sequence[Came]:
        """Letters of that group, and unopened ones that it brought, whatever became of them; the latest first."""
        _may_see(actor)
        async with self._desk.db.read() as tx:
            rows = await inbox.of_group(tx, origin, limit)
        return [
            Came(
                kind=row.kind,
                state=row.state,
                arrived_at=row.arrived_at,
                via=row.via,
                reason=row.reason if row.state != "done" else None,
            )
            for row in rows
        ]

    async def release(self, actor: Actor, letter_id: str | None = None) -> int:
        """After a restore: one held letter, or all, is sent after all. Returns how many."""
        _may_decide(actor)
        async with self._desk.db.write() as tx:
            released = await outbox.release(tx, letter_id, self._desk.now)
            if letter_id is not None and not released:
                raise NotFound("no_such_letter", N_("There is no such message that waits for you."))
            await self._desk.record(
                tx, actor, "letter.release", f"letter:{letter_id or 'all'}", count=released
            )
        return released

    async def drop(self, actor: Actor, letter_id: str) -> None:
        """A letter is not sent any more. One that is out already cannot be called back."""
        _may_decide(actor)
        async with self._desk.db.write() as tx:
            if not await outbox.end(tx, letter_id, state="ended", answer="dropped"):
                raise NotFound("no_such_letter", N_("There is no such message that waits for you."))
            await self._desk.record(tx, actor, "letter.drop", f"letter:{letter_id}")

    # --- what comes in

    async def take(self, sealed: bytes, *, via: str) -> str:
        """``LettersIn.take``."""
        return await self._in.take(sealed, via=via)

    async def still_heard(self, origin: str) -> bool:
        """Whether a task or a request of that group is with us, so that it may have something to revoke, or it owes us
        a ``deleted``."""
        async with self._desk.db.read() as tx:
            return (
                await away_tasks.lies_here(tx, origin)
                or any(each.way is Way.IN for each in await referrals.going_on(tx, origin))
                or await peer_offers.lies_there(tx, origin)
                or await referrals.lies_there(tx, origin)
            )

    def on(self, kind: str, handler: Handler) -> None:
        """``LettersIn.on``."""
        self._in.on(kind, handler)

    async def open_waiting(self) -> int:
        """``LettersIn.open_waiting``."""
        return await self._in.open_waiting()

    async def on_unlock(self, compartment: Compartment) -> None:
        """What came while locked is opened at the next sign-in."""
        if compartment is Compartment.PEOPLE:
            await self.open_waiting()

    async def tidy(self) -> None:
        """What is over goes; only by a clock that may be believed. A job.

        A letter that came in time and waits for somebody to sign in is never over: its writer knows it delivered.
        """
        if not self._trusted():
            return
        today = self._desk.protocol_day
        async with self._desk.db.write() as tx:
            await outbox.expire(tx, today)
            # A day more than the message's own: until then the very same one might be brought again.
            await inbox.forget(tx, today - timedelta(days=1))
            await outbox.forget(tx, today - timedelta(days=60))

    async def _rekey(self, tx: Tx, letter: Letter) -> None:
        """They cannot open what we sent: the same letters again, for the box key that they tell now."""
        box_key = b64.decode(letter.content["box_key"], PUBLIC_KEY_BYTES)
        for letter_id in letter.content["ids"]:
            row = await outbox.get(tx, letter_id)
            if row is None or row.peer != letter.sender or row.copy_sealed is None:
                continue
            if row.box == direct.box_id(box_key):
                continue  # it is sealed to that one
            box, message = await self._sealing.seal_again(tx, row, box_key)
            await outbox.sealed_again(tx, row.id, box=box, message_sealed=message, now=self._desk.now)


def _may_see(actor: Actor) -> None:
    if not may(actor, Permission.READ_BOARD):
        require(actor, Permission.PEERS)


def _may_decide(actor: Actor) -> None:
    if not may(actor, Permission.PEERS):
        require(actor, Permission.DISPATCH)
