"""What is open of the network side: shared by everything that stands on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from federation.client import PeerClient
from federation.connections import Connections
from federation.ingest import Ingest
from federation.store import NeighbourhoodStore, StoreFull
from federation.sync import Sync
from federation.turned import Turned
from node.assembly import Ground
from node.errors import N_, DiskFull, Misconfigured
from node.network.host import AllowedPeers, Identity
from node.network.time_told import TimesTold
from node.store import settings

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True, kw_only=True)
class Opened:
    """The store, the one way in and the client, and whose they are."""

    on: Ground
    identity: Identity
    allowed: AllowedPeers
    store: NeighbourhoodStore
    ingest: Ingest
    client: PeerClient
    sync: Sync
    connections: Connections
    times: TimesTold
    turned: Turned
    authorities: set[str] = field(default_factory=set)
    """Hosts, with their ports, under which peers reach this node."""

    def answers_to(self, url: str) -> None:
        """Peers reach this node under that address; requests signed for any other are refused."""
        if url:
            parts = urlsplit(url)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
            usual = parts.port is None or parts.port == DEFAULT_PORTS.get(parts.scheme)
            self.authorities.add(host if usual else f"{host}:{parts.port}")

    async def began(self) -> bool:
        """Whether the node has been set up."""
        if self.store.own_origin is None and await self.identity.known():
            self.store.own_origin = self.identity.origin
            async with self.on.db.read() as tx:
                self.answers_to(await settings.get(tx, settings.PUBLIC_URL))
        return self.store.own_origin is not None

    async def ready(self) -> None:
        """Raises ``Misconfigured`` (``not_set_up``)."""
        if not await self.began():
            raise Misconfigured(
                "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or open /setup"
            )


@contextmanager
def disk_told() -> Iterator[None]:
    """A full disk in words."""
    try:
        yield
    except StoreFull as error:
        raise DiskFull(hint="free some room on the disk that holds neighbourhood.db") from error
