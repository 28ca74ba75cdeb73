"""Letters that come in: kept sealed until the records are open; then a handler runs in the very write that marks the
letter as acted on.

Nobody who brings letters, and nobody who writes them, takes the room of another: see ``MOST_WAITING``,
``MOST_OF_WRITER`` and ``MOST_ASIDE``.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from node.domain.exchange.letters import (
    BLOCKED,
    DELETES,
    KEPT,
    LATER,
    MOST_ASIDE,
    MOST_FAULTS,
    MOST_KEPT,
    MOST_OF_WRITER,
    MOST_SHUT,
    MOST_WAITING,
    RECEIPT,
    SHUT,
    TIME_AHEAD_SECONDS,
    UNSURE_SECONDS,
    Letter,
)
from node.errors import DiskFull, Locked, MutualAidError
from node.logs import logger
from node.ports import NotTaken, Post
from node.services.desk import Desk
from node.services.exchange.sealing import Sealing
from node.store import box_keys, inbox, mailbox, outbox, peer_offers, referrals, settings
from node.store.db import Tx
from node.store.inbox import InboxRow
from protocol import direct
from protocol.errors import ProtocolError
from protocol.identity import public_of
from protocol.limits import MESSAGE_AHEAD_DAYS

log = logger("letters")
Handler = Callable[[Tx, Letter], Awaitable[None]]


class _Aside(Exception):
    """Nothing will ever be done with this letter."""

    def __init__(self, reason: str, letter: Letter | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.letter = letter
        """Given where its signature fitted."""


class _Later(Exception):
    """It cannot be acted on now."""

    def __init__(self, reason: str, writer: str, letter: Letter | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.writer = writer
        """Who is said to have written it."""
        self.letter = letter
        """Given where its signature fitted."""


class LettersIn:
    """Takes letters and opens them. ``trusted``: whether the clock may be believed now."""

    def __init__(self, desk: Desk, sealing: Sealing, post: Post, *, trusted: Callable[[], bool]) -> None:
        self._desk = desk
        self._sealing = sealing
        self._post = post
        self._trusted = trusted
        self._handlers: dict[str, Handler] = {}
        self._opening = asyncio.Lock()
        self._looked_back = False

    async def take(self, sealed: bytes, *, via: str) -> str:
        """Keeps a sealed letter: ``taken``, or ``seen`` if the very same one came before. Works while locked.

        ``via``: who brought it. Raises :class:`NotTaken`: unreadable, not_for_us, expired, expires_too_far,
        box_key_unknown, full.
        """
        try:
            header = direct.read(sealed).header
        except ProtocolError as fault:
            raise NotTaken("too_large" if fault.code == "too_long" else "unreadable") from fault
        sha = hashlib.sha256(sealed).digest()
        desk = self._desk
        days = [desk.protocol_day] if self._trusted() else []
        async with desk.db.read() as tx:
            if header.to != await settings.get(tx, settings.ORIGIN):
                raise NotTaken("not_for_us")
            if await inbox.held(tx, sha):
                return "seen"
            if (at := await settings.get(tx, settings.TRUSTED_AT)) is not None:
                days.append(datetime.fromtimestamp(at, UTC).date())
        if any(header.expires <= day for day in days):
            raise NotTaken("expired")
        if self._trusted() and header.expires > desk.protocol_day + timedelta(days=MESSAGE_AHEAD_DAYS):
            raise NotTaken("expires_too_far")
        # What was opened and waits for the end of a pause does not keep out a letter that takes details back.
        async with desk.db.read() as tx:
            many = await inbox.count_waiting(tx, via, unopened=True)
        shut = many >= MOST_SHUT and (await self._post.correspondent(via)).state in SHUT
        async with desk.db.write() as tx:
            if await box_keys.get(tx, header.box) is None:
                raise NotTaken("box_key_unknown")
            if shut or await inbox.count_waiting(tx, via) >= MOST_WAITING:
                raise NotTaken("full", retry_after=LATER)
            fresh = await inbox.take(
                tx,
                InboxRow(
                    sha=sha,
                    id=header.id,
                    via=via,
                    box=header.box,
                    expires=header.expires,
                    state="waiting",
                    arrived_at=desk.now,
                    message_sealed=sealed,
                ),
            )
        return "taken" if fresh else "seen"

    def on(self, kind: str, handler: Handler) -> None:
        """``handler(tx, letter)`` runs for each letter of that kind in the write that marks it as acted on: what it
        does and the mark are one. It may write and put answers into the outbox, and must not open a write of its
        own. A ``MutualAidError`` sets the letter aside under its code."""
        self._handlers[kind] = handler

    async def open_waiting(self) -> int:
        """Opens what waits, in the order it came; how many were acted on. Nothing happens while locked."""
        desk, acted = self._desk, 0
        if not desk.unlocked:
            return 0
        async with self._opening:
            if not self._looked_back:
                async with desk.db.write() as tx:
                    await inbox.wait_again(tx, sorted(KEPT))
                self._looked_back = True
            async with desk.db.read() as tx:
                rows = await inbox.waiting(tx)
            for row in rows:
                if row.opened_at is not None and 0 <= desk.now - row.opened_at < LATER:
                    continue
                try:
                    acted += await self._act(row)
                except Locked:
                    break
        return acted

    async def _act(self, row: InboxRow) -> bool:
        desk, letter = self._desk, None
        try:
            letter = await self._opened(row)
            handler = self._handlers.get(letter.kind)
            if handler is None:
                raise _Aside("unknown_kind", letter)
            async with desk.db.write() as tx:
                if not await inbox.still_waits(tx, row.sha):
                    return False
                if await inbox.acted_on(tx, letter.sender, letter.id):
                    raise _Aside("again", letter)
                await handler(tx, letter)
                await inbox.done(tx, row.sha, sender=letter.sender, kind=letter.kind, now=desk.now)
                await self._answered(tx, letter)
        except _Aside as aside:
            await self._put_aside(row, aside.reason, aside.letter)
        except _Later as later:
            await self._wait(row, later)
        except (Locked, DiskFull):
            raise
        except MutualAidError as refused:
            await self._put_aside(row, refused.code, letter)
        except Exception:
            log.exception("letter_failed")
            async with desk.db.write() as tx:
                tries = await inbox.tried(tx, row.sha, "handler_failed", now=desk.now)
            if tries >= MOST_FAULTS:
                await self._put_aside(row, "handler_failed", letter)
        else:
            return True
        return False

    async def _opened(self, row: InboxRow) -> Letter:
        """The letter inside, from a group that may write to us. Raises ``Locked``, _Aside, _Later."""
        desk = self._desk
        assert row.message_sealed is not None
        try:
            async with desk.db.read() as tx:
                opened = await self._sealing.open_(tx, row.message_sealed)
        except ProtocolError as fault:
            raise _Aside(fault.code) from fault
        inside = opened.letter
        # The writer stands inside only, so this is as early as it can be known. Nothing of it is kept.
        who = await self._post.correspondent(inside.sender)
        heard = who.state in SHUT and (inside.type == DELETES or await self._receipt(inside))
        if who.state not in ("allowed", "paused", "blocked") and not heard:
            raise _Aside(f"sender_{who.state}")
        try:
            if who.op_key is None:
                raise ProtocolError("keys_unknown")
            direct.verify(opened, public_of(who.op_key))
        except ProtocolError as fault:
            if desk.now - row.arrived_at < UNSURE_SECONDS:
                raise _Later(fault.code, inside.sender) from fault
            raise _Aside(fault.code) from fault
        letter = Letter(
            id=row.id,
            kind=inside.type,
            sender=inside.sender,
            need=inside.need,
            time=inside.time,
            content=inside.content,
        )
        if who.state == "blocked" and not heard:
            raise _Aside(BLOCKED, letter)
        if who.state == "paused" and not heard:
            raise _Later("sender_paused", inside.sender, letter)
        if inside.unknown_crit:
            raise _Aside("unknown_crit", letter)
        if self._trusted() and inside.time > desk.now + TIME_AHEAD_SECONDS:
            raise _Aside("time_ahead", letter)
        return letter

    async def _receipt(self, inside: direct.Letter) -> bool:
        """Whether it says that they deleted what we took back, and had not said so yet."""
        helper, ref = inside.content.get("helper"), inside.content.get("ref")
        if inside.type != RECEIPT:
            return False
        async with self._desk.db.read() as tx:
            if ref is not None:
                return await referrals.lies_there(tx, inside.sender, str(ref))
            if inside.need is None or helper is None:
                return False
            return await peer_offers.lies_there(tx, inside.sender, inside.need, str(helper))

    async def _answered(self, tx: Tx, letter: Letter) -> None:
        """A letter that answers one of ours says that ours arrived: our copy of it goes."""
        answered = letter.content.get("re")
        row = await outbox.get(tx, answered) if isinstance(answered, str) else None
        if row is not None and row.peer == letter.sender:
            await outbox.end(tx, row.id, state="delivered", answer="answered")
            if row.via == await settings.get(tx, settings.ORIGIN):
                await mailbox.done(tx, row.peer, [row.id])  # nor does our own box of theirs need it

    async def _wait(self, row: InboxRow, later: _Later) -> None:
        """It goes on waiting, unless too many of that writer, by that carrier, do."""
        async with self._desk.db.write() as tx:
            others = await inbox.count_waiting(tx, row.via, writer=later.writer, but=row.sha)
            if others < MOST_OF_WRITER:
                await inbox.tried(tx, row.sha, later.reason, now=self._desk.now, writer=later.writer)
                return
        await self._put_aside(row, "too_many", later.letter)

    async def _put_aside(self, row: InboxRow, reason: str, letter: Letter | None) -> None:
        log.warning("letter_aside", reason=reason, via=row.via)
        sender = letter.sender if letter else None
        async with self._desk.db.write() as tx:
            keep = reason in KEPT and sender is not None and await inbox.kept(tx, sender) < MOST_KEPT
            await inbox.put_aside(
                tx,
                row.sha,
                reason,
                now=self._desk.now,
                sender=sender,
                kind=letter.kind if letter else None,
                keep=keep,
            )
            await inbox.forget_aside(tx, row.via, MOST_ASIDE)
