"""Binds the two rooms' ports: what services need of the network (``node.ports``) to ``federation``, and what
``federation`` needs of its host (``federation.ports``) to the group's database and key.

Values are turned, nothing is decided here.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.typedefs import Handler

from federation.client import PeerClient
from federation.connections import open_session
from federation.ingest import Ingest
from federation.push import Pusher
from federation.routes import federation_app
from federation.store import NeighbourhoodStore
from federation.sync import Sync
from federation.turned import Turned
from node.assembly import Ground, Network
from node.network.evidence import KeptEvidence
from node.network.files import Files
from node.network.host import AllowedPeers, Arrivals, Identity
from node.network.letters import LetterInbox, LetterPost, MemberMail
from node.network.opening import Opened, disk_told
from node.network.outside import ToOutside
from node.network.own_statements import OwnLines
from node.network.reader import Reader
from node.network.talks import Talks
from node.network.time_told import TimesTold
from node.services.exchange.hub_mail import HubMail
from node.services.exchange.joining import Joining
from node.services.exchange.letters import Letters


class NetworkSide:
    """The opened network side: a part for every port of ``node.ports``, and what the application rings and mounts."""

    def __init__(self, at: Opened) -> None:
        self._at = at
        self.on = at.on
        self.identity = at.identity
        self.store = at.store
        self.ingest = at.ingest
        self.client = at.client
        self.reader = Reader(at)
        self.own = OwnLines(at)
        self.talks = Talks(at)
        self.files = Files(at)
        self.evidence = KeptEvidence(at)
        self.outside = ToOutside(at.connections)
        self.post = LetterPost(at.store, at.ingest, at.allowed, at.client)

    @property
    def ports(self) -> Network:
        """As the services are given it."""
        return Network(
            reader=self.reader,
            own=self.own,
            discovery=self.talks,
            rounds=self.talks,
            carrier=self.files,
            evidence=self.evidence,
            post=self.post,
            outside=self.outside,
            times=self._at.times,
        )

    def answers_to(self, url: str) -> None:
        """Peers reach this node under that address; requests signed for any other are refused."""
        self._at.answers_to(url)

    async def new_day(self) -> None:
        """What is over by today goes out of sight; what waited for its day is shown."""
        if await self._at.began():
            await self.ingest.new_day()

    def app(
        self,
        *,
        joining: Joining | None = None,
        letters: Letters | None = None,
        hub_mail: HubMail | None = None,
    ) -> web.Application:
        """The sub-application for ``/mac/v1``; what is not given is not offered."""
        self.post.own_mail = hub_mail
        app = federation_app(
            store=self.store,
            ingest=self.ingest,
            peers=self._at.allowed,
            signer=self.identity,
            clock=self.on.clock,
            authorities=lambda: self._at.authorities,
            turned=self._at.turned,
            introductions=Arrivals(joining) if joining is not None else None,
            inbox=LetterInbox(letters) if letters is not None else None,
            mail=MemberMail(hub_mail) if hub_mail is not None else None,
        )
        app.middlewares.append(self._only_when_set_up)
        return app

    @web.middleware
    async def _only_when_set_up(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not await self._at.began():
            return web.json_response({"code": "not_set_up", "status": 503}, status=503)
        return await handler(request)


@asynccontextmanager
async def opened(on: Ground) -> AsyncIterator[NetworkSide]:
    """The network side over ``neighbourhood.db``, with one client session; nothing is asked of anybody yet."""
    identity = Identity(on.db, on.keyring)
    allowed = AllowedPeers(on.db)
    with disk_told():
        store = await NeighbourhoodStore.open(on.config.neighbourhood_db, clock=on.clock, random=on.random)
    session = open_session()
    try:
        ingest = Ingest(store, allowed, on.clock)
        times = TimesTold(on.clock)
        client = PeerClient(session, identity, on.clock, random=on.random, time_told=times.heard)
        reached: set[str] = set()
        # Who has no address itself brings its lines to those that have one.
        pusher = Pusher(store, ingest, client, on.clock, wanted=lambda: not reached)
        at = Opened(
            on=on,
            identity=identity,
            allowed=allowed,
            store=store,
            ingest=ingest,
            client=client,
            sync=Sync(
                store, ingest, client, allowed, on.clock, random=lambda: on.random(1)[0] / 256, pusher=pusher
            ),
            authorities=reached,
            connections=session,
            times=times,
            turned=Turned(allowed, on.clock),
        )
        at.answers_to(on.config.public_url)
        try:
            yield NetworkSide(at)
        finally:
            await at.sync.close()
    finally:
        await session.close()
        await store.close()
