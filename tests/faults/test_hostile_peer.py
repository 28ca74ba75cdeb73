"""A peer that does everything wrong. Whatever it sends: a reason in words, nothing lost, nothing wedged."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from federation.client import PeerClient
from federation.connections import open_session
from federation.encoding import deflated
from federation.errors import PeerError
from federation.feed import Page
from federation.transport import Endpoint
from protocol import b64, bundle, http_signature
from protocol.http_signature import Target
from tests.unit.federation.groups import Group, StillClock, ident
from tests.unit.federation.hosts import FAST, Host, hurried, serve

Answer = Callable[[web.Request, "Hostile"], Awaitable[web.StreamResponse]]


class Hostile:
    """A server that says who it is, and then answers as the test tells it to."""

    def __init__(self) -> None:
        self.group = Group("Hostile")
        self.clock = StillClock()
        self.url = ""
        self.answer: Answer = nonsense
        self.lines: list[bytes] = []
        self.recorded: dict[str, str] = {}

    async def node(self, request: web.Request) -> web.Response:
        return web.Response(body=bundle.write(await self.group.own_keys_lines()))

    async def pull(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        return await self.answer(request, self)

    def signed(
        self, request: web.Request, body: bytes, *, status: int = 200, by: Group | None = None
    ) -> web.Response:
        signer = by or self.group
        headers = http_signature.sign_response(
            status,
            body,
            request_signature=request.headers["Signature"],
            keyid=http_signature.answer_key_id(self.group.origin, self.group.did),
            created=int(self.clock.now().timestamp()),
            sign=signer.sign,
        )
        return web.Response(status=status, body=body, headers=headers)

    def page(self, request: web.Request, *, cursor: str = "c1", more: bool = False) -> web.Response:
        return self.signed(request, Page(lines=tuple(self.lines), cursor=cursor, more=more).body())


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[tuple[Host, Hostile]]:
    hostile = Hostile()
    async with AsyncExitStack() as stack:
        app = web.Application()
        app.router.add_get("/mac/v1/node", hostile.node)
        app.router.add_post("/mac/v1/pull", hostile.pull)
        hostile.url = await serve(app, stack)
        host = await stack.enter_async_context(Host(Group("North"), tmp_path / "n.db"))
        host.peers.put(hostile.group.origin, hostile.url)
        yield host, hostile
        assert await host.store.count_faults() == []


# Answers


async def nonsense(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.signed(request, b"<html>It works!</html>")


async def empty(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.signed(request, b"")


async def wrong_page(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.signed(request, b'{"type":"page","cursor":7,"more":"yes"}\n')


async def unsigned(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return web.Response(body=Page(lines=(), cursor="c", more=False).body())


async def unsigned_error(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return web.Response(status=502, body=b"Bad Gateway")


async def signed_error(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.signed(request, b"[]", status=500)


async def forged(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.signed(request, Page(lines=(), cursor="c", more=False).body(), by=Group("Somebody else"))


async def replayed(request: web.Request, peer: Hostile) -> web.StreamResponse:
    """The answer to an earlier request, signature and all."""
    body = Page(lines=(), cursor="c", more=False).body()
    if not peer.recorded:
        response = peer.signed(request, body)
        names = ("Signature", "Signature-Input", "Content-Digest")
        peer.recorded = {name: response.headers[name] for name in names}
        return response
    return web.Response(body=body, headers=peer.recorded)


async def changed(request: web.Request, peer: Hostile) -> web.StreamResponse:
    response = peer.signed(request, Page(lines=(), cursor="c", more=False).body())
    response.body = Page(lines=(), cursor="d", more=False).body()
    return response


async def old_clock(request: web.Request, peer: Hostile) -> web.StreamResponse:
    peer.clock.advance(hours=-2)
    return peer.page(request)


async def redirect(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": "http://127.0.0.1/elsewhere"})


async def compressed(request: web.Request, peer: Hostile) -> web.StreamResponse:
    response = peer.page(request)
    response.headers["Content-Encoding"] = "gzip"
    return response


def packed(*parts: bytes, encoding: str = "gzip", cut: int | None = None) -> Answer:
    """Signed over these bytes, whatever they are."""

    async def answer(request: web.Request, peer: Hostile) -> web.StreamResponse:
        response = peer.signed(request, b"".join(parts)[:cut])
        response.headers["Content-Encoding"] = encoding
        return response

    return answer


PACKED = deflated(Page(lines=(), cursor="c", more=False).body())
BOMB = deflated(b"0" * 16 * 2**20)
"""16 MiB in 16 kB."""


async def unsigned_bomb(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})


async def announced_huge(request: web.Request, peer: Hostile) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": str(1 << 40)})
    await response.prepare(request)
    return response


async def endless(request: web.Request, peer: Hostile) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65_536)


async def hangs(request: web.Request, peer: Hostile) -> web.StreamResponse:
    await asyncio.Event().wait()
    raise AssertionError


async def drips(request: web.Request, peer: Hostile) -> web.StreamResponse:
    """A byte now and then: never silent, never done."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.05)


