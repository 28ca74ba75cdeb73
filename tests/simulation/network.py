"""The wire between the nodes: a client with the interface of ``PeerClient``, and a network that loses, parts and
refuses. What a server would answer is made by the real feed; signatures of HTTP messages are left out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from federation.client import Endpoint, PeerClient, PullPage
from federation.errors import PeerError
from federation.feed import CursorLost, Feed
from protocol.bundle import BadLine

if TYPE_CHECKING:
    from tests.simulation.member import Member
    from tests.simulation.world import World

CLOCKS_APART = 300
"""Seconds by which a request may seem old or early (docs/protocol.md, Transport)."""


def url_of(name: str) -> str:
    """Where a member is found."""
    return f"https://{name}.example"


class WireClient(PeerClient):
    """Asks other members directly."""

    def __init__(self, world: "World", me: "Member") -> None:
        self._world = world
        self._me = me

    async def node(self, url: str, *, allow_private: bool = False) -> tuple[bytes | BadLine, ...]:
        server = self._reach(url)
        lines = tuple(await server.desk.own_keys_lines())
        self._message(url)
        return lines

    async def pull(
        self,
        peer: Endpoint,
        *,
        cursor: str | None,
        limit: int = 500,
        origins: Sequence[str] | None = None,
        kind_set: str | None = None,
    ) -> PullPage:
        server = self._reach(peer.url)
        self._check(server, peer)
        await server.learn_keys(self._me)
        page = await answer(server, cursor, min(limit, self._world.plan.page), origins, kind_set)
        if server.badness is not None:
            page = await server.badness.page(self._me, page)
        self._message(peer.url)
        self._world.watch.pulled(self._me, server, page)
        return page

    def _reach(self, url: str) -> "Member":
        server = self._world.at[url]
        if self._world.parted(self._me, server):
            raise PeerError("unreachable", f"{url} cannot be reached.")
        self._message(url)
        return server

    def _message(self, url: str) -> None:
        if self._world.loses():
            raise PeerError("deadline", f"{url} did not answer in time.")

    def _check(self, server: "Member", peer: Endpoint) -> None:
        apart = abs((server.clock.now() - self._me.clock.now()).total_seconds())
        if apart > CLOCKS_APART:
            raise PeerError("clock", f"The clocks of {peer.url} and ours differ.")
        known = server.peers.peers.get(self._me.origin)
        if known is None or known.state != "active":
            raise PeerError("refused", f"{peer.url} has not approved us yet.")
        if server.desk.keyring.load().did != peer.op_key:
            raise PeerError("wrong_key", f"{peer.url} signs with another key.")


async def answer(
    server: "Member", cursor: str | None, limit: int, origins: Sequence[str] | None, kind_set: str | None
) -> PullPage:
    """The page that ``federation.routes`` would make."""
    try:
        page = await Feed(server.store).page(
            await server.ingest.follow_policy(),
            cursor=cursor,
            limit=limit,
            origins=None if origins is None else frozenset(origins),
            kind_set=kind_set,
        )
    except CursorLost:
        raise PeerError("cursor_lost", "It does not know how far we had read.") from None
    return PullPage(lines=page.lines, cursor=page.cursor, more=page.more, behind=frozenset(page.behind))
