"""One peer, one round: pull what changed, take it in, and repair what does not agree with its head.

A round never raises for what a peer does. Its outcome is a report, and a row per peer that pages and the
command line show: last try, last success, the error in words, the next try.
"""

import asyncio
import random as randomness
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from federation import backoff
from federation.client import Endpoint, PeerClient
from federation.discovery import discover
from federation.errors import PeerError
from federation.ingest import Ingest, IngestReport
from federation.policy import REFUSALS, AllowList
from federation.ports import Clock, Peer, Peers
from federation.store import NeighbourhoodStore
from federation.store.rows import PeerTalk, Position
from federation.verdicts import Refusal

MAX_PAGES = 4_000
"""Pages in one round; a peer that has more is visited again soon."""
ROUND_SECONDS = 900.0
"""A round that takes longer is broken off and goes on at the next try: the other peers wait for it."""
AT_ONCE = 4
REFUSALS_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """One talk with one peer."""

    origin: str
    name: str
    ok: bool
    pages: int = 0
    received: int = 0
    """Lines."""
    accepted: int = 0
    refused: int = 0
    """Lines that are not as they should be."""
    passed_over: int = 0
    """Lines of origins that our list does not allow now: no fault of whoever brought them."""
    refusals: tuple[Refusal, ...] = ()
    """The first of them."""
    incomplete: tuple[tuple[str, str], ...] = ()
    """(origin, set) that do not agree with their heads, even after a full pull."""
    code: str | None = None
    error: str | None = None
    """In words for the operator."""


@dataclass(slots=True)
class _Tally:
    until: float = 0.0
    """When the round must be over, by the running clock."""
    pages: int = 0
    received: int = 0
    accepted: int = 0
    hidden: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    incomplete: set[tuple[str, str]] = field(default_factory=set)

    @property
    def passed_over(self) -> int:
        return sum(refusal.code in REFUSALS for refusal in self.refusals)

    def add(self, lines: int, report: IngestReport) -> None:
        self.pages += 1
        self.received += lines
        self.accepted += report.accepted
        self.hidden += report.hidden
        self.refusals += report.refused
        self.incomplete |= set(report.incomplete)
        self.incomplete -= set(report.complete)