async def cut_off(request: web.Request, peer: Hostile) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport is not None
    request.transport.abort()
    return response


async def circles(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.page(request, cursor="again", more=True)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (nonsense, "nonsense"),
        (empty, "nonsense"),
        (wrong_page, "nonsense"),
        (unsigned, "not_signed"),
        (unsigned_error, "failed"),
        (signed_error, "failed"),
        (forged, "bad_signature"),
        (changed, "wrong_digest"),
        (old_clock, "clock"),
        (redirect, "redirect"),
        (compressed, "compressed"),
        (packed(PACKED, encoding="br"), "compressed"),
        (packed(PACKED, encoding="gzip, gzip"), "compressed"),
        (packed(PACKED, PACKED), "compressed"),
        (packed(PACKED, cut=-3), "compressed"),
        (packed(BOMB), "too_large"),
        (unsigned_bomb, "not_signed"),
        (announced_huge, "too_large"),
        (endless, "too_large"),
        (hangs, "deadline"),
        (drips, "deadline"),
        (cut_off, "unreachable"),
        (circles, "nonsense"),
    ],
)
async def test_a_bad_answer_ends_the_round_with_a_reason(
    scene: tuple[Host, Hostile], answer: Answer, code: str
) -> None:
    host, hostile = scene
    hostile.answer = answer
    with hurried(host.client) if code == "deadline" else nullcontext():
        report = await host.sync.peer(hostile.group.origin)
    assert (report.ok, report.code) == (False, code)
    (talk,) = await host.store.peer_states()
    assert talk.last_error == report.error
    assert report.error is not None
    assert len(report.error) > 20

    async def honest(request: web.Request, peer: Hostile) -> web.StreamResponse:
        return peer.page(request)

    hostile.clock.time = host.clock.time
    hostile.group.summary("a")
    hostile.lines = hostile.group.everything()
    hostile.answer = honest
    assert (await host.sync.peer(hostile.group.origin)).ok
    assert await host.shown() == {ident("Hostile a")}


async def test_an_earlier_answer_is_no_answer(scene: tuple[Host, Hostile]) -> None:
    host, hostile = scene
    hostile.answer = replayed
    assert (await host.sync.peer(hostile.group.origin)).ok
    assert (await host.sync.peer(hostile.group.origin)).code == "bad_signature"


async def test_bad_lines_in_a_good_page(scene: tuple[Host, Hostile]) -> None:
    host, hostile = scene
    victim, stranger = Group("Victim"), Group("Stranger")
    host.peers.put(victim.origin)
    await host.ingest.lines([victim.keys(), victim.head()], via=None, end_of_round=True)

    async def page(request: web.Request, peer: Hostile) -> web.StreamResponse:
        return peer.page(request)

    group = hostile.group
    group.summary("a")
    forged = Group("Hostile")
    forged.root = victim.root  # speaks in the victim's name with its own key
    hostile.lines = [
        *group.everything(),
        b"nonsense",
        b"z" * 9000,
        forged.summary("forged"),
        stranger.summary("unasked"),
        group.write_body({"type": "oracle", "v": 1, "origin": group.origin, "id": ident("x")}),
    ]
    hostile.answer = page
    report = await host.sync.peer(group.origin)
    assert report.ok, report.error
    assert {refusal.code for refusal in report.refusals} == {
        "not_json",
        "too_long",
        "bad_signature",
        "origin_unknown",
        "unknown_type",
    }
    assert await host.shown() == {ident("Hostile a")}
    assert await host.state(_as_host(hostile)) == "complete"


