"""The wire between the nodes, in place of ``federation.transport``: it loses, parts and refuses, and carries the bytes
of the real client to the real verbs of the other node. Signatures of HTTP messages are left out."""

from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from federation.answering import Asked, Refusal
from federation.client import Endpoint, PeerClient, PullPage
from federation.errors import PeerError
from federation.problems import problem_told
from federation.verbs.pushing import Pushing
from federation.verbs.reading import Reading
from protocol import bundle, canonical
from protocol.bundle import BadLine
from protocol.errors import ProtocolError
from protocol.limits import PAGE_ITEMS

if TYPE_CHECKING:
    from tests.simulation.member import Member
    from tests.simulation.world import World

CLOCKS_APART = 300
"""Seconds by which a request may seem old or early (docs/protocol.md, Transport)."""
Line = bytes | BadLine


def url_of(name: str) -> str:
    """Where a member is found."""
    return f"https://{name}.example"


class WireTransport:
    """Implements ``federation.transport.Transport`` for one member."""

    def __init__(self, world: "World", me: "Member") -> None:
        self._world = world
        self._me = me

    async def ask(self, method: str, base: str, verb: str, *_: object) -> tuple[int, dict[str, str], bytes]:
        server = self._reach(base)
        assert (method, verb) == ("GET", "node")
        body = bundle.write(await server.desk.own_keys_lines())
        self._message(base)
        return 200, {}, body

    async def post(self, peer: Endpoint, verb: str, asked: dict[str, Any], cap: int, *_: object) -> bytes:
        body = orjson.loads(canonical.encode(asked, limit=64 * 1024))
        if verb == "pull":
            body["limit"] = min(body.get("limit", PAGE_ITEMS), self._world.plan.lines_of_a_page)
        return await self._posted(peer, verb, Asked(origin=self._me.origin, body=body), cap)

    async def post_lines(self, peer: Endpoint, verb: str, body: bytes, cap: int) -> bytes:
        return await self._posted(peer, verb, Asked(origin=self._me.origin, body={}, raw=body), cap)

    async def _posted(self, peer: Endpoint, verb: str, asked: Asked, cap: int) -> bytes:
        server = self._reach(peer.url)
        self._check(server, peer)
        await server.learn_keys(self._me)
        try:
            answer = await answered(server, verb, asked)
        except (Refusal, ProtocolError) as fault:
            time = int(server.clock.now().timestamp())
            raise problem_told(
                peer.url, fault.status, orjson.dumps({"code": fault.code, "time": time}), time
            ) from None
        if server.badness is not None and verb != "push":
            answer = await self._spoilt(server, answer)
        self._message(peer.url)
        assert len(answer) <= cap
        return answer

    async def _spoilt(self, server: "Member", answer: bytes) -> bytes:
        """A bad node's: the statements in its answer are what it makes of them."""
        assert server.badness is not None
        first, *lines = bundle.iter_lines(answer) if answer else (b"",)
        about = orjson.loads(first if isinstance(first, bytes) else b"{}") if first else {}
        if "type" not in about:
            return b"".join(_ended(line) for line in await server.badness.lines(self._me, [first, *lines]))
        bad, kind = server.badness, about["type"]
        if kind == "manifest":
            told = await bad.manifest(self._me, lines)
        elif kind == "page":
            told = await bad.page(self._me, about, lines)
        else:
            told = await bad.lines(self._me, lines)
        return b"".join((orjson.dumps(about), b"\n", *(_ended(line) for line in told)))

    def _reach(self, url: str) -> "Member":
        server = self._world.found_at(url)
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


class WireClient(PeerClient):
    """The real client over this wire; what it was told is watched."""

    def __init__(self, world: "World", me: "Member") -> None:
        self._world = world
        self._me = me
        self._transport: Any = WireTransport(world, me)

    async def pull(self, peer: Endpoint, **asked: Any) -> PullPage:
        page = await super().pull(peer, **asked)
        self._world.watch.pulled(self._me, self._world.at[peer.url], page)
        return page


async def answered(server: "Member", verb: str, asked: Asked) -> bytes:
    """The body that ``federation.routes`` would send; raises Refusal and ProtocolError."""
    verbs = (
        Reading(server.store, server.ingest, server),  # type: ignore[arg-type]
        Pushing(server.store, server.ingest),
    )
    answering = next((getattr(each, verb) for each in verbs if hasattr(each, verb)), None)
    if answering is None:
        raise Refusal(404, "not_offered", "this node does not offer that")
    response: web.Response = await answering(asked)
    assert isinstance(response.body, bytes)
    return response.body


def _ended(line: Line) -> bytes:
    return (line if isinstance(line, bytes) else line.raw) + b"\n"
