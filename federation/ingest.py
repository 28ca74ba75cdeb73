"""The one way in: a page of a pull, a file from a USB stick and our own lines all come through
``Ingest.lines``."""

import asyncio
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import orjson

from federation.allowances import OVER_CHANGES, as_of
from federation.doorkeeper import Doorkeeper
from federation.outcome import Outcome, Refusal
from federation.pieces import Cutter, Piece
from federation.policy import AllowList, Quota
from federation.ports import Clock, Peers
from federation.store import NeighbourhoodStore
from federation.store.rows import HeldHead, HeldPage, Key, Position, SetHeld
from federation.store.schema import FAREWELL_SLOT, HEAD_SLOTS
from federation.verdicts import PageJudge
from federation.wholes import worth_reading
from protocol import codec, head, register
from protocol.bundle import BadLine
from protocol.head import Entry

TOO_FAR = ("epoch_too_far", "asof_too_far")
"""Codes of heads that may be taken on another day."""
_HEADS = {slot: name for name, slot in HEAD_SLOTS.items()}


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
    """The first lines that were not taken: REFUSALS_KEPT of either kind."""
    refused_lines: int = 0
    """Lines that are not as they should be."""
    passed_over: int = 0
    """Lines of origins that our list does not allow now: no fault of whoever brought them."""
    rolled_back: tuple[tuple[str, str], ...] = ()
    """(origin, set) of every head below the one held: whoever brought it is behind, or wants us to be."""
    forked: tuple[str, ...] = ()
    """Origins that contradicted themselves."""
    complete: tuple[tuple[str, str], ...] = ()
    """(origin, set) that agree with their heads since this round."""
    incomplete: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    """(origin, set) that do not, although the round is over, and whose one repair was not tried yet; with SHA-256 of
    the head that they were held against."""

    @property
    def changed(self) -> bool:
        """Whether anything new is held."""
        return bool(self.accepted or self.hidden)