def _as_host(hostile: Hostile) -> Host:
    return hostile  # type: ignore[return-value]


# What it asks of us


class Asker:
    """Sends requests by hand."""

    def __init__(self, host: Host, group: Group, session: aiohttp.ClientSession) -> None:
        self.host, self.group, self.session = host, group, session
        self.number = 0

    def headers(
        self, body: bytes, *, authority: str | None = None, ago: int = 0, path: str = "pull"
    ) -> dict[str, str]:
        self.number += 1
        return http_signature.sign_request(
            Target(
                method="POST",
                authority=authority or self.host.url.removeprefix("http://"),
                path=f"/mac/v1/{path}",
            ),
            body,
            keyid=http_signature.key_id(self.group.origin, self.group.did),
            created=int(self.host.clock.now().timestamp()) - ago,
            nonce=b64.encode(self.number.to_bytes(16, "big")),
            sign=self.group.sign,
        )

    async def post(self, body: bytes, headers: dict[str, str], path: str = "pull") -> tuple[int, str]:
        async with self.session.post(
            f"{self.host.url}/mac/v1/{path}", data=body, headers=headers
        ) as response:
            if response.status == 200:
                return 200, await response.text()
            return response.status, (await response.json(content_type=None))["code"]


BODY = b'{"cursor":null}'


def _keys(asker: Asker) -> dict[str, str]:
    return {"Mac-Keys": base64.b64encode(asker.group.keys()).decode()}


@asynccontextmanager
async def asking(path: Path, *, body_seconds: float = 30.0) -> AsyncIterator[Asker]:
    group, north = Group("Hostile"), Host(Group("North"), path, body_seconds=body_seconds)
    async with north as host, aiohttp.ClientSession() as session:
        host.peers.put(group.origin)
        await host.publish()
        await host.ingest.lines([group.keys()], via=None, end_of_round=True)
        yield Asker(host, group, session)


@pytest.fixture
async def asker(tmp_path: Path) -> AsyncIterator[Asker]:
    async with asking(tmp_path / "n.db") as made:
        yield made


async def test_a_signed_request_is_answered_once(asker: Asker) -> None:
    headers = asker.headers(BODY)
    assert (await asker.post(BODY, headers))[0] == 200
    assert await asker.post(BODY, headers) == (401, "replayed")


async def test_requests_that_are_refused(asker: Asker) -> None:
    assert await asker.post(BODY, {}) == (401, "not_signed")
    assert await asker.post(BODY + b" ", asker.headers(BODY)) == (401, "wrong_digest")
    assert await asker.post(BODY, asker.headers(BODY, path="heads")) == (401, "bad_signature")
    assert await asker.post(BODY, asker.headers(BODY, ago=400)) == (401, "out_of_time")
    assert await asker.post(BODY, asker.headers(BODY, ago=1)) == (401, "before_start")
    assert await asker.post(BODY, asker.headers(BODY, authority="other.example")) == (401, "bad_signature")
    brought = asker.headers(BODY, authority="other.example") | {"Host": "other.example"}
    assert await asker.post(BODY, brought) == (421, "other_authority")
    stranger = Asker(asker.host, Group("Stranger"), asker.session)
    assert await stranger.post(BODY, stranger.headers(BODY)) == (401, "keys_unknown")
    assert await stranger.post(BODY, stranger.headers(BODY) | _keys(stranger)) == (403, "not_a_peer")
    for body in (b"[]", b'{"limit":"all"}', b'{"set":"secret"}', b'{"origins":[1]}', b'{"cursor":5}'):
        assert await asker.post(body, asker.headers(body)) == (400, "bad_request")
    for body, code in ((b"{", "not_json"), (b'{"limit":1.5}', "float"), (b'{"a":1,"a":1}', "duplicate_key")):
        assert await asker.post(body, asker.headers(body)) == (400, code)
    lost = b'{"cursor":"AAAAAAAAAAA.AAAAAAAA:7"}'
    assert await asker.post(lost, asker.headers(lost)) == (410, "cursor_lost")