class Sync:
    """Talks with peers. ``random`` gives numbers in [0, 1)."""

    def __init__(
        self,
        store: NeighbourhoodStore,
        ingest: Ingest,
        client: PeerClient,
        peers: Peers,
        clock: Clock,
        *,
        random: Callable[[], float] = randomness.random,
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._client = client
        self._peers = peers
        self._clock = clock
        self._random = random
        self._talking: dict[str, asyncio.Lock] = {}

    async def all(self, *, due_only: bool = False) -> list[RoundReport]:
        """One round with each active peer whose address we know (``due_only``: whose next try has come)."""
        talks = {talk.peer: talk for talk in await self._store.peer_states()}
        now = self._now()
        chosen = []
        for peer in await self._peers.list():
            talk = talks.get(peer.origin)
            due = talk is None or talk.next_try is None or talk.next_try <= now
            if peer.state == "active" and peer.url is not None and (due or not due_only):
                chosen.append(peer.origin)
        few = asyncio.Semaphore(AT_ONCE)

        async def one(origin: str) -> RoundReport:
            async with few:
                return await self.peer(origin)

        # All end before a fault of our own (a full disk) is told: no talk runs on by itself.
        ended = await asyncio.gather(*(one(origin) for origin in chosen), return_exceptions=True)
        for outcome in ended:
            if isinstance(outcome, BaseException):
                raise outcome
        return [outcome for outcome in ended if isinstance(outcome, RoundReport)]

    async def peer(self, origin: str) -> RoundReport:
        """One round with this peer, now."""
        async with self._talking.setdefault(origin, asyncio.Lock()):
            peer = await self._peers.get(origin)
            if peer is None or peer.state != "active":
                return RoundReport(
                    origin=origin,
                    name=peer.name if peer else origin,
                    ok=False,
                    code="not_active",
                    error="This peer is paused, blocked or not on our list.",
                )
            tally = _Tally()
            fault: PeerError | None = None
            try:
                await self._round(peer, tally)
            except PeerError as error:
                fault = error
            await self._remember(peer, tally, fault)
            return RoundReport(
                origin=origin,
                name=peer.name,
                ok=fault is None,
                pages=tally.pages,
                received=tally.received,
                accepted=tally.accepted,
                refused=len(tally.refusals) - tally.passed_over,
                passed_over=tally.passed_over,
                refusals=tuple(tally.refusals[:REFUSALS_KEPT]),
                incomplete=tuple(sorted(tally.incomplete)),
                code=fault.code if fault else None,
                error=str(fault) if fault else None,
            )

    async def _round(self, peer: Peer, tally: _Tally) -> None:
        allow = await self._ingest.follow_policy()
        tally.until = self._clock.monotonic() + ROUND_SECONDS
        endpoint = await self._endpoint(peer)
        try:
            await self._pull_changes(endpoint, allow, tally)
        except PeerError as error:
            if error.code != "wrong_key":
                raise
            # It may have a new op key: its keys line says so under the root key, or it is another node.
            endpoint = await self._endpoint(peer, anew=True)
            await self._pull_changes(endpoint, allow, tally)
        if tally.incomplete:
            await self._repair(endpoint, tally)

    async def _endpoint(self, peer: Peer, *, anew: bool = False) -> Endpoint:
        """The peer with the op key to expect; asks it who it is if we do not know yet."""
        if peer.url is None:
            raise PeerError("no_address", "We know no address of this node; it must call us.")
        op_key = (await self._store.origin(peer.origin)).op_key
        if op_key is None or anew:
            found = await discover(self._client, peer.url, allow_private=peer.allow_private)
            if found.origin != peer.origin:
                raise PeerError(
                    "other_node",
                    f"Another node lives at {peer.url} now ({' '.join(found.words)}). "
                    "Compare the words by telephone before you change anything.",
                )
            lines = [found.keys_line, *([found.profile_line] if found.profile_line else [])]
            await self._ingest.lines(lines, via=peer.origin, end_of_round=False)
            op_key = (await self._store.origin(peer.origin)).op_key or found.op_key
        return Endpoint(origin=peer.origin, url=peer.url, op_key=op_key, allow_private=peer.allow_private)

    async def _pull_changes(self, endpoint: Endpoint, allow: AllowList, tally: _Tally) -> None:
        cursor = await self._store.cursor(endpoint.origin, allow.fingerprint)
        try:
            await self._pull(endpoint, cursor, allow.fingerprint, tally)
        except PeerError as error:
            if error.code != "cursor_lost" or cursor is None:
                raise
            await self._store.forget_cursor(endpoint.origin)
            self._ingest.begins_again(endpoint.origin)
            await self._pull(endpoint, None, allow.fingerprint, tally)

    async def _pull(self, endpoint: Endpoint, cursor: str | None, allowed: str, tally: _Tally) -> None:
        seen = {cursor}
        for _ in range(MAX_PAGES):
            page = await self._client.pull(endpoint, cursor=cursor)
            behind = page.behind - {endpoint.origin}  # of itself it lacks nothing
            moved = page.cursor not in seen
            report = await self._ingest.lines(
                page.lines,
                via=endpoint.origin,
                end_of_round=not page.more,
                behind=behind,
                position=Position(peer=endpoint.origin, cursor=page.cursor, allowed=allowed)
                if moved
                else None,
            )
            tally.add(len(page.lines), report)
            if not page.more:
                return
            self._not_too_long(endpoint, tally)
            if not moved:
                raise PeerError(
                    "nonsense", f"{endpoint.url} says there is more, but its pages go in a circle."
                )
            cursor = page.cursor
            seen.add(cursor)

    async def _repair(self, endpoint: Endpoint, tally: _Tally) -> None:
        """One full pull of what does not agree with its head, once for each head."""
        pairs = set(tally.incomplete)
        origins = sorted({origin for origin, _ in pairs})
        cursor: str | None = None
        seen: set[str] = set()
        for _ in range(MAX_PAGES):
            page = await self._client.pull(endpoint, cursor=cursor, origins=origins)
            behind = page.behind - {endpoint.origin}
            report = await self._ingest.lines(
                page.lines, via=endpoint.origin, end_of_round=not page.more, behind=behind
            )
            tally.add(len(page.lines), report)
            if not page.more or page.cursor in seen:
                break
            self._not_too_long(endpoint, tally)
            cursor = page.cursor
            seen.add(cursor)
        await self._ingest.full_pull_made(pairs | tally.incomplete)

    def _not_too_long(self, endpoint: Endpoint, tally: _Tally) -> None:
        if self._clock.monotonic() > tally.until:
            raise PeerError(
                "too_slow", f"{endpoint.url} sends too slowly: we broke off, and go on from there next time."
            )

    async def _remember(self, peer: Peer, tally: _Tally, fault: PeerError | None) -> None:
        before = {talk.peer: talk for talk in await self._store.peer_states()}.get(peer.origin)
        talk = before or PeerTalk(peer=peer.origin)
        now = self._now()
        if fault is None:
            wait = backoff.after_success(
                changed=bool(tally.accepted or tally.hidden),
                last_interval=talk.interval,
                random=self._random(),
            )
            talk = replace(
                talk,
                last_try=now,
                last_success=now,
                error_code=None,
                last_error=None,
                tries=0,
                next_try=now + int(wait),
                interval=wait,
                behind=False,
            )
        else:
            wait = backoff.after_failure(talk.tries + 1, self._random())
            talk = replace(
                talk,
                last_try=now,
                error_code=fault.code,
                last_error=str(fault),
                tries=talk.tries + 1,
                next_try=now + int(wait),
                behind=talk.behind or tally.pages > 0,
            )
        await self._store.put_peer_state(talk)

    def _now(self) -> int:
        return int(self._clock.now().timestamp())
