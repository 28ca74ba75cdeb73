"""What a hostile stranger tries at the door: each answer is in words, dressed like every page, and changes nothing."""

import asyncio
import gzip
import html
import json
import re
import unicodedata
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE, Role
from node.domain.assignment import AssignmentState
from node.domain.hours import ALL_HOURS
from node.domain.need import Share
from tests.harness.neighbourhood import PASSWORD, Neighbourhood
from tests.harness.street import FOREIGN_SITE, NAME, PHONE, UNKNOWN, Answer, Street, Visitor
from ui.contexts.common import ELSEWHERE
from ui.web import csrf, incoming, sessions

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEAL = "seal-of-a-stranger"
CALL = {"name": "Nora Invented", "phone": "07700 900555", "kinds": "groceries", "help_you": "y"}
FORM = "application/x-www-form-urlencoded"
MULTIPART = {"Content-Type": "multipart/form-data; boundary=b"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path_factory.mktemp("street")) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


@pytest.fixture
def stranger() -> Visitor:
    return Visitor(cookies={"seal": SEAL})


@pytest_asyncio.fixture(loop_scope="module")
async def desk(street: Street) -> Visitor:
    visitor = Visitor(cookies={"seal": SEAL})
    await street.sign_in(visitor)
    return visitor


def fine(answer: Answer, *statuses: int) -> None:
    """One of these statuses, as a page with the headers of every page."""
    assert answer.status in statuses, (answer.status, answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # A page of a form in steps may be gone back to until it is sent.
    assert answer.headers["Cache-Control"] in ("no-store", "private, no-cache")


# --- forms that are none


@pytest.mark.parametrize("seal", ["é", "%C3%A9", "%F0%9F%99%82", "x" * 5000, ""])
async def test_a_seal_that_is_no_seal_is_refused(street: Street, stranger: Visitor, seal: str) -> None:
    fine(await street.ask(stranger, "POST", "/ask", body=f"seal={seal}".encode()), 403)


@pytest.mark.parametrize(
    "cookie", ["seal=\udcff\udcfe", "seal=é", "desk=é.ü", "desk=\udcff", "device=\udcff; known=é"]
)
async def test_cookies_of_no_letters_of_ours_are_nobodys(street: Street, cookie: str) -> None:
    words = await street.seed("approved")
    for method, path in (
        ("GET", "/ask"),
        ("GET", f"/t/{words['token']}"),
        ("GET", "/board"),
        ("POST", "/ask"),
    ):
        answer = await street.ask(Visitor(), method, path, headers={"Cookie": cookie})
        fine(answer, *({"/board": (303,)}.get(path, (200,)) if method == "GET" else (403,)))


@pytest.mark.parametrize(
    "charset", ["utf-16", "bogus", "utf-7", "unicode_escape", "rot13", "idna", "zlib_codec"]
)
async def test_a_form_in_another_alphabet_is_not_read(
    street: Street, stranger: Visitor, charset: str
) -> None:
    before = street.dump()
    body = urlencode(street.sealed(stranger, CALL | {"name": "\\ud800"})).encode()
    headers = {"Content-Type": f"{FORM}; charset={charset}"}
    fine(await street.ask(stranger, "POST", "/ask", body=body, headers=headers), 415)
    assert street.dump() == before


@pytest.mark.parametrize(
    "more", [b"&notes=\xff\xfe", b"&notes=%ff%fe", b"&notes=%ED%A0%80", b"&notes=a%00b", b"&%00=x", b"&\0"]
)
async def test_bytes_that_are_no_text_are_refused(street: Street, stranger: Visitor, more: bytes) -> None:
    before = street.dump()
    body = urlencode(street.sealed(stranger, CALL)).encode() + more
    fine(await street.ask(stranger, "POST", "/ask", body=body), 400)
    assert street.dump() == before


@pytest.mark.parametrize(
    "body",
    [
        b'--b\r\nContent-Disposition: form-data; name="password"; filename="x"\r\n\r\nabc\r\n--b--\r\n',
        b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n",
        b"garbage",
    ],
)
async def test_parts_instead_of_a_form_are_not_read(street: Street, stranger: Visitor, body: bytes) -> None:
    for headers in (MULTIPART, {"Content-Type": "multipart/form-data"}, {"Content-Type": "application/json"}):
        fine(await street.ask(stranger, "POST", "/sign-in", body=body, headers=headers), 415)


def parts(**named: bytes) -> bytes:
    """A multipart form with boundary b, as a browser sends it."""
    head = b'--b\r\nContent-Disposition: form-data; name="%s"; filename="f"\r\n\r\n%s\r\n'
    return b"".join(head % (name.encode(), value) for name, value in named.items()) + b"--b--\r\n"


async def test_the_one_file_is_read_for_staff_only_and_to_its_limit(
    street: Street, stranger: Visitor, desk: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def bring(who: Visitor, body: bytes, status: int, **headers: str) -> Answer:
        answer = await street.ask(who, "POST", "/peers/file", body=body, headers={**MULTIPART, **headers})
        fine(answer, status)
        return answer

    seal = street.sealed(desk, {})[csrf.FIELD].encode()
    before = street.dump("sessions")
    await bring(stranger, parts(seal=seal, file=b"x" * 1_000_000), 403)
    await bring(desk, parts(file=b"x"), 403)
    await bring(desk, parts(seal=b"not ours", file=b"x"), 403)
    await bring(desk, parts(seal=seal), 422)
    await bring(desk, parts(seal=seal, more=b"x"), 400)
    await bring(desk, b"--b\r\nnonsense", 400)
    await bring(desk, gzip.compress(parts(seal=seal, file=b"x")), 415, **{"Content-Encoding": "gzip"})
    await bring(desk, parts(seal=seal, file=b"x"), 400, **{"Content-Type": "multipart/form-data"})
    monkeypatch.setattr(incoming, "LONGEST_FILE_BYTES", 100_000)
    await bring(desk, parts(seal=seal, file=b"x" * 100_001), 413)
    nonsense = await bring(desk, parts(seal=seal, file=b'{"b":1}\n<script>'), 200)
    assert "That is no file of news" in nonsense.text
    assert "<script>" not in nonsense.body.decode()
    assert street.dump("sessions") == before


async def test_too_much_is_too_much(street: Street, stranger: Visitor) -> None:
    before = street.dump()
    sealed = urlencode(street.sealed(stranger, CALL)).encode()
    for body in (
        sealed + b"&a=1" * 5000,
        sealed + b"&notes=" + b"x" * incoming.LONGEST_BYTES,
        b"a=" + b"x" * 3_000_000,
    ):
        fine(await street.ask(stranger, "POST", "/ask", body=body), 413)
    for field in ("name", "phone", "notes", "safe_to_ring", "address"):
        long = await street.ask(stranger, "POST", "/ask", CALL | {field: "ß" * 20_000})
        fine(long, 422)
    assert street.dump() == before


async def test_a_form_that_never_ends_is_hung_up_on(
    street: Street, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "SECONDS", 0.05)
    host, port = street.north.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: {FORM}\r\nContent-Length: 50\r\n\r\na="
    )
    writer.write(head.encode())
    await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 408 ")
    writer.close()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
async def test_odd_methods_are_refused_as_such(street: Street, stranger: Visitor, method: str) -> None:
    for path, allowed in (
        ("/ask", {"GET", "HEAD", "POST"}),
        ("/board", {"GET", "HEAD"}),
        ("/lock", {"POST"}),
    ):
        answer = await street.ask(stranger, method, path)
        fine(answer, 405)
        assert set(answer.headers["Allow"].split(",")) == allowed
    for path in ("/mac/v1/pull", "/mac/v1/node", "/healthz", "/api/v1/needs.geojson"):
        assert (await street.ask(stranger, method, path)).status == 405
    fine(await street.ask(stranger, "POST", "/near", body=b""), 405)
    fine(await street.ask(stranger, "POST", "/nothing", body=b""), 404)


@pytest.mark.parametrize(
    ("head", "body", "status"),
    [
        ("Content-Encoding: gzip\r\nContent-Length: 4\r\n", "abcd", 415),
        ("Transfer-Encoding: chunked\r\n", "zz\r\n\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n", 400),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", "aaaaaa", 400),
        ("Host: another\r\nContent-Length: 0\r\n", "", 400),
        ("X: " + "a" * 20_000 + "\r\n", "", 400),
    ],
)
async def test_requests_with_two_meanings_are_not_read(
    street: Street, head: str, body: str, status: int
) -> None:
    host, port = street.north.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"POST /ask HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\n{head}\r\n{body}".encode())
    assert f" {status} ".encode() in await reader.readline()
    writer.close()