async def test_another_key_in_the_peers_name(asker: Asker) -> None:
    asker.group.op = Group("Stranger").op
    assert await asker.post(BODY, asker.headers(BODY)) == (401, "keys_unknown")


async def test_nothing_that_a_stranger_sends_is_put_down_to_a_peer(asker: Asker) -> None:
    """In a peer's name anybody may ask; until something is proved, nothing of it is kept."""
    host, peer, stranger = asker.host, asker.group, Group("Stranger")
    false = peer.keys(rev=2, op_key=stranger.did)
    lines = [b"nonsense", stranger.keys(), false[:-12] + b"AAAA" + false[-8:], peer.keys(), peer.profile()]
    peer.op = stranger.op
    codes = []
    for line in lines:
        told = {"Mac-Keys": base64.b64encode(line).decode()}
        codes.append(await asker.post(BODY, asker.headers(BODY) | told))
    assert [code for _, code in codes[1:4:2]] == ["keys_unknown", "keys_unknown"]
    assert {status for status, _ in codes} <= {400, 401}
    assert await host.store.quarantined() == []


async def test_nobody_but_themselves_learns_who_left(asker: Asker) -> None:
    host, peer = asker.host, asker.group
    host.peers.set_state(peer.origin, "left")
    assert await asker.post(BODY, asker.headers(BODY)) == (403, "left")
    assert await asker.post(BODY, asker.headers(BODY, path="heads")) == (401, "bad_signature")


async def test_nobody_learns_whom_we_talk_with(asker: Asker) -> None:
    """Whatever anybody asks in a group's name, its state with us makes no difference to the answer; and the group
    itself is told the same if it is unknown, paused or blocked."""
    host, peer = asker.host, asker.group
    nobody = Asker(host, Group("Hostile"), asker.session)
    nobody.group.op = Group("Nobody").op
    nobody.number = 1_000
    true, told = _keys(asker), {}
    row = host.peers.peers.pop(peer.origin)
    for state in (None, "active", "paused", "blocked", "left", "asked"):
        if state is not None:
            host.peers.peers[peer.origin] = replace(row, state=state)
        theirs = peer.keys(rev=2, op_key=nobody.group.op.did)[:-12] + b'AAAAAAAAAA"}'
        told[state] = [
            await asker.post(BODY, asker.headers(BODY, path="heads")),
            await asker.post(BODY, asker.headers(BODY, ago=400)),
            await asker.post(BODY, asker.headers(BODY, ago=1)),
            await nobody.post(BODY, nobody.headers(BODY)),
            await nobody.post(BODY, nobody.headers(BODY) | true),
            await nobody.post(BODY, nobody.headers(BODY) | {"Mac-Keys": "no base64"}),
            await nobody.post(BODY, nobody.headers(BODY) | {"Mac-Keys": base64.b64encode(theirs).decode()}),
        ]
        if state not in ("active", "left"):
            told[state] += [
                await asker.post(BODY, asker.headers(BODY)),
                await asker.post(BODY, asker.headers(BODY) | true),
            ]
    assert told[None][-2:] == [(401, "keys_unknown"), (403, "not_a_peer")]
    assert told["paused"] == told["blocked"] == told["asked"] == told[None]
    assert told["active"] == told["left"] == told[None][:-2]


async def test_a_body_that_is_too_large(asker: Asker) -> None:
    large = b'{"cursor":"' + b"x" * 70_000 + b'"}'
    assert (await asker.post(large, asker.headers(large)))[0] == 413


