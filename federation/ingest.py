"""The one way in: a page of a pull, a file from a USB stick and our own lines all come through
``Ingest.lines``."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

import orjson

from federation.policy import AllowList, Quota
from federation.ports import Clock, Peers
from federation.store import NeighbourhoodStore
from federation.store.rows import HeldPage, Position, SetHeld
from federation.store.schema import HEAD_SLOTS
from federation.verdicts import Outcome, PageJudge, Piece, Refusal, take_apart
from protocol import codec, head, register
from protocol.bundle import BadLine

_HEADS = frozenset(HEAD_SLOTS.values())
PAGE_LINES = 500
"""Lines judged and written at once; a longer input is cut into so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of the lines. Counts of lines, except where said otherwise."""

    accepted: int = 0
    hidden: int = 0
    """Kept and counted in the digest, but not shown."""
    same: int = 0
    """Held already, byte for byte."""
    older: int = 0
    expired: int = 0
    waiting: int = 0
    refused: tuple[Refusal, ...] = ()
    forked: tuple[str, ...] = ()
    """Origins that contradicted themselves."""
    complete: tuple[tuple[str, str], ...] = ()
    """(origin, set) that agree with their heads since this round."""
    incomplete: tuple[tuple[str, str], ...] = ()
    """(origin, set) that do not, although the round is over, and whose one full pull was not made yet."""

    @property
    def changed(self) -> bool:
        """Whether anything new is held."""
        return bool(self.accepted or self.hidden)


@dataclass(slots=True)
class _Round:
    """What one carrier brought since its last end of round."""

    touched: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) whose registers or head changed."""
    heads: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """SHA-256 of the heads that it told, as far as they are held."""
    behind: set[str] = field(default_factory=set)
    """Origins of which it lacks something itself."""

    def add(self, page: Iterable[Piece], held: HeldPage, outcome: Outcome, behind: Collection[str]) -> None:
        """One page more. What is kept of it grows with the origins that are held, not with what it says."""
        self.touched |= outcome.touched
        told = {
            hashlib.sha256(piece.line).digest()
            for piece in page
            if piece.key is not None and piece.key[1] in _HEADS
        }
        now = {pair: each.sha for pair, each in held.heads.items()}
        now |= {(each.origin, each.head.set): each.sha for each in outcome.batch.heads}
        self.heads |= {pair: sha for pair, sha in now.items() if sha in told}
        self.behind -= {origin for origin, _ in outcome.touched}
        self.behind |= {origin for origin, _ in now} & set(behind)

    def tells(self, one: SetHeld) -> bool:
        """Whether what is missing under this head is the carrier's to answer for: it told the very head, and
        claims to hold what that counts. Of a head from elsewhere it may know nothing yet."""
        pair = (one.head.origin, one.head.head.set)
        return self.heads.get(pair) == one.head.sha and one.head.origin not in self.behind


