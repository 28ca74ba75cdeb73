"""Safety over the pages: who is late stands in red, the safe hours stand before every number, and what is told of a
colleague is for that colleague not there."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.domain.ids import AssignmentId, PersonId
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.safety.incidents import Source, Teller
from node.services.safety import incident_views, old_reports
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import HOME, Answer, Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER, SAFE = "07700 900654", "zqonlybeforenoonqz"
OFFICERS = ("olive-officer", "otto-officer")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("safety")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        people = (Compartment.PEOPLE,)
        await street.hire("one-coordinator", Role.COORDINATOR, grants=people)
        for officer in OFFICERS:
            await street.hire(officer, Role.SAFETY, grants=people)
        yield street
        await street.close()


async def at_the_desk(street: Street, handle: str = "one-coordinator") -> Visitor:
    visitor = Visitor(handle=handle, cookies={"seal": f"seal-{handle}"})
    await street.sign_in(visitor)
    return visitor


async def test_who_is_not_back_stands_in_red_and_first(street: Street) -> None:
    desk, found = await at_the_desk(street), await street.seed("approved")
    need, task = found["need"], found["task"]
    page = await street.ask(desk, "GET", f"/board/{need}")
    assert "Goes alone?" in page.text
    sent = await street.ask(desk, "POST", f"/board/{need}/task/{task}/out", {"minutes": "30"})
    assert sent.status == 303
    assert "Out alone" in (await street.ask(desk, "GET", "/board")).text
    street.cast.clock.advance(minutes=43)
    board = (await street.ask(desk, "GET", "/board")).text
    assert board.index("Not back yet") < board.index('<nav class="filters"')
    assert "13 minutes late" in board
    visit = re.search(r"/board/visits/([\w-]+)/rang", board)
    assert visit
    for _ in range(2):
        await street.ask(desk, "POST", f"/board/visits/{visit[1]}/rang", {"next": "/board"})
    assert "Send somebody who is near" in (await street.ask(desk, "GET", "/board")).text
    elsewhere = {"next": "//evil.example"}
    back = await street.ask(desk, "POST", f"/board/visits/{visit[1]}/back", elsewhere)
    assert back.location.startswith("/board")
    assert "Not back yet" not in (await street.ask(desk, "GET", "/board")).text


async def test_a_volunteer_says_when_she_is_back_on_her_link(street: Street) -> None:
    found = await street.seed("approved", device="her-phone")
    hers, base = Visitor(cookies={"device": "her-phone", "seal": "her-seal"}), f"/t/{found['token']}"
    assert "I am going in now" in (await street.ask(hers, "GET", base)).text
    await street.ask(hers, "POST", f"{base}/visit", {"what": "going", "minutes": "60"})
    assert "We expect you back by" in (await street.ask(hers, "GET", base)).text
    street.cast.clock.advance(minutes=61)
    assert "Are you all right?" in (await street.ask(hers, "GET", base)).text
    await street.ask(hers, "POST", f"{base}/visit", {"what": "back"})
    assert "I am going in now" in (await street.ask(hers, "GET", base)).text
    wrong = await street.ask(hers, "POST", f"{base}/visit", {"what": "going", "minutes": "later"})
    assert wrong.status == 422


async def test_safe_to_ring_stands_before_every_number(street: Street) -> None:
    desk, north = await at_the_desk(street), street.north
    taken = await north.services.intake.take(
        north.staff,
        NewNeed(
            for_self=False,
            caller=Caller(name="Cal Invented", phone="07700 900655", tie="niece", agrees=True),
            person=NewPerson(
                name="Wilma Invented", phone=NUMBER, address="3 Nowhere Lane", safe_to_ring=SAFE
            ),
            categories=("groceries",),
            point=HOME,
            start="open",
        ),
    )
    need, person = taken.need_id, taken.person_id
    closed = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "07700 900655" not in closed
    assert "Cal Invented" not in closed
    task = await north.services.dispatch.assign(north.staff, need, street.helper)
    token = await north.services.dispatch.task_link(north.staff, task)
    hers = Visitor(cookies={"device": "d", "seal": "s"})
    await street.ask(hers, "POST", f"/t/{token}/open")
    pages = {
        "the request": await street.ask(desk, "POST", f"/board/{need}/name"),
        "the person": await street.ask(desk, "POST", f"/people/{person}"),
        "her task": await street.ask(hers, "GET", f"/t/{token}"),
        "a known caller": await street.ask(desk, "POST", "/intake", {"phone": NUMBER, "look": "1"}),
    }
    for where, page in pages.items():
        text = re.sub(r"<(input|textarea|option)[^>]*>", "", page.text)
        first = min(
            (text.find(number) for number in (NUMBER, "07700 900655", "+447700900654") if number in text),
            default=-1,
        )
        assert SAFE in text, where
        assert first == -1 or text.index(SAFE) < first, where


async def test_what_is_told_of_a_colleague_is_not_there_for_that_colleague(street: Street) -> None:
    desk = await at_the_desk(street)
    olive, otto = [await at_the_desk(street, officer) for officer in OFFICERS]
    cards = await street.ask(olive, "POST", "/safety/incidents/begin")
    assert cards.text.count('class="card rescue"') == 3
    olive_id, otto_id = [
        next(
            row.id
            for row in await street.north.services.team.members(street.north.staff)
            if row.handle == who
        )
        for who in OFFICERS
    ]
    actor = await street.sign_in(olive)
    await street.north.services.team.grant(actor, otto_id, Compartment.SAFEGUARDING)
    empty = (await street.ask(olive, "GET", "/safety/incidents")).text

    form = (await street.ask(desk, "GET", "/safety/incidents/new")).text
    assert OFFICERS[0] in form
    told = {"kind": "crossed", "text": "zqwordsqz", "staff": olive_id}
    sent = await street.ask(desk, "POST", "/safety/incidents", told)
    assert sent.location.startswith("/safety/incidents")
    for reader in (desk, olive):
        assert "A line was crossed" not in (await street.ask(reader, "GET", "/safety/incidents")).text
    # For her the page is what it was before, to the letter.
    same = (await street.ask(olive, "GET", "/safety/incidents")).text
    hide = re.compile(r'value="[^"]*"|nonce="[^"]*"')
    assert hide.sub("", same) == hide.sub("", empty)
    shelf = (await street.ask(otto, "GET", "/safety/incidents")).text
    incident = re.search(r"/safety/incidents/([\w-]{22})", shelf)
    assert incident
    path = f"/safety/incidents/{incident[1]}"
    for method, way in (("GET", path), ("POST", path), ("POST", f"{path}/note"), ("POST", f"{path}/stop")):
        words = {"text": "x", "person": str(street.helper)}
        refused = await street.ask(olive, method, way, words)
        never = await street.ask(olive, method, way.replace(incident[1], "A" * 22), words)
        assert (refused.status, hide.sub("", refused.text)) == (404, hide.sub("", never.text)), way
    assert "zqwordsqz" not in (await street.ask(otto, "GET", path)).text
    assert "zqwordsqz" in (await street.ask(otto, "POST", path)).text


async def test_a_concern_stops_a_volunteer_while_it_is_looked_into(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, otto = await at_the_desk(street), await at_the_desk(street, OFFICERS[1])
    helper = await street.new_helper("Hal Invented")
    told = {"kind": "money", "text": "the change was never given back", "volunteer": str(helper)}
    await street.ask(desk, "POST", "/safety/incidents", told)
    path = ""
    for path in re.findall(
        r"/safety/incidents/[\w-]{22}", (await street.ask(otto, "GET", "/safety/incidents")).text
    ):
        if "Hal Invented" in (page := await street.ask(otto, "POST", path)).text:
            assert "Stop them while we look into it" in page.text
            break
    other = await street.ask(otto, "POST", f"{path}/stop", {"person": str(street.helper)})
    assert other.status == 404
    await street.ask(otto, "POST", f"{path}/stop", {"person": str(helper)})
    away = await street.north.services.people.kept_away(street.north.staff)
    assert [row.person_id for row in away] == [PersonId(helper)]
    closed = await street.ask(otto, "POST", f"{path}/note", {"text": "it was a mistake", "close": "yes"})
    assert closed.status == 303
    page = await street.ask(otto, "POST", path)
    assert "it was a mistake" in page.text
    assert "Remove this report" in page.text
    soon = await street.ask(otto, "POST", f"{path}/remove")
    assert soon.status == 409
    assert "A report stays for a year after the last word about it." in soon.text
    for module in (incident_views, old_reports):
        monkeypatch.setattr(module, "KEPT_AT_LEAST", 0)
    gone = await street.ask(otto, "POST", f"{path}/remove")
    assert "The report is gone." in (await street.ask(otto, "GET", gone.location)).text
    assert (await street.ask(otto, "POST", path)).status == 404


async def test_a_report_stands_on_every_page_of_whoever_reads_it(street: Street) -> None:
    """ "I feel unsafe" and every other report: until they are settled, and for nobody else."""
    desk = await at_the_desk(street)
    olive, otto = [await at_the_desk(street, officer) for officer in OFFICERS]
    line, pages = (
        re.compile(r'class="alarm".*?</a>', re.S),
        ("/board", "/volunteers", "/near", "/no-such-page"),
    )

    async def lines(who: Visitor) -> list[str]:
        found = {" ".join(line.findall((await street.ask(who, "GET", page)).text)) for page in pages}
        assert len(found) == 1, found
        return re.findall("[0-9]+(?= reports)|One|nobody has read|looked into", found.pop())

    async def settle(reader: Visitor) -> None:
        shelf = (await street.ask(reader, "GET", "/safety/incidents")).text
        for path in dict.fromkeys(re.findall(r"/safety/incidents/[\w-]{22}", shelf)):
            await street.ask(reader, "POST", f"{path}/note", {"text": "settled", "close": "yes"})

    await settle(otto)
    assert [await lines(who) for who in (desk, olive, otto)] == [[], [], []]
    found = await street.seed("approved", device="her-phone")
    hers = Visitor(cookies={"device": "her-phone", "seal": "her-seal"})
    told = await street.ask(hers, "POST", f"/t/{found['token']}/unsafe", {"text": "he locked the door"})
    assert told.status == 303
    new = ["One", "nobody has read"]
    assert [await lines(who) for who in (desk, olive, otto)] == [[], new, new]
    members = await street.north.services.team.members(street.north.staff)
    olive_id = next(row.id for row in members if row.handle == OFFICERS[0])
    about_olive = {"kind": "crossed", "text": "words", "staff": olive_id}
    await street.ask(desk, "POST", "/safety/incidents", about_olive)
    assert [await lines(who) for who in (desk, olive, otto)] == [[], new, ["2", "nobody has read"]]
    shelf = (await street.ask(olive, "GET", "/safety/incidents")).text
    assert not line.search(shelf), "not where she reads of it anyway"
    open_one = re.search(r"/safety/incidents/[\w-]{22}", shelf)
    assert open_one
    await street.ask(olive, "POST", open_one[0])
    assert [await lines(who) for who in (desk, olive, otto)] == [[], ["One", "looked into"], new]
    await settle(otto)
    assert [await lines(who) for who in (desk, olive, otto)] == [[], [], []]


async def test_a_report_says_who_told_it_and_stops_only_the_other(street: Street) -> None:
    otto = await at_the_desk(street, OFFICERS[1])

    async def newest() -> str:
        """The latest report, in plain words."""
        shelf = (await street.ask(otto, "GET", "/safety/incidents")).text
        path = re.findall(r"/safety/incidents/[\w-]{22}", shelf)[0]
        return " ".join((await street.ask(otto, "POST", path)).text.split())

    street.cast.clock.advance(minutes=1)
    found = await street.seed("approved", device="her-phone")
    hers = Visitor(cookies={"device": "her-phone", "seal": "her-seal"})
    await street.ask(hers, "POST", f"/t/{found['token']}/unsafe", {"text": "zqhelperqz"})
    page = await newest()
    assert "zqhelperqz" in page
    assert f'<a href="/people/{street.helper}">Vera Invented</a>, who took this on' in page
    assert f'href="/board/{found["need"]}"' in page
    assert f'href="/people/{found["asker"]}"' in page
    assert "/stop" not in page, "neither whoever told it, nor somebody who helps nobody"

    street.cast.clock.advance(minutes=1)
    asked = await street.asked_for("asked coming")
    nora = Visitor(cookies={"seal": "noras-seal"})
    await street.ask(nora, "POST", f"/a/{asked['token']}/unsafe", {"text": "zqaskerqz"})
    page = await newest()
    assert "zqaskerqz" in page
    assert f'<a href="/people/{asked["asker"]}">a person we know</a>, who asked for it' in page
    assert "Came, or was to come" in page
    assert f'href="/board/{asked["need"]}"' in page
    assert re.findall('name="person" value="([^"]+)"', page) == [str(street.helper)]


async def test_looks_and_kinds_are_pages_of_few(street: Street) -> None:
    desk, olive = await at_the_desk(street), await at_the_desk(street, OFFICERS[0])
    assert (await street.ask(desk, "GET", "/safety/looks")).status == 403
    shown = await street.ask(olive, "POST", "/safety/looks", {"ago": "0"})
    assert shown.status == 200
    assert "The week from" in shown.text
    form = {"check:groceries": "id", "going:groceries": "pair"}
    assert (await street.ask(olive, "POST", "/safety/kinds", form)).status == 303
    assert "We ask more" in (await street.ask(olive, "GET", "/safety/kinds")).text
    less = await street.ask(olive, "POST", "/safety/kinds", {"check:childcare": "none"})
    assert less.status == 422
    found = await street.seed("open")
    need = found["need"]
    task = await street.north.services.dispatch.assign(street.north.staff, need, await _checked(street))  # type: ignore[arg-type]
    alone = await street.ask(desk, "POST", f"/board/{need}/task/{AssignmentId(task)}/contacted")
    assert alone.status == 409
    assert "two people go together" in alone.text
    await street.ask(olive, "POST", "/safety/kinds", {"check:groceries": "none", "going:groceries": "alone"})


async def _checked(street: Street) -> PersonId:
    """A volunteer whose papers were seen."""
    north = street.north
    helper = await street.new_helper("Ida Invented")
    day = north.node.clock.now().date()
    await north.services.vetting.note(north.staff, helper, level="id", seen=day, decision="cleared")
    return helper


async def test_who_alone_can_read_one_lets_somebody_else_read_it(street: Street) -> None:
    desk = await at_the_desk(street)
    otto = await at_the_desk(street, OFFICERS[1])
    members = {row.handle: row.id for row in await street.north.services.team.members(street.north.staff)}
    street.cast.clock.advance(minutes=1)
    told = {"kind": "crossed", "text": "zqaloneqz", "staff": members[OFFICERS[0]]}
    await street.ask(desk, "POST", "/safety/incidents", told)
    shelf = (await street.ask(otto, "GET", "/safety/incidents")).text
    assert "Only you can read" in shelf
    path = re.findall(r"/safety/incidents/[\w-]{22}", shelf)[0]
    page = (await street.ask(otto, "POST", path)).text
    assert "Only you can read this" in page
    assert f'value="{members[OFFICERS[0]]}"' not in page, "whom it is about"
    assert (await street.ask(otto, "POST", f"{path}/reader", {"staff": ""})).status == 422
    assert "zqaloneqz" not in (await street.ask(desk, "POST", path)).text
    given = await street.ask(otto, "POST", f"{path}/reader", {"staff": members["one-coordinator"]})
    assert given.location == f"{path}?done=let_read"
    assert "zqaloneqz" in (await street.ask(desk, "POST", path)).text
    assert "Only you can read this" not in (await street.ask(otto, "POST", path)).text
    kim = await at_the_desk(street, "kim")
    leaves = (await street.ask(kim, "GET", f"/team/{members[OFFICERS[1]]}/leaving")).text
    assert "Do they look after safety?" in leaves


async def test_who_alone_could_read_what_was_told_leaves_only_when_that_is_said(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        street = Street.before(cast, north)
        await north.services.incidents.told_by_link("zqwordsqz", Source(teller=Teller.ASKER, person=None))
        first = north.staff.id or ""
        held = (Compartment.PEOPLE, Compartment.VETTING)
        await street.hire("second-admin", Role.ADMIN, Role.COORDINATOR, grants=held)
        second, page = await at_the_desk(street, "second-admin"), f"/team/{first}/leaving"
        assert (
            "nobody else here can read one report about safety"
            in (await street.ask(second, "GET", page)).text
        )
        refused = await street.ask(second, "POST", page, {"to": ""})
        assert (refused.status, "First let somebody else read them" in refused.text) == (409, True)
        kim = await at_the_desk(street, north.staff.name)
        shelf = (await street.ask(kim, "GET", "/safety/incidents")).text
        path = re.findall(r"/safety/incidents/[\w-]{22}", shelf)[0]
        members = {row.handle: row.id for row in await north.services.team.members(north.staff)}
        await street.ask(kim, "POST", f"{path}/reader", {"staff": members["second-admin"]})
        assert (await street.ask(second, "POST", page, {"to": ""})).status == 303
        assert "zqwordsqz" in (await street.ask(second, "POST", path)).text
        await street.close()


async def test_what_goes_into_the_closed_records_ends_for_others_and_both_are_told(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        street = Street.before(cast, north)
        held = (Compartment.PEOPLE, Compartment.VETTING)
        await street.hire("one-officer", Role.SAFETY, grants=held)
        await street.hire("other-officer", Role.SAFETY, grants=held)
        await north.services.incidents.told_by_link("zqhalfqz", Source(teller=Teller.ASKER, person=None))
        one, other = await at_the_desk(street, "one-officer"), await at_the_desk(street, "other-officer")
        assert (await street.ask(one, "POST", "/safety/incidents/begin")).status == 200
        listed = "/safety/incidents"
        shelf = (await street.ask(one, "GET", listed)).text
        assert "These read it today and hold none of the closed records: other-officer." in shelf
        path = re.findall(r"/safety/incidents/[\w-]{22}", shelf)[0]
        assert "Look again who cannot" in (await street.ask(one, "POST", f"{listed}/take-in")).text
        assert "zqhalfqz" in (await street.ask(other, "POST", path)).text
        ending = re.findall('name="ending" value="([^"]+)"', shelf)
        assert (
            await street.ask(one, "POST", f"{listed}/take-in", {"ending": ending[0]})
        ).location == f"{listed}?done=taken_in"
        gone = await street.ask(other, "POST", path)
        assert (gone.status, "your copy of it ended" in gone.text, "zqhalfqz" in gone.text) == (
            409,
            True,
            False,
        )
        line = "A report about safety that you could read is closed to you now"
        assert line in (await street.ask(other, "GET", "/board")).text
        assert line not in (await street.ask(one, "GET", "/board")).text
        told = (await street.ask(other, "GET", listed)).text
        assert "one-officer took a report that you could read into the closed records" in told
        await street.ask(other, "POST", f"{listed}/ended")
        assert line not in (await street.ask(other, "GET", "/board")).text
        assert "zqhalfqz" in (await street.ask(one, "POST", path)).text
        await street.close()


async def test_a_new_password_that_would_lose_a_report_takes_a_word(tmp_path: Path) -> None:
    """Named where it can be known; asked for whoever looks after safety; nobody learns from it that there is one."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        street = Street.before(cast, north)
        held = (Compartment.PEOPLE, Compartment.VETTING)
        await street.hire("one-officer", Role.SAFETY, grants=held)
        await street.hire("a-caller", Role.COORDINATOR, grants=held)
        members = {row.handle: row.id for row in await north.services.team.members(north.staff)}
        kim, one = await at_the_desk(street, north.staff.name), await at_the_desk(street, "one-officer")

        async def reset(handle: str, **more: str) -> Answer:
            form = {"password": "a third made-up password", **more}
            return await street.ask(kim, "POST", f"/team/{members[handle]}/password", form)

        before = (await street.ask(kim, "GET", "/team")).text
        assert "if only they can read one, a new password loses it for good" in before
        assert (await reset("one-officer")).status == 409
        await north.services.incidents.told_by_link("zqlastqz", Source(teller=Teller.ASKER, person=None))
        page = (await street.ask(kim, "GET", "/team")).text
        assert "nobody else here can read one report about safety: a new password loses it" in page
        assert "They are still signed in somewhere" in page
        refused = await reset("one-officer")
        assert (refused.status, "would lose reports about safety" in refused.text) == (409, True)
        assert "zqlastqz" not in refused.text
        # The way out: somebody else reads it first, and then it is one word, and nothing is lost.
        shelf = (await street.ask(one, "GET", "/safety/incidents")).text
        path = re.findall(r"/safety/incidents/[\w-]{22}", shelf)[0]
        await street.ask(one, "POST", f"{path}/reader", {"staff": members["a-caller"]})
        assert "a new password loses it for good" in (await street.ask(kim, "GET", "/team")).text
        assert "nobody else here can read one report" not in (await street.ask(kim, "GET", "/team")).text
        assert (await reset("one-officer", anyway="y")).status == 303
        assert "zqlastqz" in (await street.ask(await at_the_desk(street, "a-caller"), "POST", path)).text
        # Who never reads any of it needs no word, and by then is the last.
        assert "zqlastqz" not in (await street.ask(kim, "GET", "/team")).text
        assert (await reset("a-caller")).status == 409
        await street.close()