async def test_a_body_that_is_too_slow(tmp_path: Path) -> None:
    async with asking(tmp_path / "n.db", body_seconds=0.5) as asker:
        host, _, port = asker.host.url.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        lines = [f"{name}: {value}" for name, value in asker.headers(BODY).items()]
        head = ["POST /mac/v1/pull HTTP/1.1", f"Host: {host}:{port}", "Content-Length: 100", *lines, "", "{"]
        writer.write("\r\n".join(head).encode())
        answer = await asyncio.wait_for(reader.readline(), 60)
        assert answer.startswith(b"HTTP/1.1 408")
        writer.close()


# Where it sends us


@pytest.mark.parametrize(
    ("url", "addresses", "code"),
    [
        ("http://2130706433/", [], "bad_address"),
        ("http://0x7f.1/", [], "bad_address"),
        ("http://0177.0.0.1/", [], "bad_address"),
        ("http://127.0.0.1/", [], "bad_address"),
        ("http://[::ffff:127.0.0.1]/", [], "bad_address"),
        ("http://[64:ff9b::7f00:1]/", [], "bad_address"),
        ("http://169.254.169.254/", [], "bad_address"),
        ("http://0/", [], "bad_address"),
        ("http://127.1/", [], "bad_address"),
        ("http://127.0.0.1./", [], "bad_address"),
        ("http://[::]/", [], "bad_address"),
        ("http://[::1]/", [], "bad_address"),
        ("http://[::127.0.0.1]/", [], "bad_address"),
        ("http://[fe80::1]/", [], "bad_address"),
        ("http://[fc00::1]/", [], "bad_address"),
        ("http://[2002:7f00:1::]/", [], "bad_address"),
        ("http://[2001:0:7f00:1::]/", [], "bad_address"),
        ("http://[64:ff9b:1::7f00:1]/", [], "bad_address"),
        ("http://[ff02::1]/", [], "bad_address"),
        ("http://localhost/", ["127.0.0.1"], "bad_address"),
        ("http://localhost./", ["::1"], "bad_address"),
        ("http://mapped.example/", ["::ffff:169.254.169.254"], "bad_address"),
        ("http://nat64.example/", ["64:ff9b::a00:1"], "bad_address"),
        ("http://shared.example/", ["100.64.0.1"], "bad_address"),
        ("http://scoped.example/", ["fe80::1%eth0"], "bad_address"),
        ("http://metadata.example/", ["169.254.169.254"], "bad_address"),
        ("http://rebound.example/", ["93.184.215.14", "10.0.0.1"], "bad_address"),
        ("http://nowhere.example/", [], "unreachable"),
        ("ftp://north.example/", [], "bad_url"),
        ("http://user:pass@north.example/", [], "bad_url"),
        ("http://north.example/?a=1", [], "bad_url"),
        ("north.example", [], "bad_url"),
    ],
)
async def test_no_address_leads_inside(url: str, addresses: list[str], code: str) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return addresses

    connections = open_session()
    client = PeerClient(connections, Group("North"), StillClock(), resolve=resolve, deadlines=FAST)
    with pytest.raises(PeerError) as caught:
        await client.node(url)
    assert caught.value.code == code
    await connections.close()


async def test_the_connection_goes_to_the_address_that_was_checked(scene: tuple[Host, Hostile]) -> None:
    """The name is looked up once; a second look-up by anybody would end here."""
    host, hostile = scene
    port = hostile.url.rsplit(":", 1)[1]
    asked: list[str] = []

    async def resolve(name: str, port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"]

    client = PeerClient(
        host.client._transport._connections, host.group, host.clock, resolve=resolve, deadlines=FAST
    )
    lines = await client.node(f"http://hostile.example:{port}", allow_private=True)
    assert (len(lines), asked) == (2, ["hostile.example"])
    endpoint = Endpoint(
        origin=hostile.group.origin,
        url=f"http://hostile.example:{port}",
        op_key=hostile.group.did,
        allow_private=False,
    )
    with pytest.raises(PeerError, match="not a public address"):
        await client.pull(endpoint, cursor=None)