@dataclass(slots=True)
class _Round:
    """What one carrier brought since its last end of round."""

    touched: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) whose registers or head changed."""
    whole: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) that changed as well, and agree with their heads already."""
    heads: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """SHA-256 of the heads that it told, as far as they are held."""
    behind: set[str] = field(default_factory=set)
    """Origins of which it lacks something itself."""

    def add(self, page: Iterable[Piece], held: HeldPage, outcome: Outcome, behind: Collection[str]) -> None:
        """One page more. What is kept of it grows with the origins that are held, not with what it says."""
        self.touched |= outcome.touched
        self.whole -= outcome.touched
        self.touched -= outcome.whole
        self.whole |= outcome.whole
        told = {
            hashlib.sha256(piece.line).digest()
            for piece in page
            if piece.key is not None and piece.key[1] in _HEADS
        }
        now = {pair: each.sha for pair, each in held.heads.items()}
        now |= {(each.origin, each.head.set): each.sha for each in outcome.batch.heads}
        self.heads |= {pair: sha for pair, sha in now.items() if sha in told}
        # A signed head that we may not take yet says that what the older one counts is over.
        ahead = {refusal.line_no for refusal in outcome.refused if refusal.code in TOO_FAR}
        for piece in page:
            if piece.number in ahead and piece.key is not None and piece.key[1] in _HEADS:
                self.heads.pop((piece.key[0], _HEADS[piece.key[1]]), None)
        # Whoever tells a head anew, and is no longer behind with it, claims to hold what it counts by now.
        self.behind -= {pair[0] for pair in (*outcome.touched, *(each for each in now if now[each] in told))}
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
        self._doorkeeper = Doorkeeper(store, peers, clock)
        self._clock = clock
        self._quota = quota or Quota()
        self._one_page = asyncio.Lock()
        self._rounds: dict[str, _Round] = {}
        # (origin, set) -> the head's hash and the carriers that were asked under it in vain; see `tried`
        self._tried: dict[tuple[str, str], tuple[bytes, set[str]]] = {}

    async def lines(
        self,
        lines: Iterable[bytes | BadLine],
        *,
        via: str | None,
        end_of_round: bool,
        behind: Collection[str] = (),
        position: Position | None = None,
        apart: bool = False,
        first: int = 1,
    ) -> IngestReport:
        """Takes lines in and says what became of each kind.

        ``via``: who carried them (an origin), or None for a file and our own; trust never follows from it.
        ``end_of_round``: the carrier has no more for now, so sets are held against their heads. ``behind``:
        origins of which it says that it lacks something itself, so that what is missing of them is no sign of a
        fault. ``position``
        is stored in the same transaction as the (last) page. ``apart``: it is no part of the round that may be going
        on with the same carrier. ``first``: the number of the first line, where others stand before it. Nothing in
        ``lines`` makes this raise.
        """
        carrier = via or ""
        talk = f"apart {carrier}" if apart else carrier
        cutter = Cutter(lines, first)
        total = Outcome()
        page = await asyncio.to_thread(cutter.next)
        last = False
        while not last:
            async with self._one_page:
                allow = await self._doorkeeper.follow()
                held = await self._store.held(_looked_up(page))
                if pairs := worth_reading(page, held):
                    held = replace(held, sets=await self._sets(pairs, held))
                judge = PageJudge(held, allow, now=self._clock.now(), quota=self._quota, via=carrier)
                # In one trip to a thread: what this page comes to, and the next one.
                outcome, following = await asyncio.to_thread(_judged, judge, page, cutter)
                last = not following
                if last:
                    outcome.batch.position = position
                # Noted first: whoever ends a round while this is being written must know that it is under way.
                self._rounds.setdefault(talk, _Round()).add(page, held, outcome, behind)
                await self._store.apply(outcome.batch)
            total.add(outcome)
            page = following
        settled = await self._settle(talk) if end_of_round else {}
        if end_of_round:
            await self.follow_policy()  # a vouch may have ended
        return IngestReport(
            accepted=total.accepted,
            hidden=total.hidden,
            same=total.same,
            older=total.older,
            expired=total.expired,
            waiting=total.waiting,
            refused=tuple(total.refused),
            refused_lines=total.refused_lines,
            passed_over=total.passed_over,
            rolled_back=tuple(total.rolled_back),
            forked=tuple(sorted(total.forked)),
            complete=tuple(sorted(pair for pair, (state, _) in settled.items() if state == "complete")),
            incomplete={pair: sha for pair, (state, sha) in settled.items() if state == "incomplete"},
        )

    async def _sets(
        self, pairs: Collection[tuple[str, str]], held: HeldPage
    ) -> Mapping[tuple[str, str], Sequence[Entry]]:
        """What is held of these sets; nobody is asked about origins of which nothing is held."""
        old = {pair for pair in pairs if held.origins[pair[0]].number}
        return dict.fromkeys(pairs, ()) | (await self._store.registers(old) if old else {})

    async def follow_policy(self) -> AllowList:
        """Takes over the host's list of peers and what hubs vouch for: see ``Doorkeeper.follow``. A change waits
        for the page that is being written."""
        allow = await self._doorkeeper.unchanged()
        if allow is not None:
            return allow
        async with self._one_page:
            return await self._doorkeeper.follow()

    def begins_again(self, carrier: str) -> None:
        """The carrier forgot how far we had read: it may hold less now than what it told before."""
        if (begun := self._rounds.get(carrier)) is not None:
            begun.heads.clear()
            begun.behind.clear()

    def tried(self, pair: tuple[str, str], sha: bytes) -> frozenset[str]:
        """By whom an (origin, set) was to be mended under this head, in vain, since this process began."""
        head, carriers = self._tried.get(pair, (b"", set()))
        return frozenset(carriers) if head == sha else frozenset()

    def repair_tried(self, pair: tuple[str, str], sha: bytes, carrier: str) -> None:
        """The one repair by this carrier was tried: it is not asked again until a new head comes. Others who tell this
        head are: else whoever leaves something out, and is quicker than all others, would keep them from bringing
        it."""
        self._tried[pair] = (sha, {*self.tried(pair, sha), carrier})

    async def judge(self, pair: tuple[str, str]) -> str:
        """Holds one set against its head now, without blaming anybody: gives its state, or nothing without a
        head."""
        held = await self._store.sets_held({pair})
        states = ""
        for one, state in await asyncio.to_thread(_judge_sets, held, _Round()):
            states = state
            if state != one.head.state:
                await self._store.judged([replace(one.head, state=state)])
        return states

    async def new_day(self) -> None:
        """What is over goes out of sight, what waited for its day or a new allowance is shown. Run daily and at
        start."""
        await self._store.expire()
        await self.follow_policy()
        today = self._clock.now().date()
        # A clock that ran ahead hides what is not over; when it is right again, so is this.
        for reason in ("date_not_yet", "expired_today"):
            due = [
                arrival
                for origin in sorted(await self._store.waiting(reason))  # each has its own room to wait in
                for arrival, line in await self._store.hidden(reason, origin=origin, limit=self._quota.hidden)
                if register.hidden_reason(codec.read_line(line), today=today) != reason
            ]
            if reason == "date_not_yet":
                # Now it is a change as any other, so that nobody saves up more than a day's for one day.
                await self._store.hide_as(OVER_CHANGES, due)
            else:
                await self._store.unhide(due)
        for origin in sorted(await self._store.waiting(OVER_CHANGES)):
            async with self._one_page:
                await self._release(origin)

    async def _settle(self, carrier: str) -> dict[tuple[str, str], tuple[str, bytes]]:
        """Holds every set touched since the last end of round against its head: gives states, and SHA-256 of the
        heads that were judged."""
        ended = self._rounds.pop(carrier, None) or _Round()
        # Whose head this carrier told itself it answers for, whoever else is still at it.
        others = {pair for each in self._rounds.values() for pair in each.touched} - ended.heads.keys()
        # With what was touched: sets left unjudged by a stop in the middle of a round, and by nobody still at it; and
        # what lacks something, whose head this carrier told and which it may mend, also if nothing of it came.
        held = await self._store.to_judge(ended.touched, told=ended.heads.keys(), others=others)
        judged = await asyncio.to_thread(_judge_sets, held, ended)
        await self._store.judged(
            [replace(one.head, state=state) for one, state in judged if state != one.head.state]
        )
        for origin in sorted(await self._store.hiding({origin for origin, _ in ended.touched | ended.whole})):
            async with self._one_page:
                await self._release(origin)
        return dict.fromkeys(ended.whole, ("complete", b"")) | {
            (one.head.origin, one.head.head.set): (state, one.head.sha)
            for one, state in judged
            if state != "incomplete" or (ended.tells(one) and self._may_mend(carrier, one.head))
        }

    def _may_mend(self, carrier: str, held: HeldHead) -> bool:
        pair = (held.origin, held.head.set)
        return not held.beyond_repair and carrier not in self.tried(pair, held.sha)

    async def _release(self, origin: str) -> None:
        """Shows what was over the quota or an allowance, oldest first, as far as there is room again. With the lock
        of the pages held."""
        known = await self._store.origin(origin)
        rooms = {name: self._quota.live - each.live for name, each in known.totals.items()}
        if not known.hides or max(rooms.values()) <= 0:
            return
        over = await self._store.hidden("over_quota", origin=origin, limit=self._quota.hidden)
        late = await self._store.hidden(OVER_CHANGES, origin=origin, limit=self._quota.hidden)
        held = await self._store.allowances({origin}) if late else {}
        for name, room in rooms.items():
            due = _summaries(over, name)[: max(0, room)]
            await self._store.unhide(due)
            if waiting := _summaries(late, name):
                pair = (origin, name)
                left = as_of(held.get(pair), pair, self._quota, self._clock.now().date().toordinal())
                due = waiting[: max(0, min(left.room, room - len(due)))]
                await self._store.unhide(due, [left._replace(room=left.room - len(due))])