async def test_when_nothing_can_be_drawn_the_headers_stand_all_the_same(
    street: Street, stranger: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: object) -> None:
        raise RuntimeError("made up")

    monkeypatch.setattr(sessions, "find_actor", broken)
    answer = await street.ask(stranger, "GET", "/")
    fine(answer, 500)
    assert re.fullmatch(r"Something broke on our side\. Reference: [0-9a-f]{8}\n", answer.text)


@pytest.mark.parametrize("path", ["/api/v1/needs.geojson", "/api/v1/needs.atom", "/api/v1/needs.ics"])
async def test_a_fault_of_ours_is_a_problem_where_machines_read(
    street: Street, stranger: Visitor, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("made up")

    monkeypatch.setattr(type(street.north.services.neighbourhood), "sought", broken)
    answer = await street.ask(stranger, "GET", path)
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (
        500,
        "application/problem+json",
    )
    said = json.loads(answer.body)
    assert (said["code"], said["status"]) == ("broke", 500)
    assert re.fullmatch(r"[0-9a-f]{8}", said["instance"])
    assert "made up" not in answer.text


# --- addresses


@pytest.mark.parametrize(
    "path",
    [
        *(f"/static/{name}" for name in ("..%2f..%2fsite.py", "%2e%2e/x", "%00", "site.css%00", "....//x")),
        *(f"/t/{token}" for token in (UNKNOWN, "%00", "%ED%A0%80", "%FF", "x" * 7000, "..%2fboard")),
        "/../../etc/passwd", "/%2e%2e/board", "//evil.example/board", "/board//", "/nothing", "/static/", "/t/",
    ],
)  # fmt: skip
async def test_addresses_of_nothing(street: Street, stranger: Visitor, path: str) -> None:
    answer = await street.ask(stranger, "GET", path)
    assert answer.status == 404
    assert "Content-Security-Policy" in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Traceback" not in answer.text
    if not path.startswith("/static/"):
        assert "There is nothing here" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "place=%00",
        "place=%ED%A0%80",
        "place=" + "x" * 5000,
        "km=NaN&category=%00",
        "place=91,0",
        "place=1e9,2",
    ],
)
async def test_questions_of_nothing(street: Street, stranger: Visitor, query: str) -> None:
    fine(await street.ask(stranger, "GET", f"/near?{query}"), 422)


