"""One peer, one round: pull what changed, take it in, and repair what does not agree with its head.

A round never raises for what a peer does. Its outcome is a report, and a row per peer that pages and the
command line show: last try, last success, the error in words, the next try.
"""

import asyncio
import random as randomness
from collections.abc import Callable
from dataclasses import replace

from federation import backoff
from federation.client import PeerClient, PullPage
from federation.discovery import discover
from federation.errors import PeerError
from federation.ingest import Ingest
from federation.mending import Mending
from federation.policy import AllowList
from federation.ports import Clock, Peer, Peers
from federation.push import Pusher
from federation.repair import Repair
from federation.store import NeighbourhoodStore
from federation.store.rows import PeerTalk, Position
from federation.tally import RoundReport, Tally
from federation.transport import Endpoint

MAX_PAGES = 4_000
"""Pages in one round; a peer that has more is visited again soon."""
ROUND_SECONDS = 900.0
"""A round that takes longer is broken off and goes on at the next try."""
AT_ONCE = 4
SLOW_AT_ONCE = 12
"""Rounds beyond those, of peers that take long: they keep nobody from having a turn."""
PATIENCE = 30.0
"""Seconds of the loop after which a round is one that takes long, and whoever rang for all due ones waits no more."""
PAGES_TOGETHER = 8
"""Pages in memory at once: as many lines as a whole set may have."""


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
        pusher: Pusher | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._ingest = ingest
        self._client = client
        self._peers = peers
        self._clock = clock
        self._random = random
        self._pusher = pusher
        self._repair = Repair(store, ingest, client)
        self._mending = Mending(
            store, ingest, client, self._repair, peers, endpoint_of=self._endpoint, random=random
        )
        self._talking: dict[str, asyncio.Lock] = {}
        self._patience = patience
        self._going: dict[str, asyncio.Task[RoundReport]] = {}
        """Rounds that were due and whose reports nobody took yet."""
        self._few = asyncio.Semaphore(AT_ONCE)
        self._slow = asyncio.Semaphore(SLOW_AT_ONCE)

    async def all(self, *, due_only: bool = False) -> list[RoundReport]:
        """One round with each active peer whose address we know, and their reports.

        ``due_only``: with each whose next try has come, and no waiting for those that take long: they go on by
        themselves, and a later call brings their reports.
        """
        chosen = await self._chosen(due_only=due_only)
        return await self._due(chosen) if due_only else await self._now_all(chosen)

    async def close(self) -> None:
        """Breaks off what is going on."""
        going = list(self._going.values())
        self._going.clear()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def _chosen(self, *, due_only: bool) -> list[str]:
        talks = {talk.peer: talk for talk in await self._store.peer_states()}
        now = self._now()
        chosen = []
        for peer in await self._peers.list():
            talk = talks.get(peer.origin)
            # A next try further ahead than we ever wait was noted by a clock that stood wrong.
            wait = 0.0 if talk is None or talk.next_try is None else talk.next_try - now
            due = wait <= 0 or wait > backoff.LONGEST_WAIT + 1
            if peer.state != "active" or peer.url is None:
                continue
            if due or not due_only or await self._has_news(peer, talk):
                chosen.append(peer.origin)
        return chosen

    async def _due(self, chosen: list[str]) -> list[RoundReport]:
        fresh = {
            origin: asyncio.create_task(self._in_turn(origin))
            for origin in chosen
            if origin not in self._going
        }
        self._going |= fresh
        if fresh:
            await asyncio.wait(fresh.values(), timeout=self._patience)
        ended = [self._going.pop(origin) for origin, task in list(self._going.items()) if task.done()]
        return [task.result() for task in ended if not task.cancelled()]

    async def _in_turn(self, origin: str) -> RoundReport:
        """A round in one of a few places; once it takes long, in one that others do not wait for, if there is any."""
        place = self._few
        await place.acquire()
        try:
            round_ = asyncio.create_task(self.peer(origin))
            try:
                await asyncio.wait((round_,), timeout=self._patience)
                if not round_.done() and not self._slow.locked():
                    await self._slow.acquire()
                    place.release()
                    place = self._slow
                return await round_
            finally:
                round_.cancel()  # if we are broken off ourselves
        finally:
            place.release()

    async def _now_all(self, chosen: list[str]) -> list[RoundReport]:
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
            tally = Tally(
                url=peer.url or peer.name,
                now=self._clock.monotonic,
                until=self._clock.monotonic() + ROUND_SECONDS,
            )
            fault: PeerError | None = None
            try:
                await self._round(peer, tally)
            except PeerError as error:
                fault = error
            await self._remember(peer, tally, fault)
            return tally.report(peer, fault)

    async def _round(self, peer: Peer, tally: Tally) -> None:
        allow = await self._ingest.follow_policy()
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
            await self._mending.mend(endpoint, tally)
        if self._pusher is not None:
            await self._pusher.push(endpoint)
            tally.pushed = self._pusher.found(endpoint.origin)

    async def _has_news(self, peer: Peer, talk: PeerTalk | None) -> bool:
        # After a failure it has to wait for the next try as everything else.
        failing = talk is not None and talk.tries > 0
        return self._pusher is not None and not failing and await self._pusher.has_news(peer.origin)

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
                    found=found.origin,
                )
            lines = [found.keys_line, *([found.profile_line] if found.profile_line else [])]
            await self._ingest.lines(lines, via=peer.origin, end_of_round=False)
            op_key = (await self._store.origin(peer.origin)).op_key or found.op_key
        return Endpoint(origin=peer.origin, url=peer.url, op_key=op_key, allow_private=peer.allow_private)

    async def _pull_changes(self, endpoint: Endpoint, allow: AllowList, tally: Tally) -> None:
        cursor = await self._store.cursor(endpoint.origin, allow.fingerprint)
        if cursor is not None:
            try:
                await self._pull(endpoint, cursor, allow.fingerprint, tally)
                return
            except PeerError as error:
                if error.code != "cursor_lost":
                    raise
            await self._store.forget_cursor(endpoint.origin)
            self._ingest.begins_again(endpoint.origin)
        cursor = await self._repair.by_heads(endpoint, allow, tally.taken)
        if cursor is not None:
            position = Position(peer=endpoint.origin, cursor=cursor, allowed=allow.fingerprint)
            await self._ingest.lines([], via=endpoint.origin, end_of_round=False, position=position)
        await self._pull(endpoint, cursor, allow.fingerprint, tally)

    async def _pull(self, endpoint: Endpoint, cursor: str | None, allowed: str, tally: Tally) -> None:
        """Page after page. Several are taken in together: a set that several pages make up together is whole."""
        seen = {cursor}
        pages: list[PullPage] = []
        at: str | None = None

        async def take(*, end_of_round: bool) -> None:
            nonlocal at
            lines = [line for page in pages for line in page.lines]
            report = await self._ingest.lines(
                lines,
                via=endpoint.origin,
                end_of_round=end_of_round,
                behind=frozenset[str]().union(*(page.behind for page in pages)),
                position=Position(peer=endpoint.origin, cursor=at, allowed=allowed) if at else None,
            )
            tally.add(len(lines), report, len(pages))
            pages.clear()
            at = None

        for _ in range(MAX_PAGES):
            try:
                page = await self._client.pull(endpoint, cursor=cursor)
            except PeerError:
                if pages:
                    await take(end_of_round=False)  # what came is not lost
                raise
            pages.append(page)
            moved = page.cursor not in seen
            at = page.cursor if moved else at
            if not page.more:
                await take(end_of_round=True)
                return
            if not moved or len(pages) >= PAGES_TOGETHER or tally.late:
                await take(end_of_round=False)
            tally.not_too_long()
            if not moved:
                raise PeerError(
                    "nonsense", f"{endpoint.url} says there is more, but its pages go in a circle."
                )
            cursor = page.cursor
            seen.add(cursor)

    async def _remember(self, peer: Peer, tally: Tally, fault: PeerError | None) -> None:
        talk = await self._store.peer_state(peer.origin)
        now = self._now()
        if tally.rolled_back:
            talk = replace(talk, rollbacks=talk.rollbacks + tally.rolled_back.total(), last_rollback=now)
        if tally.omitted:
            talk = replace(talk, omissions=talk.omissions + len(tally.omitted), last_omission=now)
        if fault is None:
            wait = backoff.after_success(
                changed=bool(tally.accepted or tally.hidden),
                last_interval=talk.interval,
                random=self._random(),
                took=self._clock.monotonic() - tally.until + ROUND_SECONDS,
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
            wait = backoff.after_failure(talk.tries + 1, self._random(), asked=fault.retry_after)
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


__all__ = ["RoundReport", "Sync"]