class Ingest:
    """Verifies, judges and writes lines; judges digests when a round is over."""

    def __init__(
        self,
        store: NeighbourhoodStore,
        peers: Peers,
        clock: Clock,
        *,
        quota: Quota | None = None,
    ) -> None:
        self._store = store
        self._peers = peers
        self._clock = clock
        self._quota = quota or Quota()
        self._one_page = asyncio.Lock()
        self._rounds: dict[str, _Round] = {}
        self._blocked: frozenset[str] | None = None

    async def lines(
        self,
        lines: Iterable[bytes | BadLine],
        *,
        via: str | None,
        end_of_round: bool,
        behind: Collection[str] = (),
        position: Position | None = None,
    ) -> IngestReport:
        """Takes lines in and says what became of each kind.

        ``via``: who carried them (an origin), or None for a file and our own; trust never follows from it.
        ``end_of_round``: the carrier has no more for now, so sets are held against their heads. ``behind``:
        origins of which it says that it lacks something itself, so that what is missing of them is no sign of a
        fault. ``position``
        is stored in the same transaction as the (last) page. Nothing in ``lines`` makes this raise.
        """
        carrier = via or ""
        numbered = enumerate(lines, 1)
        total = Outcome()
        page = await asyncio.to_thread(_next_page, numbered)
        last = False
        while not last:
            following = await asyncio.to_thread(_next_page, numbered)
            last = not following
            async with self._one_page:
                allow = await self.follow_policy()
                held = await self._store.held([piece.key for piece in page if piece.key is not None])
                judge = PageJudge(held, allow, now=self._clock.now(), quota=self._quota, via=carrier)
                outcome = await asyncio.to_thread(judge.run, page)
                if last:
                    outcome.batch.position = position
                await self._store.apply(outcome.batch)
            self._rounds.setdefault(carrier, _Round()).add(page, held, outcome, behind)
            _add(total, outcome)
            page = following
        settled = await self._settle(carrier) if end_of_round else {}
        return IngestReport(
            accepted=total.accepted,
            hidden=total.hidden,
            same=total.same,
            older=total.older,
            expired=total.expired,
            waiting=total.waiting,
            refused=tuple(total.refused),
            forked=tuple(sorted(total.forked)),
            complete=tuple(sorted(pair for pair, state in settled.items() if state == "complete")),
            incomplete=tuple(sorted(pair for pair, state in settled.items() if state == "incomplete")),
        )

    async def follow_policy(self) -> AllowList:
        """Takes over the host's list of peers: what is blocked is hidden from now on. Call it when the list
        changes."""
        allow = AllowList.of(self._store.own_origin or "", await self._peers.list())
        if allow.blocked != self._blocked:
            await self._store.block(allow.blocked)
            self._blocked = allow.blocked
        return allow

    def begins_again(self, carrier: str) -> None:
        """The carrier forgot how far we had read: it may hold less now than what it told before."""
        if (begun := self._rounds.get(carrier)) is not None:
            begun.heads.clear()
            begun.behind.clear()

    async def full_pull_made(self, pairs: Iterable[tuple[str, str]]) -> None:
        """The one full pull for the heads of these (origin, set) was made: no other until a new head
        comes."""
        held = await self._store.sets_held(set(pairs))
        await self._store.judged([replace(one.head, repaired=True) for one in held])

    async def new_day(self) -> None:
        """What is over goes out of sight, what waited for its day is shown. Run daily and at start."""
        await self._store.expire()
        today = self._clock.now().date()
        # A clock that ran ahead hides what is not over; when it is right again, so is this.
        for reason in ("date_not_yet", "expired_today"):
            due = [
                arrival
                for arrival, line in await self._store.hidden(reason)
                if register.hidden_reason(codec.read_line(line), today=today) != reason
            ]
            await self._store.unhide(due)

    async def _settle(self, carrier: str) -> dict[tuple[str, str], str]:
        """Holds every set touched since the last end of round against its head."""
        ended = self._rounds.pop(carrier, None) or _Round()
        others = {pair for each in self._rounds.values() for pair in each.touched}
        # Sets left unjudged by a stop in the middle of a round, and by nobody still at it.
        left = await self._store.unjudged() - others
        held = await self._store.sets_held(ended.touched | left)
        judged = await asyncio.to_thread(_judge_sets, held, ended)
        await self._store.judged(
            [replace(one.head, state=state) for one, state in judged if state != one.head.state]
        )
        for origin in sorted({origin for origin, _ in ended.touched}):
            await self._release(origin)
        return {
            (one.head.origin, one.head.head.set): state
            for one, state in judged
            if state != "incomplete" or (ended.tells(one) and not one.head.repaired)
        }

    async def _release(self, origin: str) -> None:
        """Shows what was over the quota, oldest first, as far as there is room again."""
        room = self._quota.live - (await self._store.origin(origin)).live
        if room <= 0:
            return
        over = await self._store.hidden("over_quota", origin=origin, limit=room)
        await self._store.unhide(
            [arrival for arrival, line in over if orjson.loads(line)["b"]["type"] == "summary"]
        )


def _next_page(numbered: Iterator[tuple[int, bytes | BadLine]]) -> list[Piece]:
    # Page by page, so that a long file is never in memory as objects all at once.
    return take_apart(islice(numbered, PAGE_LINES))


def _judge_sets(held: Iterable[SetHeld], ended: _Round) -> list[tuple[SetHeld, str]]:
    judged = []
    for one in held:
        # What was found incomplete stays so until it agrees.
        over = ended.tells(one) or one.head.state == "incomplete"
        # Staleness is told when reading, so the head is judged as of its own time here.
        state = head.state_of(one.head.head, one.entries, now=one.head.head.issued, round_over=over)
        judged.append((one, state))
    return judged


def _add(total: Outcome, page: Outcome) -> None:
    for name in ("accepted", "hidden", "same", "older", "expired", "waiting"):
        setattr(total, name, getattr(total, name) + getattr(page, name))
    total.refused += page.refused
    total.forked |= page.forked


__all__ = ["Ingest", "IngestReport", "Refusal"]