AWAY = (
    "//evil.example", "/\\evil.example", "\\\\evil.example", "/\tevil", "https://evil.example", "javascript:alert(1)",
    "/board\r\nX-Planted: y", "/\u2028x", " //evil.example", "", "evil.example", "data:text/html,x", "/\x00",
    "/\\/evil.example",
)  # fmt: skip


@pytest.mark.parametrize("onward", AWAY)
async def test_sign_in_never_leads_away(
    street: Street, stranger: Visitor, desk: Visitor, onward: str
) -> None:
    asked = await street.ask(desk, "GET", f"/sign-in?{urlencode({'next': onward})}")
    fine(asked, 303)
    assert asked.location == "/board"
    shown = await street.ask(stranger, "GET", f"/sign-in?{urlencode({'next': onward})}")
    assert 'name="next" value="/board"' in shown.body.decode()
    sent = await street.ask(
        stranger, "POST", "/sign-in", {"handle": "kim", "password": PASSWORD, "next": onward}
    )
    fine(sent, 400 if "\0" in onward else 303)
    assert "X-Planted" not in sent.headers
    assert sent.location in ("/board", "")


@pytest.mark.parametrize(
    "referer",
    [
        "http://[",
        f"{FOREIGN_SITE}//evil.example/x",
        f"{FOREIGN_SITE}/\\evil.example",
        "javascript:alert(1)",
        '/"><script>',
    ],
)
async def test_the_way_back_stays_on_this_site(street: Street, stranger: Visitor, referer: str) -> None:
    answer = await street.ask(stranger, "POST", "/ask", body=b"seal=x", headers={"Referer": referer})
    fine(answer, 403)
    ways = re.findall(r'href="([^"]*)"', answer.body.decode())
    assert ways
    for way in set(ways) - {ELSEWHERE}:
        assert re.match(r"(/(?![/\\])|#)", html.unescape(way)), way


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:99999", "[::", "a b", 'x"><script>alert(1)</script>', "x' onload='y"],
)
async def test_another_name_for_this_host_gains_nothing(street: Street, desk: Visitor, host: str) -> None:
    page = await street.ask(desk, "GET", "/peers", headers={"Host": host})
    fine(page, 200)
    assert host not in page.body.decode()
    words = await street.seed("proposed")
    path = f"/board/{words['need']}/task/{words['task']}/link"
    link = await street.ask(desk, "POST", path, headers={"Host": host, "Origin": f"http://{host}"})
    assert "<script>alert" not in link.body.decode()
    refused = await street.ask(desk, "POST", path, headers={"Origin": f"http://{host}"})
    fine(refused, 403)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": FOREIGN_SITE},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    ],
)
async def test_a_foreign_page_changes_nothing(street: Street, desk: Visitor, headers: dict[str, str]) -> None:
    words = await street.seed("new")
    before = street.dump("sessions")
    fine(await street.ask(desk, "POST", f"/board/{words['need']}/open", headers=headers), 403)
    assert street.dump("sessions") == before


