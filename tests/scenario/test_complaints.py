"""What people complained about in the tools they had before (the last part of the product paper), a test each."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE, SYSTEM, Role
from node.domain.board.views import QueueFilter
from node.domain.ids import NeedId
from node.domain.need import Share
from node.services.sheets.imports import Handling
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, HOME, PHONE, STREET, Street, Visitor

_ROOT = Path(__file__).parents[2]
LANSING = (_ROOT / "examples" / "mappings" / "lansing.toml").read_text("utf-8")
SHEET = _ROOT.parent / "shared" / "data" / "lansing_google_form" / "submission_responses.csv"
DEVICE = "her-own-telephone"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    """Two groups that know each other, and whoever comes along."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def at_desk(street: Street) -> Visitor:
    """The first coordinator and admin, at a browser."""
    visitor = Visitor(handle="kim")
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


async def test_category_names_could_not_be_translated(street: Street) -> None:
    """Our words stand on every page of ours; what leaves is the code, and neighbours read the name all groups share."""
    desk, shared = await at_desk(street), street.north.services.kinds.shared.name("groceries", "en")
    found = await street.seed("today")
    form = {"name:groceries": "The Thursday bag", "hide:repairs": "y"}
    assert (await street.ask(desk, "POST", "/settings/kinds?language=en", form)).status == 303
    form = {"name:groceries": "La bolsa del jueves", "hide:repairs": "y"}
    assert (await street.ask(desk, "POST", "/settings/kinds?language=es", form)).status == 303
    assert street.north.services.kinds.ours.name("groceries", "es") == "La bolsa del jueves"
    for page in (
        "/ask?step=what",
        "/intake",
        "/volunteers/add",
        "/volunteers",
        "/board",
        f"/board/{found['need']}",
        "/near",
    ):
        text = (await street.ask(desk, "GET", page)).text
        assert "The Thursday bag" in text, page
    repairs = street.north.services.kinds.shared.name("repairs", "en")
    for page in ("/ask?step=what", "/intake", "/volunteers/add"):
        assert repairs not in (await street.ask(desk, "GET", page)).text, page
    await street.cast.publish(street.north)
    await street.cast.sync(street.south)
    async with street.session.get(f"{street.south.url}/near") as answer:
        theirs = await answer.text()
    assert shared in theirs
    assert "Thursday" not in theirs


@pytest.mark.parametrize("kind", ["", "organisation"])
async def test_a_volunteer_without_the_chat_account_could_not_be_assigned(street: Street, kind: str) -> None:
    """A landline is all that anybody needs: added, confirmed, reported and thanked by phone, no link ever opened."""
    desk, found = await at_desk(street), await street.seed("open")
    form = {
        "name": "Gladys Landline", "phone": "0117 496 0321", "kinds": "groceries", "hours": "mon:morning",
        "transport": "foot", "address": "51.4560, -2.5920", "kind": kind,
    }  # fmt: skip
    assert (await street.ask(desk, "POST", "/volunteers/add", form)).status == 303
    (gladys,) = [
        row.person_id
        for row in await street.north.services.people.list_volunteers(street.north.staff)
        if row.name == "Gladys Landline"
    ]
    page = await street.ask(desk, "POST", f"/board/{found['need']}/assign", {"person": str(gladys)})
    assert page.status == 200
    assert ("/t/" in page.text) is not bool(kind), "an organisation is sent a message, not a link"
    assert "Gladys Landline" in page.text
    assert await street.need_state(found["need"]) == "assigned"
    view = await street.north.services.board.need(street.north.staff, NeedId(found["need"]))
    (task,) = [each.id for each in view.assignments if each.person_id == gladys]
    for step, becomes in (("contacted", "in_progress"), ("done", "reported")):
        done = await street.ask(desk, "POST", f"/board/{found['need']}/task/{task}/{step}")
        assert done.status == 303
        assert await street.need_state(found["need"]) == becomes