def _summaries(hidden: Iterable[tuple[int, bytes]], name: str) -> list[int]:
    """The arrival numbers of those of this set."""
    bodies = [(arrival, orjson.loads(line)["b"]) for arrival, line in hidden]
    return [arrival for arrival, body in bodies if (body["type"], body["set"]) == ("summary", name)]


def _judged(judge: PageJudge, page: Sequence[Piece], cutter: Cutter) -> tuple[Outcome, list[Piece]]:
    return judge.run(page), cutter.next()


def _looked_up(page: Iterable[Piece]) -> list[Key]:
    """The keys of a page, and whether its origins said farewell."""
    keys = [piece.key for piece in page if piece.key is not None]
    return [*keys, *((origin, FAREWELL_SLOT) for origin in {origin for origin, _ in keys})]


def _judge_sets(held: Iterable[SetHeld], ended: _Round) -> list[tuple[SetHeld, str]]:
    judged = []
    for one in held:
        # What was found incomplete stays so until it agrees.
        over = ended.tells(one) or one.head.state == "incomplete"
        # Staleness is told when reading, so the head is judged as of its own time here.
        state = head.state_of(one.head.head, one.entries, now=one.head.head.issued, round_over=over)
        judged.append((one, state))
    return judged


__all__ = ["Ingest", "IngestReport", "Refusal"]
