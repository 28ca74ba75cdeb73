"""Nobody sees or does what is not theirs: every route x every actor x own, another's and unknown object.

The table (``route_table``) is checked against the application's own router, so a route that nobody thought about
fails the build. Everything is executed: a real node on loopback, real HTTP, true cookies, seals, links, signatures.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.app import make_app
from tests.contract.route_table import CALL, TABLE, WISH, Row, Who
from tests.harness.crowd import OWN_DEVICE, UNKNOWN_NAMES, Crowd
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, UNKNOWN, Answer, Street, Visitor, is_page
from ui.views.links.task import ANSWERS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PREVIEWS = (
    "WhatsApp/2.23",
    "facebookexternalhit/1.1",
    "Slackbot-LinkExpanding 1.0",
    "TelegramBot (like TwitterBot)",
)
NAMES = re.compile(r"\b(Vera|Fay|Nils|Dan|Olive|Wim|Cap|Cal|Nora|Ida) Invented\b")
"""Volunteers of the made-up group."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crowd(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crowd]:
    async with Neighbourhood(tmp_path_factory.mktemp("street")) as cast:
        street = await Street.built(cast)
        crowd = Crowd(street)
        await crowd.gather()
        yield crowd
        await street.close()


def expected(crowd: Crowd, row: Row, who: Who, whose: str) -> set[str]:
    """What the table says that this actor meets on that object."""
    posts = row.method == "POST"
    if posts and is_page(row.path) and who in (Who.FOREIGN, Who.SEALLESS) and not row.one_click:
        return {"refused"}
    match row.kind:
        case "public":
            suspended = row.path == "/sign-in" and posts and who is Who.SUSPENDED
            return {"refused"} if suspended else {row.answers}
        case "gone":
            return {"nothing here"}
        case "peer":
            return {row.answers} if who is Who.PEER else {"not signed"}
        case "own" if who is not Who.OWN:
            return {"refused" if posts else "done"}
        case "own":
            return {row.answers} if whose in ("own", "none") else {"nothing here"}
        case "key" if whose == "unknown":
            return {"nothing here"}
        case "key":
            return {"done"}
        case "link" if whose == "unknown":
            return {"nothing here"}
        case "link" if posts and not (who is Who.VOLUNTEER and whose == "own"):
            return {"not on this device"}
        case "link":
            return {"done"}
        case "staff" if not crowd.at_desk(who):
            return {"refused" if posts else "sign in"}
        case "staff" if not row.may & crowd.roles(who) and not row.keyless:
            return {"refused"}
        case _:
            return {"nothing here"} if whose == "unknown" and row.tells else {row.answers}


def met(answer: Answer) -> str:
    """The answer in the table's words."""
    if answer.status == 303:
        return "sign in" if re.match(r"/sign-in\?next=", answer.location) else "done"
    return {
        200: "done",
        401: "not signed",
        403: "refused",
        404: "nothing here",
        409: "not on this device",
    }.get(answer.status, str(answer.status))


