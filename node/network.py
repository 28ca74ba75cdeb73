"""Binds the two rooms' ports: what services need of the network (``node.ports``) to ``federation``, and what
``federation`` needs of its host (``federation.ports``) to the group's database and key.

Values are turned, nothing is decided here.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from federation.client import PeerClient, open_session
from federation.discovery import discover
from federation.errors import PeerError
from federation.ingest import Ingest
from federation.near import near_ranges, touches
from federation.policy import REFUSALS
from federation.ports import Peer
from federation.routes import federation_app
from federation.store import NeighbourhoodStore, StoreFull
from federation.sync import Sync
from federation.verdicts import Refusal
from node.assembly import Ground, Network
from node.errors import N_, DiskFull, Misconfigured, Unreachable
from node.ports import Discovered, Round, SeenNeed, SeenOrigin
from node.services.keyring import Keyring
from node.store import own_lines, peers, settings
from node.store.db import Database
from node.store.peers import PeerRow
from protocol import bundle

DEFAULT_PORTS = {"http": 80, "https": 443}


class Identity:
    """Implements ``federation.ports.Signer``. Before set-up there is none, and every use says so."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._origin = ""

    async def known(self) -> bool:
        """Whether the node has been set up; looked up until it is."""
        if not self._origin:
            async with self._db.read() as tx:
                self._origin = await settings.get(tx, settings.ORIGIN)
        return bool(self._origin)

    @property
    def origin(self) -> str:
        if not self._origin:
            raise Misconfigured(
                "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or /setup"
            )
        return self._origin

    @property
    def did(self) -> str:
        return self._keyring.load().did

    def sign(self, message: bytes) -> bytes:
        return self._keyring.load().sign(message)

    async def own_keys_lines(self) -> list[bytes]:
        async with self._db.read() as tx:
            found = [await own_lines.get(tx, name) for name in ("keys", "profile")]
        return [each.line for each in found if each is not None]