async def at_the_desk(street: Street, handle: str = "one-coordinator") -> Visitor:
    """A coordinator with a browser of her own."""
    await street.hire(handle, Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    visitor = Visitor(handle=handle, cookies={"seal": f"seal-of-{handle}"})
    await street.sign_in(visitor)
    return visitor


def a_volunteer() -> Visitor:
    """Her browser."""
    return Visitor(cookies={"device": DEVICE, "seal": "seal-of-a-volunteer"})


async def test_requests_got_buried_as_they_aged(street: Street) -> None:
    """The oldest stands on top of a list that holds everything, and its due day puts it on top of the board, too."""
    old = await street.seed("open")
    street.cast.clock.advance(days=30)
    await street.north.sign_in()
    desk = await at_the_desk(street)
    for _ in range(4):
        await street.seed("open")
    for state in ("new", "proposed", "approved", "contacted", "done", "referred"):
        street.helper = await street.new_helper()
        await street.seed(state)
    for show in ("oldest", "all_open"):
        board = await street.ask(desk, "GET", f"/board?show={show}")
        first = board.text.split('<ul class="queue">')[1].split("</a>")[0]
        assert old["need"] in first, show
        assert "Late" in first
    oldest = await street.ask(desk, "GET", "/board?show=oldest")
    rows = await street.north.services.board.queue(street.north.staff, QueueFilter.OLDEST)
    assert len(rows) == 11
    assert all(row.need_id in oldest.text for row in rows)


async def test_nobody_asked_after_three_days_whether_it_had_happened(street: Street) -> None:
    task = await street.seed("approved", device=DEVICE)
    need = NeedId(task["need"])
    due = (await street.north.services.board.need(street.north.staff, need)).need.due_day
    assert due is not None
    days = (due - street.cast.clock.now().date()).days
    street.cast.clock.advance(days=days + 2)
    await street.north.sign_in()
    desk = await at_the_desk(street)
    assert need not in (await street.ask(desk, "GET", "/board?show=happened")).text
    street.cast.clock.advance(days=1)
    await street.north.services.dispatch.expire_waiting(SYSTEM)
    await street.north.sign_in()
    await street.sign_in(desk)
    board = await street.ask(desk, "GET", "/board")
    assert "Did it happen?" in board.text
    assert need in (await street.ask(desk, "GET", "/board?show=happened")).text
    assert "Did that go well?" in (await street.ask(desk, "GET", f"/board/{need}")).text
    answer = await street.ask(desk, "POST", f"/board/{need}/happened", {"answer": "not"})
    assert answer.status == 303
    assert await street.need_state(need) == "open"


async def test_approved_yet_no_contact_details_shown_so_the_job_could_not_be_done(street: Street) -> None:
    """On the confirmed volunteer's page stand phone and address; what a yes lacks, the board says: here a link."""
    task = await street.seed("approved", device=DEVICE)
    page = await street.ask(a_volunteer(), "GET", f"/t/{task['token']}")
    assert PHONE in page.text
    assert STREET in page.text
    desk = await at_the_desk(street)
    board = await street.ask(desk, "GET", f"/board/{task['need']}")
    assert "no private link" not in board.text
    street.helper = await street.new_helper("Wim Invented")
    unlinked = await street.seed("open")
    form = {"person": str(street.helper)}
    await street.north.services.dispatch.assign(street.north.staff, NeedId(unlinked["need"]), street.helper)
    board = await street.ask(desk, "GET", f"/board/{unlinked['need']}")
    assert "They have no private link yet" in board.text, form


@pytest.mark.shared_data
@pytest.mark.skipif(not SHEET.exists(), reason="../shared/data/lansing_google_form is absent")
async def test_neither_number_nor_address_is_said_before_the_yes_at_it_and_to_the_volunteer(
    street: Street,
) -> None:
    """The row of the real group's own sheet ("No phone currently", and no address), as if nobody had begun it."""
    rows = SHEET.read_text("utf-8").replace("2,Sam,Completed", "2,Sam,Not started")
    rows = rows.replace("Completed (recurring) 4/15/20 Elijah F.", "")
    report = await street.north.services.imports.run(
        street.north.staff, rows.encode(), LANSING, Handling(open_=True)
    )
    assert not report.errors
    assert report.added
    board, staff = street.north.services.board, street.north.staff
    need = (await board.queue(staff, QueueFilter.ALL_OPEN))[0].need_id
    nobody, ring = "Nobody can find this person", "neither their number nor their address here: ring us first"
    desk = await at_the_desk(street)
    page = f"/board/{need}"
    assert nobody in (await street.ask(desk, "GET", page)).text
    assert (await street.ask(desk, "POST", f"{page}/open")).status == 303
    assert nobody in (await street.ask(desk, "GET", page)).text
    yes = await street.ask(
        desk, "POST", f"{page}/assign", {"person": str(street.helper), "why": "she said yes"}
    )
    assert nobody in yes.text
    (task,) = (await board.need(staff, need)).assignments
    link = f"/t/{await street.north.services.dispatch.task_link(staff, task.id)}"
    hers = a_volunteer()
    assert (await street.ask(hers, "POST", f"{link}/open")).status == 303
    assert ring in (await street.ask(hers, "GET", link)).text

    person = (await board.need(staff, need)).need.person_id
    form = {"name": "Tess", "door": "0117 496 0877", "door_kind": "own"}
    assert (await street.ask(desk, "POST", f"/people/{person}/details", form)).status == 200
    assert nobody not in (await street.ask(desk, "GET", page)).text
    there = (await street.ask(hers, "GET", link)).text
    assert ring not in there
    assert "496 0877" in there


async def test_printing_a_case_silently_claimed_it(street: Street) -> None:
    """Nothing that is only looked at, fetched ahead or printed changes anything: a claim is a press of a button."""
    desk = await at_the_desk(street)
    task = await street.seed("proposed")
    before = street.dump("sessions", "audit")
    for _ in range(2):
        for path in (f"/board/{task['need']}", "/board?show=unassigned", f"/t/{task['token']}"):
            for method in ("GET", "HEAD"):
                answer = await street.ask(desk, method, path, headers={"Purpose": "prefetch"})
                assert answer.status == 200
        for verb in ("ask", "assign", "close", "open"):
            assert (await street.ask(desk, "GET", f"/board/{task['need']}/{verb}")).status == 405
    # That somebody looked is written down; of what is looked at nothing moves.
    assert street.dump("sessions", "audit") == before


async def test_two_offers_from_one_person_after_a_mistap(street: Street) -> None:
    task = await street.seed("proposed")
    hers = a_volunteer()
    answers = await asyncio.gather(*(street.ask(hers, "POST", f"/t/{task['token']}/help") for _ in range(3)))
    assert {answer.status for answer in answers} == {303}
    assert await street.task_states(task["need"]) == ["interested"]
    desk = await at_the_desk(street)
    for verb in ("ask", "assign"):
        await street.ask(desk, "POST", f"/board/{task['need']}/{verb}", {"person": str(street.helper)})
        await street.ask(desk, "POST", f"/board/{task['need']}/{verb}", {"person": str(street.helper)})
    assert await street.task_states(task["need"]) == ["approved"]


async def test_a_claimed_task_could_be_claimed_again(street: Street) -> None:
    """Of two coordinators at once one wins, and the other reads who was quicker."""
    task = await street.seed("open")
    one, other = await at_the_desk(street, "ada-quick"), await at_the_desk(street, "bea-quick")
    helpers = [street.helper, await street.new_helper("Wim Invented")]
    answers = await asyncio.gather(
        *(
            street.ask(who, "POST", f"/board/{task['need']}/assign", {"person": str(helper)})
            for who, helper in zip((one, other), helpers, strict=True)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409]
    lost = next(answer for answer in answers if answer.status == 409)
    winner = "ada-quick" if answers[0].status == 200 else "bea-quick"
    assert "Already taken" in lost.text
    assert f"{winner} was quicker" in lost.text
    assert (await street.task_states(task["need"])).count("approved") == 1
    assert await street.need_state(task["need"]) == "assigned"


async def test_people_had_to_fill_the_whole_form_again_each_week(street: Street) -> None:
    """Who rings again is known by the number, and one key fills in all of last time; what is agreed is asked anew."""
    desk = await at_the_desk(street)
    call = {
        "phone": "0117 496 0888", "name": "Wilma Madeupson", "kinds": "groceries", "notes": "oat milk, no nuts",
        "place": "51.4560, -2.5920", "help_you": "y", "groups_see": "y",
    }  # fmt: skip
    assert (await street.ask(desk, "POST", "/intake", call)).status == 303
    street.cast.clock.advance(days=7)
    await street.north.sign_in()
    await street.sign_in(desk)
    known = await street.ask(desk, "POST", "/intake", {"phone": "0117 496 0888", "look": "y"})
    assert "Wilma Madeupson" in known.text
    same = re.search(r'name="same"[^>]*value="([^"]+)"', known.text) or re.search(
        r'value="([^"]+)"[^>]*name="same"', known.text
    )
    assert same, known.text
    again = await street.ask(desk, "POST", "/intake", {"phone": "0117 496 0888", "same": same[1]})
    assert again.status == 200
    assert "oat milk, no nuts" in again.text
    boxes = {
        name: " checked" in box
        for box in re.findall(r"<input[^>]*>", again.text)
        for name in re.findall(r'name="([^"]+)"', box)
        if 'value="groceries"' in box or name in ("help_you", "groups_see")
    }
    assert boxes["kinds"], "last week's kind of help is ticked already"
    assert not boxes["help_you"], "what somebody agrees to is asked anew"
    assert not boxes["groups_see"]


async def test_location_hiding_leaked_through_the_api_or_was_believed_on_when_it_was_off(
    street: Street,
) -> None:
    """Machines get the same area as people and nothing closer; and as long as something is out, the page says so."""
    found, desk = await street.seed("today"), await at_the_desk(street)
    await street.cast.sync(street.south)
    anybody, services = Visitor(), street.north.services
    features = json.loads((await street.ask(anybody, "GET", "/api/v1/needs.geojson")).text)["features"]
    assert features
    closest = 0.002  # of a degree: about 200 m
    for each in features:
        corners = each["geometry"]["coordinates"][0]
        assert max(x for x, _ in corners) - min(x for x, _ in corners) > closest, "an area, no point"
    read = {"lines": b"".join(await street.south.node.network.store.lines_of([street.north.id], ["public"]))}
    for path in ("/api/v1/needs.geojson", "/near", "/", "/mac/v1/node"):
        answer = await street.ask(anybody, "GET", path)
        assert answer.status == 200, path
        read[path] = answer.body
    for where, body in read.items():
        for secret in (*CANARIES, f"{HOME.lat:.4f}", f"{HOME.lon:.4f}"):
            assert secret not in body.decode(), (where, secret)
    page = await street.ask(desk, "GET", f"/board/{found['need']}")
    assert "Others see a little of it" in page.text
    await services.publishing.share(street.north.staff, {"all": Share.ONLY_US})
    page = await street.ask(desk, "GET", f"/board/{found['need']}")
    assert "Others see it until" in page.text, "switched off is not the same as gone"
    assert "Others see nothing of it" not in page.text
    await street.cast.publish(street.north)
    page = await street.ask(desk, "GET", f"/board/{found['need']}")
    assert "Others see nothing of it" in page.text
    assert json.loads((await street.ask(anybody, "GET", "/api/v1/needs.geojson")).text)["features"] == []


async def test_a_sync_broke_silently_and_entries_vanished(street: Street) -> None:
    """A neighbour that does not answer is named with the reason, on the board too, and what it told us stays."""
    found = await street.from_south("wish")
    desk = await at_the_desk(street)
    assert found["wish"] in (await street.ask(desk, "GET", "/board/neighbours")).text
    await street.south.stop()
    for _ in range(3):
        street.cast.clock.advance(hours=9)
        assert not any(each.ok for each in await street.north.services.peering.sync(CONSOLE))
    await street.north.sign_in()
    await street.sign_in(desk)
    peers = (await street.ask(desk, "GET", "/peers")).text
    row = peers.split(f'/peers/{street.south.id}"')[1].split("</li>")[0]
    assert "Nothing is lost" in row, row
    assert "Next try at" in row
    map_of_theirs = await street.ask(desk, "GET", "/board/neighbours")
    assert found["wish"] in map_of_theirs.text, (
        "what they told us stays until it is over or they take it back"
    )
    await street.south.start()
    await street.cast.sync(street.north)
    peers = (await street.ask(desk, "GET", "/peers")).text
    assert "Nothing is lost" not in peers.split(f'/peers/{street.south.id}"')[1].split("</li>")[0]
