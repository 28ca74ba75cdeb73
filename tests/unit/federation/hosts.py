"""A small host: one store, one real HTTP server on a free port, and peers in memory. A double of the host
only."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from federation.client import PeerClient
from federation.connections import open_session
from federation.ingest import Ingest
from federation.nonces import NonceCache
from federation.pace import Pace
from federation.push import Pusher
from federation.routes import federation_app
from federation.store import NeighbourhoodStore
from federation.sync import Sync
from federation.transport import Deadlines
from tests.unit.federation.groups import Group, PeerList, StillClock

FAST = Deadlines(connect=2.0, read=0.5, total=1.0)
"""For who is never answered."""
PATIENT = Deadlines(connect=30.0, read=30.0, total=60.0)
"""For who is answered: as slow as the machine may be."""
Middleware = Callable[
    [web.Request, Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[web.StreamResponse]
]


@contextmanager
def hurried(client: PeerClient, deadlines: Deadlines = FAST) -> Iterator[None]:
    """Meanwhile the client waits no longer than that for an answer."""
    transport = client._transport
    before, transport._deadlines = transport._deadlines, deadlines
    try:
        yield
    finally:
        transport._deadlines = before


async def serve(app: web.Application, stack: AsyncExitStack) -> str:
    """Serves the application on 127.0.0.1 and a free port; returns its URL."""
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


class Host:
    """Use with ``async with``. ``clock`` may be shared by several."""

    def __init__(
        self,
        group: Group,
        path: Path,
        *,
        clock: StillClock | None = None,
        middlewares: Sequence[Middleware] = (),
        deadlines: Deadlines = PATIENT,
        body_seconds: float = 30.0,
        hidden: bool = False,
        pace: Pace | None = None,
        nonces: NonceCache | None = None,
    ) -> None:
        self.group = group
        self.path = path
        self.clock = clock or StillClock()
        self.peers = PeerList()
        self.url = ""
        self._middlewares = middlewares
        self._deadlines = deadlines
        self._body_seconds = body_seconds
        self.hidden = hidden
        """Behind a router: it calls others, and nobody can call it."""
        self._pace, self._nonces = pace, nonces
        self._stack = AsyncExitStack()
        self.store: NeighbourhoodStore
        self.ingest: Ingest
        self.pusher: Pusher
        self.sync: Sync
        self.client: PeerClient

    async def __aenter__(self) -> Self:
        stack = self._stack
        self.store = await NeighbourhoodStore.open(self.path, clock=self.clock, own_origin=self.group.origin)
        stack.push_async_callback(self.store.close)
        self.ingest = Ingest(self.store, self.peers, self.clock)
        session = open_session()
        stack.push_async_callback(session.close)
        self.client = PeerClient(session, self.group, self.clock, deadlines=self._deadlines)
        self.pusher = Pusher(self.store, self.ingest, self.client, self.clock, wanted=lambda: self.hidden)
        self.sync = Sync(
            self.store,
            self.ingest,
            self.client,
            self.peers,
            self.clock,
            random=lambda: 0.5,
            pusher=self.pusher,
        )
        app = web.Application(middlewares=list(self._middlewares))  # type: ignore[arg-type]
        app.add_subapp(
            "/mac/v1",
            federation_app(
                store=self.store,
                ingest=self.ingest,
                peers=self.peers,
                signer=self.group,
                clock=self.clock,
                authorities=lambda: {self.url.removeprefix("http://")},
                body_seconds=self._body_seconds,
                pace=self._pace,
                nonces=self._nonces,
            ),
        )
        self.url = await serve(app, stack)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def knows(self, *others: "Host") -> None:
        """Puts the others on the allow list."""
        for other in others:
            url = None if other.hidden else other.url
            self.peers.put(other.group.origin, url, name=other.group.name)

    async def publish(self, *sets: str) -> None:
        """Our own lines, as the node hands them over."""
        report = await self.ingest.lines(self.group.everything(*sets), via=None, end_of_round=True)
        assert not report.refused

    async def shown(self) -> set[str]:
        return {need.id for need in await self.store.needs(sets={"public", "peers"}, limit=10_000)}

    async def state(self, other: "Host") -> str:
        return next(v.state for v in await self.store.origins() if v.origin == other.group.origin)