class AllowedPeers:
    """Implements ``federation.ports.Peers`` over the table of peers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list(self) -> Sequence[Peer]:
        async with self._db.read() as tx:
            return [_peer(row) for row in await peers.all_of_them(tx)]

    async def get(self, origin: str) -> Peer | None:
        async with self._db.read() as tx:
            row = await peers.get(tx, origin)
        return _peer(row) if row else None


@dataclass(slots=True, kw_only=True)
class NetworkSide:
    """The opened network side; implements every port of ``node.ports`` but the composed ``Network`` itself."""

    identity: Identity
    allowed: AllowedPeers
    store: NeighbourhoodStore
    ingest: Ingest
    client: PeerClient
    rounds: Sync
    on: Ground
    authorities: set[str]

    @property
    def ports(self) -> Network:
        """As the services are given it."""
        return Network(reader=self, own=self, discovery=self, rounds=self, carrier=self)

    # --- NeighbourhoodReader

    async def needs(
        self,
        *,
        sets: Collection[str],
        today: date,
        near: tuple[float, float] | None = None,
        km: float | None = None,
        categories: Collection[str] | None = None,
        origins: Collection[str] | None = None,
        limit: int = 1000,
    ) -> Sequence[SeenNeed]:
        await self._ready()
        ranges = near_ranges(*near, km) if near is not None and km is not None else None
        found = await self.store.needs(
            sets=sets, ranges=ranges, categories=categories, origins=origins, today=today, limit=limit
        )
        return [
            SeenNeed(
                origin=need.origin,
                origin_name=need.origin_name,
                own=need.own,
                summary=need.summary,
                origin_state=need.origin_state,
                last_heard=need.last_heard,
            )
            for need in found
            if near is None or km is None or touches(*near, km, need.summary.cell)
        ]

    async def origins(self) -> Sequence[SeenOrigin]:
        await self._ready()
        views = {view.origin: view for view in await self.store.origins()}
        talks = {talk.peer: talk for talk in await self.store.peer_states()}
        rows = {peer.origin: peer for peer in await self.allowed.list()}
        order = [*views, *(origin for origin in rows if origin not in views)]
        return [
            SeenOrigin(
                origin=origin,
                name=view.name if view else rows[origin].name,
                url=rows[origin].url if origin in rows else None,
                state=view.state if view else "unknown",
                live=view.live if view else 0,
                profile=view.profile if view else None,
                last_success=talk.last_success if talk else None,
                last_try=talk.last_try if talk else None,
                last_error=talk.last_error if talk else None,
                next_try=talk.next_try if talk else None,
            )
            for origin in order
            for view in [views.get(origin)]
            for talk in [talks.get(origin)]
        ]

    # --- OwnStatements

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        await self._ready()
        with _disk_told():
            report = await self.ingest.lines(list(lines), via=None, end_of_round=True)
        if report.refused:
            # Our own lines were read back when they were signed: a refusal here is our fault.
            first = report.refused[0]
            raise Misconfigured(
                "own_line_refused",
                N_("The node refuses a line of its own."),
                hint=f"{first.code}: {first.detail}",
            )

    async def fetch_back(self) -> None:
        await self._ready()
        await self.rounds.all()

    async def own_position(self) -> tuple[int, int] | None:
        await self._ready()
        return await self.store.own_position(self.identity.origin)

    # --- Discovery

    async def ask(self, url: str, *, allow_private: bool) -> Discovered:
        await self._ready()
        try:
            found = await discover(self.client, url, allow_private=allow_private)
        except PeerError as error:
            raise Unreachable("peer_unreachable", "%(why)s", why=str(error), hint=error.code) from error
        return Discovered(origin=found.origin, words=found.words, name=found.name, url=url)

    # --- Rounds

    async def sync(self, origins: Collection[str] | None = None) -> Sequence[Round]:
        await self._ready()
        with _disk_told():
            if origins is None:
                reports = await self.rounds.all()
            else:
                reports = [await self.rounds.peer(origin) for origin in origins]
        return [
            Round(
                origin=report.origin,
                name=report.name,
                ok=report.ok,
                received=report.accepted,
                refused=report.refused,
                passed_over=report.passed_over,
                error=report.error,
            )
            for report in reports
        ]

    async def list_changed(self) -> None:
        if await self._began():
            await self.ingest.follow_policy()

    # --- Carrier

    async def export(self, sets: Collection[str]) -> bytes:
        await self._ready()
        allow = await self.ingest.follow_policy()
        return bundle.write(await self.store.lines_of(sorted(allow.served), sets))

    async def take(self, data: bytes) -> Round:
        await self._ready()
        with _disk_told():
            report = await self.ingest.lines(list(bundle.iter_lines(data)), via=None, end_of_round=True)
        refused = [each for each in report.refused if each.code not in REFUSALS]
        return Round(
            origin="",
            name="file",
            ok=not refused,
            received=report.accepted + report.hidden,
            refused=len(refused),
            passed_over=len(report.refused) - len(refused),
            error=_told(refused),
        )

    # --- what the application rings and mounts

    async def due_rounds(self) -> None:
        """A round with each peer whose next try has come."""
        if await self._began():
            await self.rounds.all(due_only=True)

    async def new_day(self) -> None:
        """What is over by today goes out of sight; what waited for its day is shown."""
        if await self._began():
            await self.ingest.new_day()

    def answers_to(self, url: str) -> None:
        """Peers reach this node under that address; requests signed for any other are refused."""
        if url:
            parts = urlsplit(url)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
            usual = parts.port is None or parts.port == DEFAULT_PORTS.get(parts.scheme)
            self.authorities.add(host if usual else f"{host}:{parts.port}")

    def app(self) -> web.Application:
        """The sub-application for ``/mac/v1``."""
        app = federation_app(
            store=self.store,
            ingest=self.ingest,
            peers=self.allowed,
            signer=self.identity,
            clock=self.on.clock,
            authorities=lambda: self.authorities,
        )
        app.middlewares.append(self._only_when_set_up)
        return app

    @web.middleware
    async def _only_when_set_up(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await self._began():
            return web.json_response({"code": "not_set_up", "status": 503}, status=503)
        return await handler(request)

    async def _began(self) -> bool:
        if self.store.own_origin is None and await self.identity.known():
            self.store.own_origin = self.identity.origin
            async with self.on.db.read() as tx:
                self.answers_to(await settings.get(tx, settings.PUBLIC_URL))
        return self.store.own_origin is not None

    async def _ready(self) -> None:
        if not await self._began():
            raise Misconfigured(
                "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or open /setup"
            )


@contextmanager
def _disk_told() -> Iterator[None]:
    try:
        yield
    except StoreFull as error:
        raise DiskFull(hint="free some room on the disk that holds neighbourhood.db") from error


@asynccontextmanager
async def opened(on: Ground) -> AsyncIterator[NetworkSide]:
    """The network side over ``neighbourhood.db``, with one client session; nothing is asked of anybody yet."""
    identity = Identity(on.db, on.keyring)
    allowed = AllowedPeers(on.db)
    with _disk_told():
        store = await NeighbourhoodStore.open(on.config.neighbourhood_db, clock=on.clock, random=on.random)
    session = open_session()
    try:
        ingest = Ingest(store, allowed, on.clock)
        client = PeerClient(session, identity, on.clock, random=on.random)
        side = NetworkSide(
            identity=identity,
            allowed=allowed,
            store=store,
            ingest=ingest,
            client=client,
            rounds=Sync(store, ingest, client, allowed, on.clock, random=lambda: on.random(1)[0] / 256),
            on=on,
            authorities=set(),
        )
        side.answers_to(on.config.public_url)
        yield side
    finally:
        await session.close()
        await store.close()


def _peer(row: PeerRow) -> Peer:
    return Peer(
        origin=row.origin,
        url=row.url,
        name=row.name,
        state=row.state,  # type: ignore[arg-type]  # the table's CHECK allows these three only
        allow_private=row.allow_private,
    )


def _told(refused: Sequence[Refusal]) -> str | None:
    if not refused:
        return None
    shown = "; ".join(f"line {each.line_no}: {each.code} {each.detail}".rstrip() for each in refused[:10])
    return f"{shown}; and {len(refused) - 10} more" if len(refused) > 10 else shown