def but_looks(dump: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without the looks at a page that was drawn again because the form lacked something."""
    return {**dump, "audit": [row for row in dump["audit"] if ", 'look." not in row]}


# --- the table itself


async def test_the_table_names_every_route_and_no_other(crowd: Crowd) -> None:
    app = make_app(crowd.street.north.node)
    real: dict[tuple[str, str], str] = {}
    for route in app.router.routes():
        assert route.resource is not None
        if route.method != "HEAD":
            real[route.method, route.resource.canonical] = str(route.resource.get_info().get("pattern", ""))
    table = {(row.method, row.path) for row in TABLE}
    assert set(real) - table == set(), "routes that no line of the table speaks of"
    assert table - set(real) == set(), "lines of the table for routes that do not exist"
    # an address with a choice of words stands in the table once for each
    for path, choices in {
        "/board/{need}/task/{task}/{step}": re.search(
            r"\(\?P<step>([^)]*)\)", real["POST", "/board/{need}/task/{task}/{step}"]
        ),
        f"{WISH}/task/{{away}}/{{step}}": re.search(
            r"\(\?P<step>([^)]*)\)", real["POST", f"{WISH}/task/{{away}}/{{step}}"]
        ),
        "/peers/{peer}/{step}": re.search(r"\(\?P<step>([^)]*)\)", real["POST", "/peers/{peer}/{step}"]),
        "/people/{person}/step/{step}": re.search(
            r"\(\?P<step>([^)]*)\)", real["POST", "/people/{person}/step/{step}"]
        ),
        "/board/visits/{visit}/{what}": re.search(
            r"\(\?P<what>([^)]*)\)", real["POST", "/board/visits/{visit}/{what}"]
        ),
        "/t/{token}/{answer}": re.search(r"\(\?P<answer>([^)]*)\)", real["POST", "/t/{token}/{answer}"]),
        "/my/task/{task}/{answer}": re.search(
            r"\(\?P<answer>([^)]*)\)", real["POST", "/my/task/{task}/{answer}"]
        ),
    }.items():
        assert choices
        said = [next(iter(row.values.values())) for row in TABLE if row.path == path and row.method == "POST"]
        assert sorted(said) == sorted(choices[1].split("|"))
    assert len(ANSWERS) == sum(row.path == "/t/{token}/{answer}" for row in TABLE)
    assert len({row.name for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("who", Who, ids=lambda who: who.name.lower())
async def test_what_an_actor_may_not_do_changes_nothing(crowd: Crowd, who: Who) -> None:
    street, ready = crowd.street, []
    for row in TABLE:
        for whose in row.objects:
            if expected(crowd, row, who, whose) != {"done"}:
                ready.append((row, whose, await crowd.objects(row, who, whose, lasting=True)))
    before = but_looks(street.dump("sessions"))
    for row, whose, words in ready:
        answer = await crowd.do(row, who, words)
        assert {met(answer)} == expected(crowd, row, who, whose), (row.name, whose, answer.text)
    assert but_looks(street.dump("sessions")) == before, "something refused left something behind"


@pytest.mark.parametrize("who", Who, ids=lambda who: who.name.lower())
async def test_what_an_actor_may_do_is_done(crowd: Crowd, who: Who) -> None:
    street = crowd.street
    for row in TABLE:
        for whose in row.objects:
            if expected(crowd, row, who, whose) != {"done"}:
                continue
            words = await crowd.objects(row, who, whose, lasting=row.method == "GET")
            before = street.state("sessions") if row.method == "POST" and row.changes else {}
            answer = await crowd.do(row, who, words)
            assert met(answer) == "done", (row.name, whose, answer.status, answer.text)
            if row.method == "POST" and answer.status == 200:
                # It may show what nobody sees again: no other language, unless that leads on to the same.
                switch = re.search(
                    r'action="/language".*?name="back" value="([^"]*)"', answer.text, re.DOTALL
                )
                assert switch is None or len(switch[1]) > 1, (row.name, "throws away what it shows")
            if row.becomes:
                assert await street.need_state(words["need"]) == row.becomes, (row.name, whose)
            if row.method == "POST" and row.changes:
                known = whose != "unknown"  # else it was told that this is done, and nothing was
                assert (street.state("sessions") != before) == known, (row.name, whose)
            if row.leaves:
                await (crowd.come_in() if row.path == "/my/out" else crowd.back_to_the_desk())


async def test_a_task_is_handled_under_its_own_request_only(crowd: Crowd) -> None:
    """An address that joins one request with another's task names nothing."""
    street, one, other = crowd.street, await crowd.street.seed("open"), await crowd.street.seed("interested")
    # Made first: some of the words are of things that are made for them.
    words = {**await street.words(""), **dict.fromkeys(UNKNOWN_NAMES, UNKNOWN)}
    words |= {"need": one["need"], "task": other["task"]}
    before = street.dump("sessions")
    for row in TABLE:
        if "{need}" in row.path and "{task}" in row.path and row.kind == "staff":
            assert met(await crowd.do(row, Who.COORDINATOR, words)) == "nothing here", row.name
    assert street.dump("sessions") == before


async def test_while_the_records_are_closed_nobody_reads_them(crowd: Crowd) -> None:
    """After a power cut: public pages work, nothing fails, and even a volunteer's own link shows no name."""
    street, ready = crowd.street, []
    closed = (
        Who.ANONYMOUS,
        Who.ADMIN,
        Who.KEYLESS,
        Who.SUSPENDED,
        Who.EXPIRED,
        Who.VOLUNTEER,
        Who.OWN,
        Who.PEER,
    )
    for row in TABLE:
        if row.method == "GET":
            for whose in row.objects:
                ready += [
                    (row, who, whose, await crowd.objects(row, who, whose, lasting=True)) for who in closed
                ]
    await street.north.stop()
    await street.north.start()
    for row, who, whose, words in ready:
        page = await crowd.do(row, who, words)
        # What is near nobody can tell then: back to her page, which says who has to sign in.
        near = ("/my/offer/{need}", "/my/elsewhere/{origin}/{wish}")
        told = row.path not in near or who is not Who.OWN
        assert {met(page)} == (expected(crowd, row, who, whose) if told else {"done"}), (row.name, who, whose)
        assert not [canary for canary in CANARIES if canary in page.text]
    assert (await street.ask(crowd.visitors[Who.ANONYMOUS], "POST", "/ask", CALL)).status == 200
    assert (await street.north.services.standing.health())["locked"]
    await crowd.back_to_the_desk()
    assert not (await street.north.services.standing.health())["locked"]


async def test_before_set_up_there_is_nothing_to_find(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        member = await cast.add("new", set_up=False)
        street = Street.before(cast, member)
        visitor = Visitor(cookies={"seal": "a-seal"})
        words = {
            **dict.fromkeys(UNKNOWN_NAMES, UNKNOWN),
            "asset": "x",
            "helper": UNKNOWN,
        }
        for row in TABLE:
            path = row.path.format(
                **words | {name: text.format(**words) for name, text in row.values.items()}
            )
            answer = await street.ask(visitor, row.method, path)
            machine = row.path.startswith(("/mac/", "/api/v1/needs"))
            assert answer.status == 503 if machine else answer.status in (200, 303, 403, 404, 422), (
                row.name,
                answer.status,
                answer.text,
            )
        await street.close()


async def test_names_are_shown_where_they_belong(crowd: Crowd) -> None:
    """So that looking for them in vain above means something."""
    street = crowd.street
    words = await street.seed("approved", device=OWN_DEVICE)
    task = await street.ask(crowd.visitors[Who.VOLUNTEER], "GET", f"/t/{words['token']}")
    assert {"Quirina", "99 Nonesuch Terrace", "marmalade"} <= {
        c for c in (*CANARIES, "marmalade") if c in task.text
    }
    for path in (f"/board/{words['need']}/name", f"/people/{words['asker']}"):
        for who in (Who.COORDINATOR, Who.TRIAGE, Who.SAFETY):
            look = await street.ask(crowd.visitors[who], "POST", path)
            assert "Quirina Madeupson" in look.text
            assert street.dump()["audit"] != []
    elsewhere = await street.ask(crowd.visitors[Who.ANONYMOUS], "GET", f"/t/{words['token']}")
    assert elsewhere.status == 200
    assert not [canary for canary in (*CANARIES, "marmalade") if canary in elsewhere.text]


async def test_wherever_names_of_people_stand_a_look_is_written_down(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Volunteers' names too: every page of the desk with a name on it, each time (else once an hour)."""
    monkeypatch.setattr("node.services.desk.LOOK_SECONDS", -1)
    street = crowd.street
    unseen = []
    for who in (Who.COORDINATOR, Who.SAFETY):
        for row in TABLE:
            for whose in row.objects:
                if row.method != "GET" or row.kind != "staff" or expected(crowd, row, who, whose) != {"done"}:
                    continue
                words = await crowd.objects(row, who, whose, lasting=True)
                before = street.looks()
                page = await crowd.do(row, who, words)
                named = NAMES.search(page.text) if page.status == 200 else None
                if named and street.looks() == before:
                    about = page.text[max(0, named.start() - 60) : named.end() + 60]
                    unseen.append(f"{who} {row.name}: {about}")
    assert not unseen, "\n".join(unseen)


async def test_getting_changes_nothing(crowd: Crowd) -> None:
    """Nor does asking for the head, by whomever; and the head is that of the page."""
    street, ready = crowd.street, []
    for row in TABLE:
        if row.method == "GET":
            for whose in row.objects:
                ready += [(row, who, await crowd.objects(row, who, whose, lasting=True)) for who in Who]
    before = street.dump("sessions", "audit")
    for row, who, words in ready:
        page = await crowd.do(row, who, words)
        head = await crowd.do(row, who, words, "HEAD")
        assert (head.status, head.body) == (page.status, b""), (row.name, who)
        for name in ("Content-Type", "Content-Security-Policy", "Cache-Control", "Location"):
            assert head.headers.get(name) == page.headers.get(name), (row.name, who, name)
        assert not {"desk", "device"} & set(page.cookies), "a look signs nobody in and ties no device"
    assert street.dump("sessions", "audit") == before


@pytest.mark.parametrize("state", ["proposed", "interested", "approved", "contacted"])
async def test_opening_a_private_link_never_acts(crowd: Crowd, state: str) -> None:
    """Messengers and mail scanners fetch every address in a message, its buttons' addresses too."""
    street = crowd.street
    words = await street.seed(state)
    before = street.dump("sessions")
    for agent in PREVIEWS:
        bot = Visitor(headers={"User-Agent": agent})
        for method in ("GET", "HEAD"):
            answer = await street.ask(bot, method, f"/t/{words['token']}")
            assert answer.status == 200
            assert not [canary for canary in CANARIES if canary in answer.text]
            assert not {"device", "desk"} & set(answer.cookies)
            for last in ("open", *ANSWERS):
                tried = await street.ask(bot, method, f"/t/{words['token']}/{last}")
                assert tried.status == 405, last
                assert tried.headers["Allow"] == "POST"
    assert street.dump("sessions") == before


async def test_a_cookie_from_before_signing_out_opens_nothing(crowd: Crowd) -> None:
    street = crowd.street
    visitor = Visitor(handle="one-coordinator", cookies={"seal": "a-seal-of-its-own"})
    await street.sign_in(visitor)
    assert met(await street.ask(visitor, "GET", "/board")) == "done"
    assert (await street.ask(visitor, "POST", "/sign-out")).status == 303
    words = {**dict.fromkeys(UNKNOWN_NAMES, UNKNOWN), **await street.words("one-coordinator")}
    before = street.dump("sessions")
    for row in TABLE:
        if row.kind == "staff" and row.objects == ("none",):
            path = row.path + (f"?need={UNKNOWN}" if row.query else "")
            form = {name: value.format(**words) for name, value in row.form.items()}
            answer = await street.ask(visitor, row.method, path, form)
            assert met(answer) == ("refused" if row.method == "POST" else "sign in"), row.name
    assert street.dump("sessions") == before
