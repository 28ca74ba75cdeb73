"""Bringing our own lines to peers that cannot come for them.

What is sent is decided by what the other side says it holds, each time anew: an answer that was lost costs a
question, and nothing is sent twice for it or left out. What we remember ourselves (in memory) only saves
asking.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from federation.client import PeerClient, PushAnswer
from federation.errors import PeerError
from federation.ingest import Ingest
from federation.ports import Clock
from federation.store import NeighbourhoodStore
from federation.store.pushing import HeldCopy, HeldSet, Stock
from federation.transport import Endpoint
from protocol.limits import PAGE_BYTES, PAGE_ITEMS

ASK_AGAIN = 3600.0
"""Seconds after which a peer is asked what it holds although we have nothing new: it may have lost it."""
NOT_WANTED = ("not_offered", "reader")
"""Refusals that are no fault: the peer takes nothing in this way, or nothing of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushReport:
    """What one push came to. Counts of lines."""

    sent: int = 0
    accepted: int = 0
    same: int = 0
    refused: tuple[tuple[int, str], ...] = ()
    """(line of its page, code), the first ones."""
    lacking: tuple[str, ...] = ()
    """Sets that the peer does not hold whole although everything was sent."""


class Pusher:
    """Pushes what a peer may see of our own sets. ``wanted`` tells whether we must: nobody can reach us."""

    def __init__(
        self,
        store: NeighbourhoodStore,
        ingest: Ingest,
        client: PeerClient,
        clock: Clock,
        *,
        wanted: Callable[[], bool],
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._client = client
        self._clock = clock
        self._wanted = wanted
        self._told: dict[str, _Told] = {}
        self._reports: dict[str, PushReport] = {}

    def found(self, peer: str) -> PushReport | None:
        """What the latest push to it came to that brought anything; None if there was none since this process began."""
        return self._reports.get(peer)

    async def has_news(self, peer: str) -> bool:
        """Whether we have anything that this peer was not told yet, or it is time to ask."""
        if not self._wanted():
            return False
        stock, sets = await self._ours(peer)
        return (bool(sets) or stock.farewell) and not self._knows(peer, _mark(stock, sets))

    async def push(self, peer: Endpoint) -> PushReport | None:
        """Brings what the peer lacks; None if there is nothing to do. Raises PeerError."""
        if not self._wanted():
            return None
        stock, sets = await self._ours(peer.origin)
        mark = _mark(stock, sets)
        if not (sets or stock.farewell) or self._knows(peer.origin, mark):
            return None
        # Forgotten until this ended well: after a lost answer the peer is asked.
        told = self._told.pop(peer.origin, None)
        fresh = told is not None and self._clock.monotonic() - told.at < ASK_AGAIN
        try:
            held = told.held if told and fresh else (await self._client.push(peer, [])).held
        except PeerError as error:
            if error.code not in NOT_WANTED:
                raise
            self._told[peer.origin] = _Told(mark=mark, held=HeldCopy(), at=self._clock.monotonic())
            return None
        talk = _Talk()
        # First from where the peer is; if that was not all it lacked, once everything.
        for anew in (False, True):
            for page in await self._pages(stock, held, sets, anew=anew):
                answer = await self._client.push(peer, page)
                talk.add(page, answer)
                held = answer.held
            if not (lacking := _lacking(stock.held, held, sets)):
                break
        self._told[peer.origin] = _Told(mark=mark, held=held, at=self._clock.monotonic())
        self._reports[peer.origin] = PushReport(
            sent=talk.sent,
            accepted=talk.accepted,
            same=talk.same,
            refused=tuple(talk.refused),
            lacking=tuple(lacking),
        )
        return self._reports[peer.origin]

    async def _pages(
        self, stock: Stock, theirs: HeldCopy, sets: Iterable[str], *, anew: bool
    ) -> list[list[bytes]]:
        """Lines in the order of a bundle, lowest seq first, so that what came of a push that was cut off is
        known by its highest seq."""
        lines: list[bytes] = []
        heads: list[bytes] = []
        for name in _lacking(stock.held, theirs, sets):
            heads.append(stock.heads[name])
            after = 0 if anew else _held_up_to(stock.held.sets[name], theirs.sets.get(name))
            while found := await self._store.registers_after(
                self._store.own_origin or "", name, after, limit=PAGE_ITEMS
            ):
                lines += (line for _, line in found)
                after = found[-1][0]
        known = (theirs.keys_rev, theirs.profile) == (stock.held.keys_rev, stock.held.profile)
        about = () if known and not anew else stock.about
        return _cut([*about, *heads, *lines])

    async def _ours(self, peer: str) -> tuple[Stock, tuple[str, ...]]:
        """Our lines, and the sets of them that this peer gets: none any more after our farewell, which each gets."""
        own = self._store.own_origin or ""
        public_of, peers_of = (await self._ingest.follow_policy()).sets_for(peer)
        stock = await self._store.stock_of(own)
        given = {"public": own in public_of, "peers": own in peers_of}
        # What is just being written has its head in a moment.
        whole = {name for name, one in stock.held.sets.items() if one.state == "complete"}
        return stock, tuple(name for name in stock.heads if given[name] and name in whole)

    def _knows(self, peer: str, mark: bytes) -> bool:
        told = self._told.get(peer)
        return told is not None and told.mark == mark and self._clock.monotonic() - told.at < ASK_AGAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    mark: bytes
    """What we had when the peer was last told all of it."""
    held: HeldCopy
    """What it then said that it holds."""
    at: float
    """When, by the running clock."""


@dataclass(slots=True)
class _Talk:
    sent: int = 0
    accepted: int = 0
    same: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def add(self, page: list[bytes], answer: PushAnswer) -> None:
        self.sent += len(page)
        self.accepted += answer.accepted
        self.same += answer.same
        self.refused += answer.refused


def _lacking(ours: HeldCopy, theirs: HeldCopy, sets: Iterable[str]) -> list[str]:
    """The sets that the other side does not hold whole under our present head."""
    lacking = []
    for name in sets:
        mine, other = ours.sets[name], theirs.sets.get(name)
        if other is not None and other.epoch > mine.epoch:
            raise PeerError(
                "ahead",
                "The peer holds statements of ours from a later time than we do: was this node restored from an "
                "older backup, or does a copy of it run elsewhere?",
            )
        if other is None or (other.epoch, other.seq, other.state) != (mine.epoch, mine.seq, "complete"):
            lacking.append(name)
    return lacking


def _held_up_to(mine: HeldSet, theirs: HeldSet | None) -> int:
    """The seq up to which the other side probably holds all; whether it does shows when all is sent."""
    if theirs is None or theirs.epoch != mine.epoch or theirs.state == "incomplete":
        return 0
    return theirs.seq


def _mark(stock: Stock, sets: Iterable[str]) -> bytes:
    lines = (*stock.about, *(stock.heads[name] for name in sets))
    return hashlib.sha256(b"\n".join(lines)).digest()


def _cut(lines: Iterable[bytes]) -> list[list[bytes]]:
    """Pages of at most 500 lines and 1 MiB."""
    pages: list[list[bytes]] = []
    size = 0
    for line in lines:
        if not pages or len(pages[-1]) == PAGE_ITEMS or size + len(line) + 1 > PAGE_BYTES:
            pages.append([])
            size = 0
        pages[-1].append(line)
        size += len(line) + 1
    return pages