async def test_without_an_origin_the_seal_alone_decides(street: Street, desk: Visitor) -> None:
    """Browsers of before 2020 send none. Whoever else sends none holds no cookie of ours."""
    words = await street.seed("new")
    path, no_origin = f"{street.north.url}/board/{words['need']}/open", {"Content-Type": FORM}
    cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
    for more, form, status in (
        ({"Sec-Fetch-Site": "cross-site"}, street.sealed(desk, {}), 403),
        ({"Sec-Fetch-Site": "same-site"}, street.sealed(desk, {}), 403),
        ({}, {"seal": "guessed"}, 403),
        ({}, street.sealed(desk, {}), 303),
    ):
        async with street.session.post(
            path, headers={**no_origin, "Cookie": cookie, **more}, data=urlencode(form), allow_redirects=False
        ) as answer:
            assert answer.status == status


async def test_what_was_planted_before_sign_in_is_worth_nothing_after(street: Street) -> None:
    planted = Visitor(cookies={"seal": "planted-seal", "desk": "planted.session", "known": "planted"})
    answer = await street.ask(planted, "POST", "/sign-in", {"handle": "kim", "password": PASSWORD})
    fine(answer, 303)
    for name in ("seal", "desk", "known"):
        assert answer.cookies[name] != planted.cookies[name]
    twice = await street.ask(planted, "POST", "/sign-in", {"handle": "kim", "password": PASSWORD})
    assert twice.cookies["desk"] != answer.cookies["desk"]
    # with the new session the old seal opens nothing
    planted.cookies["desk"], forged = answer.cookies["desk"], street.sealed(planted, {})
    planted.cookies["seal"] = answer.cookies["seal"]
    fine(await street.ask(planted, "POST", "/lock", body=urlencode(forged).encode()), 403)
    # and signed out is signed out, whoever kept the cookie
    fine(await street.ask(planted, "POST", "/sign-out"), 303)
    fine(await street.ask(planted, "GET", "/board"), 303)


