"""A whole node between an honest neighbour and one that plays the attack list. For each attack: what was refused, where
the operator finds it, and that honest traffic went on.

What a node answers to single odd requests, and every form of an address, is in ``test_hostile_peer``.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import orjson
import pytest
from aiohttp import web

from federation.body import read_body
from federation.feed import Page
from federation.transport import Deadlines
from node.domain.actors import CONSOLE
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point
from protocol import b64
from protocol.envelope import media_type, pae
from tests.faults import test_hostile_peer as answers
from tests.faults.test_hostile_peer import Answer, Hostile
from tests.fuzz.mutants import line_of, signed
from tests.fuzz.nonsense import SMALL_ORDER_DID
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.unit.federation.groups import EPOCH, Group, ident
from tests.unit.federation.hosts import hurried, serve

CANARY = "wordsofthehostileone"


class Scene:
    """``north`` is the real node; ``south`` the honest neighbour."""

    def __init__(self, cast: Neighbourhood, north: Member, south: Member, hostile: Hostile) -> None:
        self.cast, self.north, self.south, self.hostile = cast, north, south, hostile
        self._honest = itertools.count()

    async def round(self) -> tuple[bool, str | None, int]:
        """North talks with everybody: (hostile's round is good, its error, lines refused of it)."""
        rounds = {each.origin: each for each in await self.north.services.peering.sync(CONSOLE)}
        assert rounds[self.south.id].ok, rounds
        mine = rounds[self.hostile.group.origin]
        return mine.ok, mine.error, mine.refused

    async def code(self) -> str | None:
        """What the page of this neighbour says was wrong with the last talk."""
        seen = await self.north.node.network.reader.origins()
        return next(each.error_code for each in seen if each.origin == self.hostile.group.origin)

    async def turned_down(self, *, proved: bool) -> dict[str, int]:
        """How often requests of it (``proved``), or in its name only, were refused, by code."""
        seen = await self.north.node.network.reader.origins()
        mine = next(each for each in seen if each.origin == self.hostile.group.origin)
        return {each.code: each.times for each in mine.turned_down if each.proved is proved}

    async def quarantined(self) -> set[tuple[str, bytes]]:
        """(code, raw bytes) of the refused lines."""
        return {(each.code, each.raw) for each in await self.north.node.network.store.quarantined(500)}

    async def held(self) -> list[bytes]:
        """What north holds of the honest two, itself and south."""
        honest = [self.south.id, self.north.id]
        return await self.north.node.network.store.lines_of(honest, ["public", "peers"])

    async def honest_traffic_goes_on(self) -> None:
        """South has one need more; after one round north shows it."""
        number = next(self._honest)
        await self.south.services.intake.take(
            self.south.staff,
            NewNeed(
                person=NewPerson(name=f"Invented {number}", phone=f"07700 900{number:03}"),
                categories=("groceries",),
                point=Point(lat=51.43, lon=-2.58, accuracy_m=50),
                consents=CONSENTS,
                start="open",
            ),
        )
        await self.cast.publish(self.south)
        before = await self._shown()
        await self.round()
        assert await self._shown() == before + 1

    async def _shown(self) -> int:
        needs = await self.north.node.network.store.needs(
            sets={"public"}, origins={self.south.id}, limit=10_000
        )
        return len(needs)


CONSENTS = Consents(help_you=True, groups_see=True, keep_details=True)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    hostile = Hostile()
    async with AsyncExitStack() as stack, Neighbourhood(tmp_path) as cast:
        app = web.Application()
        app.router.add_get("/mac/v1/node", hostile.node)
        app.router.add_post("/mac/v1/{verb}", hostile.pull)
        hostile.url = await serve(app, stack)
        north, south = await cast.add("north"), await cast.add("south", at=(51.43, -2.58))
        await cast.befriend(north, south)
        await south.share_everything()
        await north.services.peering.add(CONSOLE, hostile.url, did=hostile.group.origin, allow_private=True)
        yield Scene(cast, north, south, hostile)
        assert await north.node.network.store.count_faults() == []


SOON = Deadlines(connect=5.0, read=2.0, total=4.0)
ANSWERS: tuple[tuple[Answer, str], ...] = (
    (answers.nonsense, "nonsense"),
    (answers.empty, "nonsense"),
    (answers.wrong_page, "nonsense"),
    (answers.circles, "nonsense"),
    (answers.unsigned, "not_signed"),
    (answers.signed_error, "failed"),
    (answers.forged, "bad_signature"),
    (answers.changed, "wrong_digest"),
    (answers.redirect, "redirect"),
    (answers.packed(answers.BOMB), "too_large"),
    (answers.packed(answers.PACKED, cut=-3), "compressed"),
    (answers.announced_huge, "too_large"),
    (answers.endless, "too_large"),
    (answers.hangs, "deadline"),
    (answers.drips, "deadline"),
    (answers.cut_off, "unreachable"),
)


async def test_every_bad_answer_is_told_in_words_and_nobody_else_waits(scene: Scene) -> None:
    for answer, code in ANSWERS:
        scene.hostile.answer = answer
        with hurried(scene.north.node.network.client, SOON) if code == "deadline" else nullcontext():
            ok, error, _ = await scene.round()
            assert (ok, await scene.code()) == (False, code), answer.__name__
            assert error is not None
            assert len(error) > 20, answer.__name__
            await scene.honest_traffic_goes_on()


async def test_an_earlier_answer_brings_nothing_and_is_told(scene: Scene) -> None:
    """The signature under it is true, and of another request."""
    scene.hostile.answer = answers.replayed
    assert (await scene.round())[0]
    before = await scene.held()
    for _ in range(2):
        ok, error, refused = await scene.round()
        assert (ok, refused, await scene.code()) == (False, 0, "bad_signature")
        assert error
        assert len(error) > 20
    assert await scene.held() == before
    assert await scene.quarantined() == set(), "of an answer that is none no line is looked at"
    await scene.honest_traffic_goes_on()


INSIDE = (
    *("http://127.0.0.1:1", "http://2130706433", "http://0x7f.1", "http://0177.0.0.1", "http://127.1"),
    *("http://169.254.169.254", "http://[::1]", "http://[::ffff:127.0.0.1]", "http://[fe80::1]"),
    *("http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]", "http://localhost"),
)


async def test_an_address_that_leads_inside_is_told_and_nobody_else_waits(scene: Scene) -> None:
    """Whatever it is written like, and however it came onto the list: nothing is asked there."""
    scene.hostile.answer = _page
    scene.hostile.lines = scene.hostile.group.everything()
    assert (await scene.round())[0]
    before = await scene.held()
    for url in INSIDE:
        async with scene.north.node.network.on.db.write() as tx:
            await tx.execute(
                "UPDATE peers SET url = ?, allow_private = 0 WHERE origin = ?",
                (url, scene.hostile.group.origin),
            )
        await scene.north.node.network.talks.list_changed()
        ok, error, _ = await scene.round()
        assert (ok, await scene.code()) == (False, "bad_address"), url
        assert error
        assert len(error) > 20, url
    assert await scene.held() == before
    await scene.honest_traffic_goes_on()


async def _page(request: web.Request, peer: Hostile) -> web.StreamResponse:
    return peer.page(request)


def _duplicate(group: Group) -> bytes:
    line = group.summary("duplicate")
    return line.replace(b'"seq":', b'"seq":1,"seq":', 1)


def _body(line: bytes) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(line)["b"]
    return body


def _changed(**changes: Any) -> Callable[[Group], bytes]:
    def made(group: Group) -> bytes:
        body = _body(group.summary("genuine"))
        return signed({**body, "id": ident(f"bad {body['seq']}"), **changes}, group.op)

    return made


def _another_type(group: Group) -> bytes:
    """The genuine signature of a withdrawal over what is now said to be something else."""
    body = _body(group.withdrawal("replayed"))
    payload = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    other = group.op.sign(pae(media_type("head", 1), payload))
    return line_of(body, b64.encode(other))


def _small_order_keys(group: Group) -> bytes:
    body = _body(group.keys(rev=9)) | {"op_key": SMALL_ORDER_DID}
    return signed(body, group.root)


def _far_head(group: Group) -> bytes:
    return signed({**_body(group.head()), "epoch": EPOCH + 40 * 86_400}, group.op)


LINES: tuple[tuple[str, Callable[[Group], bytes], str], ...] = (
    ("a key twice", _duplicate, "duplicate_key"),
    ("a float", _changed(seq=7.0), "float"),
    ("a fraction", _changed(more=0.5), "float"),
    ("an integer out of range", _changed(seq=2**53), "integer_range"),
    ("deep nesting", _changed(more={"a": {"b": {"c": 1}}}), "too_deep"),
    ("nesting without an end", lambda _: b"[" * 4000, "not_json"),
    ("foreign digits", _changed(expires="２０２６-11-16"), "schema"),
    ("digits of another script in a cell", _changed(cell="٨5194ad7fffffff"), "schema"),
    ("an upper-case cell", _changed(cell="85194AD7FFFFFFF"), "schema"),
    ("bidi", _changed(more="\u202egnissim"), "bidi_override"),
    ("NUL", _changed(more="a\x00b"), "control_character"),
    ("half a character", lambda g: g.summary("x").replace(b'"need"', b'"\\ud800"'), "not_json"),
    ("letters put together otherwise", _changed(more="e\u0301"), "not_nfc"),
    ("bytes that are no text", lambda g: g.summary("x").replace(b"need", b"n\xffed"), "not_utf8"),
    ("a byte-order mark", lambda g: b"\xef\xbb\xbf" + g.summary("x"), "not_json"),
    ("white space", lambda g: g.summary("x").replace(b',"s"', b', "s"'), "not_canonical"),
    ("a line without an end", lambda _: b"z" * 900_000, "too_long"),
    ("an empty line", lambda _: b"", "empty_line"),
    ("another type", _another_type, "bad_signature"),
    ("a type of tomorrow", _changed(type="oracle"), "unknown_type"),
    ("a version of tomorrow", _changed(v=2), "unknown_version"),
    ("a small-order key", _small_order_keys, "bad_key_id"),
    ("an epoch of next year", _far_head, "epoch_too_far"),
    ("an end in the far future", _changed(expires="2027-11-16"), "expires_too_far"),
    ("a day that is none", _changed(expires="2026-02-30"), "bad_day"),
    ("a script", _changed(category=f"<script>{CANARY}</script>"), "schema"),
)
"""(what, the line, the code under which it stands in quarantine)."""


async def test_every_poisoned_line_costs_itself_and_is_kept_with_its_reason(
    scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    group = scene.hostile.group

    scene.hostile.answer = _page
    for number, (what, made, code) in enumerate(LINES):
        group.summary(f"good {number}")
        bad = made(group)
        scene.hostile.lines = [*group.everything(), bad]
        ok, error, refused = await scene.round()
        assert ok, (what, error)
        assert refused == 1, what
        assert (code, scene.hostile.lines[-1][:4096]) in await scene.quarantined(), what
        shown = await scene.north.node.network.store.needs(
            sets={"public"}, origins={group.origin}, limit=1000
        )
        assert ident(f"Hostile good {number}") in {need.id for need in shown}, what
    await scene.honest_traffic_goes_on()
    assert CANARY not in "".join(capfd.readouterr())


async def test_nobody_speaks_for_another(scene: Scene) -> None:
    """Wrong origins: an honest neighbour's name, our own, and one that nobody allows."""
    group, stranger = scene.hostile.group, Group("Stranger")

    scene.hostile.answer = _page
    await scene.cast.publish(scene.south, scene.north)
    await scene.round()
    before = await scene.held()
    genuine = [_body(line) for line in before]
    forged = [signed({**body, "seq": body.get("seq", 1) + 1000}, group.op) for body in genuine]
    renamed = [
        signed({**_body(group.keys(rev=99)), "origin": victim.id}, group.root)
        for victim in (scene.south, scene.north)
    ]
    scene.hostile.lines = [*group.everything(), *forged, *renamed, stranger.keys()]
    ok, error, refused = await scene.round()
    assert ok, error
    assert refused == len(forged) + len(renamed)
    assert await scene.held() == before
    assert {code for code, _ in await scene.quarantined()} == {"bad_signature"}
    views = await scene.north.node.network.store.origins()
    assert stranger.origin not in {view.origin for view in views}
    await scene.honest_traffic_goes_on()


async def test_pages_that_never_end_in_number_are_left(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page is good and says that there is more; the round is broken off, and the next neighbour has its turn."""
    monkeypatch.setattr("federation.sync.MAX_PAGES", 20)
    numbers = itertools.count()

    async def more(request: web.Request, peer: Hostile) -> web.StreamResponse:
        return peer.signed(request, Page(lines=(), cursor=f"c{next(numbers)}", more=True).body())

    scene.hostile.answer = more
    await scene.round()
    assert next(numbers) <= 45
    await scene.honest_traffic_goes_on()


class Asks:
    """Signed requests by the hostile one, made by hand."""

    def __init__(self, scene: Scene, session: aiohttp.ClientSession) -> None:
        where: Any = SimpleNamespace(url=scene.north.url, clock=scene.cast.clock)
        self._asker = answers.Asker(where, scene.hostile.group, session)
        self._session = session
        self._url = f"{scene.north.url}/mac/v1/"

    def headers(self, body: bytes, verb: str) -> dict[str, str]:
        """Of a request that is as it should be."""
        return self._asker.headers(body, path=verb)

    async def __call__(self, verb: str, body: bytes, **changes: str) -> tuple[int, str, bytes]:
        """(status, code of the refusal, body)."""
        return await self.sent(verb, body, {**self.headers(body, verb), **changes})

    async def sent(self, verb: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        async with self._session.post(self._url + verb, data=body, headers=headers) as response:
            answer = await response.read()
            told = response.content_type == "application/problem+json"
            code = orjson.loads(answer)["code"] if told else "" if response.status == 200 else response.reason
            return response.status, str(code), answer


ODD = (
    *(b"", b"{}", b"[]", b"null", b"\x00", b"\xff\xfe", b'{"a":1.5}', b'{"a":1,"a":1}', b"[" * 5000),
    b"[" * 400 + b"]" * 400,
    *(
        b'{"cursor":"\\u0000"}',
        b'{"cursor":7,"limit":"all"}',
        b'{"set":{}}',
        b'{"after":[],"origin":7,"set":1}',
    ),
    *(
        b'{"done":[1],"message":{},"put":{},"secret":7,"take":-1}',
        b'{"take":9007199254740991}',
        b'{"ids":[1]}',
    ),
    *(b'{"message":{"b":{},"s":""}}', b'{"put":{"v":1}}', b'{"origins":["' + b"x" * 60_000 + b'"]}'),
)
VERBS = ("pull", "heads", "manifest", "push", "message", "mailbox", "introduce", "oracle")


async def test_what_it_asks_costs_only_itself(scene: Scene) -> None:
    """Truly signed requests that make no sense: none breaks anything, none is answered with more than words."""
    scene.hostile.answer = _page
    scene.hostile.lines = scene.hostile.group.everything()
    await scene.round()
    before = await scene.held()
    async with aiohttp.ClientSession() as session:
        ask = Asks(scene, session)
        for verb in VERBS:
            for body in ODD:
                status, code, _ = await ask(verb, body)
                assert status < 500, (verb, body[:40], status, code)
                assert status == 200 or code, (verb, body[:40], status)
    assert await scene.held() == before
    await scene.honest_traffic_goes_on()


async def test_requests_that_are_not_what_they_say_are_refused(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.hostile.answer = _page
    scene.hostile.lines = scene.hostile.group.everything()
    await scene.round()
    body = b'{"cursor":null}'
    async with aiohttp.ClientSession() as session:
        ask = Asks(scene, session)
        signed_once = ask.headers(body, "pull")
        assert (await ask.sent("pull", body, signed_once))[0] == 200
        refused = {
            "again": await ask.sent("pull", body, signed_once),
            "to another verb": await ask.sent("push", body, ask.headers(body, "pull")),
            "another body": await ask.sent("pull", b"{}", ask.headers(body, "pull")),
            "compressed": await ask("pull", body, **{"Content-Encoding": "gzip"}),
            "by a small-order key": await ask.sent("pull", body, _by_a_weak_key(ask.headers(body, "pull"))),
            "too many lines": await ask("push", b"x\n" * 1_001),
            "too many bytes": await ask("push", b"x" * 2**21),
            "for another node": await ask("pull", body, Host="other.example"),
        }
    assert {what: answer[:2] for what, answer in refused.items()} == {
        "again": (401, "replayed"),
        "to another verb": (401, "bad_signature"),
        "another body": (401, "wrong_digest"),
        "compressed": (400, "body_refused"),
        "by a small-order key": (400, "bad_key_id"),
        "too many lines": (413, "too_many_lines"),
        "too many bytes": (413, "body_refused"),
        "for another node": (421, "other_authority"),
    }
    assert all(orjson.loads(answer[2])["detail"] for answer in refused.values())
    # And each leaves a trace, by its code, for the operator; what anybody could have sent stands apart.
    assert await scene.turned_down(proved=True) == {"replayed": 1, "too_many_lines": 1}
    assert await scene.turned_down(proved=False) == {
        "bad_signature": 1,
        "wrong_digest": 1,
        "body_refused": 2,
        "other_authority": 1,
        "bad_key_id": 1,
    }
    # The server below us unpacks nothing, and has nothing to cry about that anybody could fill the log with.
    assert not [record for record in caplog.records if record.exc_info]
    await scene.honest_traffic_goes_on()


class Drip:
    """One request of which the body comes a byte at a time: never silent, never done. Use as an async context."""

    def __init__(self, scene: Scene, verb: str, headers: dict[str, str]) -> None:
        self._where = scene.north.url.removeprefix("http://")
        lines = [f"{name}: {value}" for name, value in headers.items()]
        self._head = "\r\n".join(
            [
                f"POST /mac/v1/{verb} HTTP/1.1",
                f"Host: {self._where}",
                "Content-Length: 1000",
                *lines,
                "",
                "{",
            ]
        )

    async def __aenter__(self) -> "Drip":
        host, _, port = self._where.partition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        self._writer.write(self._head.encode())
        self._drips = asyncio.ensure_future(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._drips.cancel()
        self._writer.close()

    async def _go_on(self) -> tuple[int, str]:
        answer = asyncio.ensure_future(self._answer())
        try:
            while not (await asyncio.wait({answer}, timeout=0.1))[0]:
                self._writer.write(b"x")
            return answer.result()
        finally:
            answer.cancel()

    async def _answer(self) -> tuple[int, str]:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        told = orjson.loads(await self._reader.readexactly(length))
        assert told["detail"]
        return int(head.split(" ")[1]), str(told["code"])

    @property
    def going_on(self) -> bool:
        """Nobody has said anything to it yet."""
        return not self._drips.done()

    async def answered(self) -> tuple[int, str]:
        """(status, code of the refusal)."""
        return await self._drips


async def test_a_request_that_drips_is_ended_and_holds_nobody_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """At each verb that reads a body, by whoever may ask there."""
    scene.hostile.answer = _page
    scene.hostile.lines = scene.hostile.group.everything()
    await scene.round()
    before, patience, deadlines = await scene.held(), 0.35, set[float]()
    hostile = scene.hostile.group.origin.removeprefix("did:key:")

    async def read(request: web.Request, *, cap: int, seconds: float) -> bytes:
        if hostile not in request.headers["Signature-Input"]:
            return await read_body(request, cap=cap, seconds=seconds)
        deadlines.add(seconds)
        return await read_body(request, cap=cap, seconds=patience)

    monkeypatch.setattr("federation.answering.read_body", read)
    verbs = [verb for verb in VERBS if verb != "oracle"]
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        ask = Asks(scene, session)
        drips = [
            await stack.enter_async_context(Drip(scene, verb, ask.headers(b"{}", verb))) for verb in verbs
        ]
        assert [await drip.answered() for drip in drips] == [(408, "body_refused")] * len(verbs)
        assert deadlines == {10.0, 60.0}, "so many seconds, had the test not shortened them"
        # Of a request that never came in whole nothing is proved: it says nothing of the peer that it names.
        assert await scene.turned_down(proved=False) == {"body_refused": len(verbs)}
        assert await scene.turned_down(proved=True) == {}
        assert not [record for record in caplog.records if record.exc_info]
        assert await scene.held() == before
        await scene.honest_traffic_goes_on()
        # And before its time is over, too: forty at once hold nobody up, not even the same peer's next request.
        patience = 600.0
        more = [
            await stack.enter_async_context(Drip(scene, verb, ask.headers(b"{}", verb)))
            for verb in itertools.islice(itertools.cycle(verbs), 40)
        ]
        await scene.honest_traffic_goes_on()
        assert (await ask("pull", b'{"cursor":null}'))[0] == 200
        assert all(drip.going_on for drip in more)


async def test_a_push_of_poison_is_taken_apart_like_a_page(scene: Scene) -> None:
    """Each bad line by its reason, the good ones taken in."""
    group = scene.hostile.group
    scene.hostile.answer = _page
    scene.hostile.lines = group.everything()
    await scene.round()
    async with aiohttp.ClientSession() as session:
        ask = Asks(scene, session)
        for number, (what, made, code) in enumerate(LINES):
            if code in ("too_long", "empty_line"):
                continue
            group.summary(f"pushed {number}")
            lines = [*group.everything(), made(group)]
            status, _, answer = await ask("push", b"\n".join(lines) + b"\n")
            told = orjson.loads(answer)
            assert (status, [each["code"] for each in told["refused"]]) == (200, [code]), what
            assert told["accepted"] >= 2, what
    await scene.honest_traffic_goes_on()


def _by_a_weak_key(headers: dict[str, str]) -> dict[str, str]:
    weak = SMALL_ORDER_DID.removeprefix("did:key:")
    inner, _, rest = headers["Signature-Input"].partition("#")
    return {**headers, "Signature-Input": f'{inner}#{weak}"{rest.partition(chr(34))[2]}'}
