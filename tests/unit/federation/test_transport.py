"""What travels between two nodes, and over which connection: real servers, real HTTP."""

import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from federation import connections
from federation.client import PeerClient
from federation.encoding import LEAST, BadEncoding, TooLarge, deflated, inflated, takes_gzip
from federation.errors import PeerError
from federation.transport import Endpoint
from protocol.http_signature import content_digest
from tests.unit.federation.groups import Group, StillClock
from tests.unit.federation.hosts import FAST, Host


class Seen:
    """What came to the server, over which connection, and what went back; and when it hangs up."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.answers: list[tuple[dict[str, str], bytes]] = []
        self.hangs_up: Callable[[int], bool] = lambda number: False
        """Given how often this connection was used before."""

    @web.middleware
    async def watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        assert request.transport is not None
        over = str(request.transport.get_extra_info("peername"))
        before = sum(other == over for _, other in self.asked)
        self.asked.append((request.headers.get("Signature-Input", ""), over))
        if self.hangs_up(before):
            request.transport.abort()
        response = await handler(request)
        assert isinstance(response, web.Response)
        body = response.body
        assert isinstance(body, bytes)
        self.answers.append((dict(response.headers), body))
        return response

    @property
    def connections(self) -> int:
        return len({over for _, over in self.asked})


class Pair:
    """South asks, North answers."""

    def __init__(self, north: Host, south: Host, seen: Seen) -> None:
        self.north, self.south, self.seen = north, south, seen
        self.peer = Endpoint(
            origin=north.group.origin, url=north.url, op_key=north.group.did, allow_private=True
        )


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    clock, seen = StillClock(), Seen()
    async with AsyncExitStack() as stack:
        north = await stack.enter_async_context(
            Host(Group("North"), tmp_path / "n.db", clock=clock, middlewares=[seen.watch])
        )
        south = await stack.enter_async_context(Host(Group("South"), tmp_path / "s.db", clock=clock))
        north.knows(south)
        south.knows(north)
        for number in range(20):
            north.group.summary(f"n{number}")
        await north.publish()
        made = Pair(north, south, seen)
        await south.client.pull(made.peer, cursor=None)  # now the keys are known
        seen.asked.clear()
        seen.answers.clear()
        yield made


async def test_a_page_is_packed_and_its_digest_is_of_what_travels(pair: Pair) -> None:
    page = await pair.south.client.pull(pair.peer, cursor=None)
    assert len(page.lines) == 24
    ((headers, body),) = pair.seen.answers
    assert headers["Content-Encoding"] == "gzip"
    assert headers["Content-Digest"] == content_digest(body)
    assert len(body) < len(inflated(body, cap=10**6)) / 2
    await pair.south.client.heads(pair.peer, origins=[])
    assert "Content-Encoding" not in pair.seen.answers[-1][0]  # a short answer is not worth it
    assert len(pair.seen.answers[-1][1]) <= LEAST


async def test_nothing_new_is_one_answer_without_a_body(pair: Pair) -> None:
    page = await pair.south.client.pull(pair.peer, cursor=None)
    again = await pair.south.client.pull(pair.peer, cursor=page.cursor)
    assert (again.lines, again.cursor, again.more) == ((), page.cursor, False)
    headers, body = pair.seen.answers[-1]
    assert body == b""
    assert "Signature" in headers


async def test_who_does_not_name_gzip_gets_the_plain_body(pair: Pair) -> None:
    packs = {"gzip": True, "br, GZIP": True, "": False, "identity": False, "gzip;q=0": False, "xgzip": False}
    assert {accepted: takes_gzip(accepted) for accepted in packs} == packs


async def test_packed_requests_are_refused(pair: Pair) -> None:
    async with aiohttp.ClientSession() as session:
        body = deflated(b"{}")
        url = f"{pair.north.url}/mac/v1/pull"
        async with session.post(url, data=body, headers={"Content-Encoding": "gzip"}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (400, "body_refused")


@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_never_more_comes_out_than_may(body: bytes, cap: int) -> None:
    if len(body) <= cap:
        assert inflated(deflated(body), cap=cap) == body
    else:
        with pytest.raises(TooLarge):
            inflated(deflated(body), cap=cap)
    with pytest.raises((BadEncoding, TooLarge)):
        inflated(deflated(body)[:-1], cap=cap)


def test_a_bomb_takes_no_more_room_than_an_answer_may() -> None:
    cap = 2**20
    bomb = deflated(bytes(32 * cap))
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            inflated(bomb, cap=cap)
        assert tracemalloc.get_traced_memory()[1] < 4 * cap
    finally:
        tracemalloc.stop()


async def test_one_connection_is_kept_for_a_peer(pair: Pair) -> None:
    for _ in range(4):
        await pair.south.client.pull(pair.peer, cursor=None)
    await pair.south.client.heads(pair.peer)
    assert (len(pair.seen.asked), pair.seen.connections) == (5, 1)


async def test_no_connection_serves_two_peers_or_two_names(pair: Pair) -> None:
    """Not even where both lie at one address."""
    port = pair.north.url.rsplit(":", 1)[1]

    async def resolve(name: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    client = PeerClient(
        pair.south.client._transport._connections,
        pair.south.group,
        pair.south.clock,
        resolve=resolve,
        deadlines=FAST,
    )
    others = [
        replace(pair.peer, url=f"http://a.example:{port}"),
        replace(pair.peer, url=f"http://b.example:{port}"),
        replace(pair.peer, origin=Group("Other").origin),
    ]
    for peer in others:
        with pytest.raises(PeerError):
            await client.pull(peer, cursor=None)
    assert (len(pair.seen.asked), pair.seen.connections) == (3, 3)


async def test_the_name_is_looked_up_anew_after_a_pause(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    port = pair.north.url.rsplit(":", 1)[1]
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def resolve(name: str, port: int) -> list[str]:
        return answers.pop(0)

    client = PeerClient(
        pair.south.client._transport._connections,
        pair.south.group,
        pair.south.clock,
        resolve=resolve,
        deadlines=FAST,
    )
    moved = replace(pair.peer, url=f"http://north.example:{port}")
    for _ in range(3):
        with pytest.raises(PeerError, match="other_authority"):
            await client.pull(moved, cursor=None)
    assert len(answers) == 1
    monkeypatch.setattr(connections, "KEEP_IDLE", 0.0)
    answers[0] = ["169.254.169.254"]  # what the name says now is held against the table again
    with pytest.raises(PeerError, match="not a public address"):
        await client.pull(moved, cursor=None)
    assert pair.seen.connections == 1


async def test_a_kept_connection_does_not_outlive_the_permission(pair: Pair) -> None:
    await pair.south.client.pull(pair.peer, cursor=None)
    with pytest.raises(PeerError, match="not a public address"):
        await pair.south.client.pull(replace(pair.peer, allow_private=False), cursor=None)


async def test_a_connection_that_was_gone_is_replaced_and_the_request_signed_anew(pair: Pair) -> None:
    pair.seen.hangs_up = lambda before: before >= 2
    for _ in range(4):
        await pair.south.client.pull(pair.peer, cursor=None)
    signed = [signature for signature, _ in pair.seen.asked]
    assert len(set(signed)) == len(signed) == 5
    assert pair.seen.connections == 2


async def test_who_always_hangs_up_is_asked_twice_and_no_more(pair: Pair) -> None:
    await pair.south.client.pull(pair.peer, cursor=None)
    pair.seen.hangs_up = lambda before: True
    with pytest.raises(PeerError) as caught:
        await pair.south.client.pull(pair.peer, cursor=None)
    assert caught.value.code == "unreachable"
    assert len(pair.seen.asked) == 3
    with pytest.raises(PeerError):
        await pair.south.client.pull(pair.peer, cursor=None)
    assert len(pair.seen.asked) == 4  # nothing was kept: this one was new


async def test_connections_are_kept_to_so_many_peers(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "KEPT_PEERS", 2)
    own = pair.south.client._transport._connections
    for number in range(4):
        async with own.kept(connections.Line(f"origin {number}", pair.north.url, True)) as kept:
            assert not kept.session.closed
    assert [line.origin for line in own._kept] == ["origin 2", "origin 3"]


async def test_what_time_it_is_there_is_heard_from_signed_answers_alone(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    seen = Seen()
    async with AsyncExitStack() as stack:
        north = await stack.enter_async_context(
            Host(Group("North"), tmp_path / "n.db", middlewares=[seen.watch])
        )
        south = await stack.enter_async_context(Host(Group("South"), tmp_path / "s.db"))
        north.knows(south)
        await north.publish()
        peer = Endpoint(origin=north.group.origin, url=north.url, op_key=north.group.did, allow_private=True)
        client = PeerClient(
            south.client._transport._connections,
            south.group,
            south.clock,
            deadlines=FAST,
            time_told=lambda origin, at: told.append((origin, at)),
        )
        await client.pull(peer, cursor=None)  # the first is a refusal, "keys_unknown": heard as well
        right = int(north.clock.now().timestamp())
        assert set(told) == {(north.group.origin, right)}
        told.clear()
        north.clock.advance(days=30)  # far from ours: refused, and heard all the same
        with pytest.raises(PeerError, match="clock of"):
            await client.pull(peer, cursor=None)
        assert told == [(north.group.origin, right + 30 * 86_400)]
        told.clear()
        with pytest.raises(PeerError) as error:  # signed by another key than the one we hold
            await client.pull(replace(peer, op_key=Group("Other").did), cursor=None)
        assert error.value.code == "wrong_key"
        assert told == []