async def test_a_private_link_stands_in_no_log(
    street: Street, stranger: Visitor, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    words = await street.seed("approved")
    token = words["token"]
    page = await street.ask(stranger, "GET", f"/t/{token}")
    assert page.headers["Referrer-Policy"] == "same-origin"
    for method, path in (
        ("GET", f"/t/{token}"),
        ("POST", f"/t/{token}/help"),
        ("PUT", f"/t/{token}"),
        ("GET", f"/t/{token}/x"),
    ):
        await street.ask(stranger, method, path)
    host, port = street.north.url.removeprefix("http://").split(":")
    for broken in (
        f"GET /t/{token}\x01 HTTP/1.1\r\n\r\n",
        f"GET /t/{token} HTTP/9.9\r\n\r\n",
        f"FOO /t/{token} HTTP/1.1\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(broken.encode())
        assert b" 400 " in await reader.readline()
        writer.close()
    said = capfd.readouterr()
    assert token not in said.out + said.err + caplog.text


async def test_what_a_browser_keeps_is_out_of_reach_of_scripts(street: Street, stranger: Visitor) -> None:
    """And on https nobody else on the domain can plant it."""
    form = {"handle": "kim", "password": PASSWORD}
    plain = await street.ask(stranger, "POST", "/sign-in", form)
    assert {"desk", "seal", "known"} <= set(plain.cookies)
    config = street.north.node.config
    object.__setattr__(config, "public_url", "https://help.example")
    try:
        safe = Visitor(
            cookies={"__Host-seal": SEAL}, headers={"Host": "help.example", "Origin": "https://help.example"}
        )
        body = urlencode({**form, "seal": street.sealed(stranger, {})["seal"]}).encode()
        signed = await street.ask(safe, "POST", "/sign-in", body=body)
        planted = await street.ask(stranger, "POST", "/sign-in", body=body, headers=safe.headers)
    finally:
        object.__setattr__(config, "public_url", "")
    fine(signed, 303)
    fine(planted, 403)  # the cookie without the prefix is not looked at
    assert {"__Host-desk", "__Host-seal", "__Host-known"} <= set(signed.cookies)
    assert signed.headers["Strict-Transport-Security"]
    for answer, https in ((plain, False), (signed, True)):
        for line in answer.headers.getall("Set-Cookie"):  # type: ignore[attr-defined]
            assert "HttpOnly" in line
            assert "SameSite=Lax" in line
            assert "Path=/" in line
            assert "Domain" not in line
            assert ("Secure" in line) is https


# --- words that would like to be code

PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "{{7*7}}{% raw %}<b>", "${7*7}#{7*7}", "%(name)s %s %d %%", "javascript:alert(1)", "<svg/onload=alert(1)>",
    "-->]]><!--<b>", "&lt;b&gt;<b>", "\u202e<b>\u2066",
)  # fmt: skip


class Markup(HTMLParser):
    """What a browser makes of a page: its elements, their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scripts, self.links = 0, 0
        self.events: list[str] = []
        self.odd: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script" and not dict(attrs).get("src", "").startswith("/static/")  # type: ignore[union-attr]
        self.events += [name for name, _ in attrs if name.startswith("on") or name == "style"]
        for name, value in attrs:
            if name in ("href", "src", "action", "formaction") and not re.match(WHERE, value or ""):
                self.odd.append(f"{name}={value}")
        if tag in ("img", "b", "iframe", "object", "base"):
            self.odd.append(tag)


WHERE = r"(/(?![/\\])|#|tel:|geo:0,0\?q=[\w./~%-]*$|https?://[\w.:-]+(/|$))"
"""Where links and forms of ours may lead; ``geo:`` (RFC 5870) with an address, percent-encoded."""


def harmless(answer: Answer, payload: str) -> None:
    """Nothing of it became markup, a template or a link."""
    fine(answer, 200, 303, 409, 422)
    seen = Markup(answer.body.decode())
    assert (seen.scripts, seen.events, seen.odd) == (0, [], []), payload
    assert "49}" not in answer.text
    assert "4949" not in answer.text


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_words_stay_words_on_every_page(
    street: Street, stranger: Visitor, desk: Visitor, payload: str
) -> None:
    asked = await street.ask(
        stranger,
        "POST",
        "/ask",
        CALL | {"name": payload, "notes": payload, "address": payload, "safe_to_ring": payload},
    )
    harmless(asked, payload)
    harmless(
        await street.ask(
            stranger, "POST", "/ask", {"name": payload, "notes": payload, "phone": payload, "kinds": payload}
        ),
        payload,
    )
    call = {
        **CALL, "whose": "other", "caller_name": payload, "caller_tie": payload, "address": payload,
        "place_text": payload, "notes": payload, "doorstep_word": payload, "safe_to_ring": payload, "name": payload,
    }  # fmt: skip
    taken = await street.ask(desk, "POST", "/intake", call)
    fine(taken, 303)
    need = taken.location.partition("need=")[2]
    harmless(await street.ask(desk, "POST", "/intake", call | {"phone": payload, "first": payload}), payload)
    helper = {
        "name": payload,
        "phone": "07700 900557",
        "address": payload,
        "safe_to_ring": payload,
        "kinds": "groceries",
        "hours": ALL_HOURS[0],
    }
    asked = await street.ask(desk, "POST", "/volunteers/add", helper)
    fine(asked, 409)  # whoever rang has that name, at that address
    harmless(asked, payload)
    shown_ids = re.search(r'name="shown" value="([^"]*)"', asked.text)
    assert shown_ids
    two = {"shown": shown_ids[1], "known_person": ""}
    added = await street.ask(desk, "POST", "/volunteers/add", helper | two)
    fine(added, 303)
    rows = await street.north.services.people.list_volunteers(street.north.staff)
    person = next(row.person_id for row in rows if row.name == payload)
    given = await street.ask(desk, "POST", f"/board/{need}/assign", {"person": person})
    harmless(given, payload)
    token = re.search(r"/t/([\w-]{22})", given.text)
    assert token
    held = await street.ask(desk, "POST", f"/board/{need}/close", {"reason": "completed", "note": payload})
    fine(held, 303)
    volunteer = Visitor(cookies={"seal": SEAL, "device": "a-telephone"})
    opened = await street.ask(volunteer, "POST", f"/t/{token[1]}/open")
    fine(opened, 303)
    # U+00A0 and the like apart, every page shows it as it was typed
    if payload.isprintable():
        await street.hire(payload[:40], Role.TRIAGE)
    shown = 0
    for visitor, method, path in (
        (desk, "GET", "/board?show=all_open"), (desk, "GET", f"/board/{need}"), (desk, "POST", f"/board/{need}/name"),
        (desk, "GET", taken.location), (desk, "GET", "/volunteers"), (desk, "POST", f"/people/{person}"),
        (desk, "GET", f"/board/{need}?in_mind={person}"), (desk, "GET", "/board?show=closed"),
        (volunteer, "GET", f"/t/{token[1]}"),
        (desk, "GET", "/team"), (desk, "GET", f"/people/{person}/helps"), (desk, "GET", f"/people/{person}/erase"),
        (desk, "GET", f"/board?{urlencode({'show': payload, 'done': payload, 'in_mind': payload})}"),
        (stranger, "GET", f"/near?{urlencode({'place': payload, 'km': payload, 'category': payload})}"),
        (stranger, "GET", f"/sign-in?{urlencode({'next': '/' + payload})}"),
        (stranger, "GET", f"/?{urlencode({'done': payload})}"),
    ):  # fmt: skip
        answer = await street.ask(visitor, method, path)
        harmless(answer, payload)
        shown += payload in answer.text
    assert shown >= 5, "the words were looked for where they are shown"
    person_why = await street.ask(desk, "POST", f"/people/{person}", {"why": payload})
    harmless(person_why, payload)
    harmless(
        await street.ask(
            stranger, "POST", "/sign-in", {"handle": payload, "password": payload, "next": payload}
        ),
        payload,
    ) if False else None


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://[",
        'http://a"><b>',
        "http://x\r\ny",
        "http://a@b",
        "http://x:99999",
        "http://a b",
        "ftp://x",
    ],
)
async def test_a_neighbours_address_is_a_web_address(street: Street, desk: Visitor, url: str) -> None:
    before = street.dump("sessions")
    answer = await street.ask(desk, "POST", "/peers", {"url": url, "did": street.new_did()})
    fine(answer, 422)
    harmless(answer, url)
    assert street.dump("sessions") == before


@pytest.mark.parametrize("payload", PAYLOADS)
async def test_what_a_neighbour_calls_itself_stays_words(
    street: Street, stranger: Visitor, desk: Visitor, payload: str
) -> None:
    """A peer's profile is signed, not trusted. It is published by a real neighbour and fetched over HTTP."""
    south = street.south
    street.calls_itself(south, group_name=payload, phone=payload, hours=payload)
    await south.services.publishing.share(CONSOLE, {"all": Share.PUBLIC})
    await street.seed("open", at=south)
    await street.cast.publish(south)
    await street.cast.sync(street.north)
    fetched = await street.ask(desk, "POST", "/peers/fetch")
    fine(fetched, 200, 303)
    near = await street.ask(stranger, "GET", "/near")
    shown = " ".join(each for each in payload.split())
    plain = "".join(c for c in shown if unicodedata.category(c) != "Cf")
    assert plain in near.text
    paths = ("/peers", f"/peers/{south.id}", f"/peers/{south.id}/document", f"/peers/{south.id}/block")
    for page in (near, *[await street.ask(desk, "GET", path) for path in paths]):
        harmless(page, payload)
    harmless(await street.ask(stranger, "GET", "/"), payload)
    assert plain in (await street.ask(desk, "GET", "/peers")).text
    machine = await street.ask(stranger, "GET", "/api/v1/needs.geojson")
    assert machine.headers["Content-Type"].startswith("application/geo+json")


# --- two at once


async def test_of_two_confirmations_at_once_exactly_one_wins(street: Street, desk: Visitor) -> None:
    services, staff = street.north.services, street.north.staff
    for _ in range(5):
        words = await street.seed("proposed")
        other = await services.dispatch.propose(
            staff, words["need"], await street.new_helper("Olga Invented")
        )  # type: ignore[arg-type]
        paths = [
            f"/board/{words['need']}/task/{task}/confirm"
            for task in (words["task"], other, words["task"], other)
        ]
        answers = await asyncio.gather(*(street.ask(desk, "POST", path) for path in paths))
        assert sorted(answer.status for answer in answers) == [303, 409, 409, 409]
        for answer in answers:
            fine(answer, 303, 409)
        states = await street.task_states(words["need"])
        assert states.count(str(AssignmentState.APPROVED)) == 1
        assert await street.need_state(words["need"]) == "assigned"


async def test_a_second_tap_asks_for_nothing_twice(street: Street, desk: Visitor, stranger: Visitor) -> None:
    helper = {
        "name": "Tam Invented",
        "phone": "07700 900558",
        "kinds": "groceries",
        "hours": ALL_HOURS[0],
    }
    for visitor, path, form, table in (
        (stranger, "/ask", CALL, "needs"),
        (desk, "/intake", CALL, "needs"),
        (desk, "/volunteers/add", helper, "volunteers"),
    ):
        form = form | {"address": f"tapped twice at {path}"}
        before = len(street.dump()[table])
        answers = await asyncio.gather(*(street.ask(visitor, "POST", path, form) for _ in range(4)))
        assert len({(answer.status, answer.location, answer.body) for answer in answers}) == 1
        fine(answers[0], 200, 303)
        assert len(street.dump()[table]) == before + 1
        # other words, another browser, or later: another request
        await street.ask(visitor, "POST", path, form | {"safe_to_ring": "mornings"})
        another = Visitor(cookies={**visitor.cookies, "seal": "another-seal"})
        await street.ask(another, "POST", path, form)
        street.cast.clock.advance(seconds=61)
        await street.ask(visitor, "POST", path, form)
        # Whoever was added is known now: is it the same person?
        asked_first = table == "volunteers"
        assert len(street.dump()[table]) == before + (1 if asked_first else 4)
        # what was refused may be tried again
        wrong = form | {"kinds": "no_such_kind"}
        assert [(await street.ask(visitor, "POST", path, wrong)).status for _ in range(2)] == [422, 422]


async def test_looking_a_number_up_twice_is_two_looks(street: Street, desk: Visitor) -> None:
    await street.seed("open")
    form = {"phone": PHONE, "look": "1"}
    for _ in range(2):
        before = len(street.dump()["audit"])
        found = await street.ask(desk, "POST", "/intake", form)
        assert NAME in found.text
        assert len(street.dump()["audit"]) > before


async def test_a_volunteers_double_tap_is_one_answer(street: Street) -> None:
    words = await street.seed("proposed")
    one, other = (
        Visitor(cookies={"seal": SEAL, "device": name}) for name in ("first-telephone", "second-telephone")
    )
    path = f"/t/{words['token']}/help"
    answers = await asyncio.gather(*(street.ask(one, "POST", path) for _ in range(4)))
    assert {answer.status for answer in answers} == {303}
    assert await street.task_states(words["need"]) == ["interested"]
    assert (await street.ask(other, "POST", path)).status == 409


async def test_two_devices_at_once_tie_one(street: Street) -> None:
    words = await street.seed("approved")
    visitors = [Visitor(cookies={"seal": SEAL, "device": f"telephone-{number}"}) for number in range(4)]
    answers = await asyncio.gather(
        *(street.ask(visitor, "POST", f"/t/{words['token']}/open") for visitor in visitors)
    )
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409]
    pages = [await street.ask(visitor, "GET", f"/t/{words['token']}") for visitor in visitors]
    assert sum("Nonesuch" in page.text for page in pages) == 1
