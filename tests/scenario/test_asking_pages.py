"""Asking several, the plan of a morning, and what repeats, over the pages."""

import re
from datetime import date, timedelta
from html import unescape

import pytest

from node.domain.actors import SYSTEM
from node.domain.calls.call_list import WEEK, Rhythm
from node.domain.calls.call_views import NewList, Pick
from node.domain.ids import NeedId
from tests.harness.street import NAME, Street, Visitor, at_the_desk

DAY = timedelta(days=1)
pytestmark = pytest.mark.asyncio(loop_scope="module")


def links(page: str) -> list[str]:
    return re.findall(r"/t/[\w-]{22}", unescape(page))


async def test_several_are_asked_one_says_yes_and_the_others_are_thanked(street: Street) -> None:
    visitor, need = await at_the_desk(street), (await street.seed("open"))["need"]
    people = [str(await street.new_helper(f"Wanda Invented {n}")) for n in range(2)]
    page = (await street.ask(visitor, "GET", f"/board/{need}")).text
    assert "Ask several" in page
    answer = await street.ask(
        visitor, "POST", f"/board/{need}/several", {"person": people[0], "goes_on": "y"}
    )
    (first,) = links(answer.text)
    assert NAME not in answer.text
    await street.north.services.waves.start(street.north.staff, NeedId(need), people[1:])
    page = (await street.ask(visitor, "GET", f"/board/{need}")).text
    assert "Messages to send: 1" in page
    assert "somebody has to send" in (await street.ask(visitor, "GET", "/board")).text.lower()
    (second,) = links((await street.ask(visitor, "POST", f"/board/{need}/messages", {})).text)
    helper = Visitor(cookies={"seal": "her-seal", "device": "her-phone"})
    assert (await street.ask(helper, "POST", f"{first}/help", {})).status == 303
    for each in ("GET", "POST"):
        path = second if each == "GET" else f"{second}/help"
        thanked = await street.ask(Visitor(cookies={"seal": "s"}), each, path, {})
        assert "Thank you, somebody said yes" in thanked.text
        assert NAME not in thanked.text


async def test_a_plan_is_looked_at_before_anybody_is_asked(street: Street) -> None:
    visitor, made = await at_the_desk(street), await street.seed("open")
    assert (await street.ask(visitor, "POST", "/board/plan", {"which": "all"})).status == 303
    page = (await street.ask(visitor, "GET", "/board/plan")).text
    assert f"/board/{made['need']}" in page
    assert NAME not in page
    assert await street.need_state(made["need"]) == "open"
    plan = re.search(r'action="/board/plan/([\w-]+)"', page)
    line = re.search(r'name="line" value="([\w-]+)"(?=(?:(?!</li>).)*)', page)
    assert plan
    assert line
    answer = await street.ask(visitor, "POST", f"/board/plan/{plan[1]}", {"do": "ask"})
    assert (answer.status, "Tick at least one line" in answer.text) == (422, True)
    answer = await street.ask(visitor, "POST", f"/board/plan/{plan[1]}", {"do": "ask", "line": line[1]})
    assert answer.status == 200
    assert len(links(answer.text)) == 1


async def test_a_request_is_made_to_repeat_and_the_buddy_is_asked(street: Street) -> None:
    visitor, made = await at_the_desk(street), await street.seed("open")
    day = (await street.words(""))["tomorrow"]
    wrong = await street.ask(
        visitor, "POST", f"/board/{made['need']}/repeat", {"every": "week", "first_day": "2001-01-01"}
    )
    assert (wrong.status, "This day is past." in wrong.text) == (422, True)
    assert f'action="/board/{made["need"]}/repeat"' in wrong.text, "on the request's own page"
    begun = {"every": "week", "first_day": day, "on_holiday": "skip"}
    assert (await street.ask(visitor, "POST", f"/board/{made['need']}/repeat", begun)).status == 303
    buddy = {"helper": str(street.helper), "person_said": "y", "helper_said": "y"}
    page = await street.ask(visitor, "POST", f"/people/{made['asker']}/buddy", buddy)
    assert "Buddies since" in page.text
    assert await street.north.services.repeating.sweep(SYSTEM) == 1
    page = (await street.ask(visitor, "GET", "/repeats")).text
    assert NAME not in page
    need = re.findall(r'/board/([\w-]{22})">', page)[-1]
    assert "This one repeats" in (await street.ask(visitor, "GET", f"/board/{need}")).text
    assert await street.need_state(need) == "offered"
    rule = re.findall(r'<section class="card flow" id="([\w-]+)"', page)[-1]
    (tick,) = set(re.findall(rf'name="close" value="({day})" checked', page))
    assert (await street.ask(visitor, "POST", "/repeats", {"holidays": day})).status == 303
    off = (await street.ask(visitor, "GET", "/repeats")).text
    assert f'name="close" value="{rule} {day}"><' in off, "asked, and not done unless somebody ticks it"
    assert await street.need_state(need) == "offered"
    paused = await street.ask(
        visitor, "POST", f"/repeats/{rule}", {"do": "pause", "until": "", "close": [tick]}
    )
    assert (paused.status, await street.need_state(need)) == (303, "closed")
    call = {"name": "Nora Made-up", "phone": "07700 900555", "kinds": "groceries", "help_you": "y"}
    monthly = await street.ask(
        visitor, "POST", "/intake", {**call, "repeats": "monthly", "repeat_days": ["1", "2"]}
    )
    assert (monthly.status, "Once a month it is one day of the week." in monthly.text) == (422, True)
    taken = await street.ask(visitor, "POST", "/intake", {**call, "repeat_days": ["0", "2", "4"]})
    saved = (await street.ask(visitor, "GET", taken.headers["Location"])).text
    assert "every week: Monday, Wednesday, Friday" in saved
    assert "every week: Monday, Wednesday, Friday" in (await street.ask(visitor, "GET", "/repeats")).text
    noted = await street.ask(visitor, "POST", "/intake", {**call, "repeats": "other"})
    assert (
        "on which days is not settled" in (await street.ask(visitor, "GET", noted.headers["Location"])).text
    )
    wrong = await street.ask(visitor, "POST", "/repeats", {"holidays": "Christmas"})
    assert (wrong.status, "Christmas" in wrong.text) == (422, True)
    assert (await street.ask(visitor, "POST", "/repeats", {"holidays": "2027-12-25"})).status == 303


async def test_calls_that_nobody_made_stand_on_the_board(street: Street) -> None:
    visitor, desk, staff = await at_the_desk(street), street.north.services, street.north.staff
    readings = await desk.call_lists.read(staff, "Mary Example 07700 900101")
    rhythm = Rhythm(
        weekdays=WEEK, first_day=date.fromisoformat((await street.words(""))["tomorrow"]) - 3 * DAY
    )
    new = NewList(name="Winter, made up", rhythm=rhythm)
    made = await desk.call_lists.begin(staff, new, [Pick(line=each.line) for each in readings])
    async with desk.people._desk.db.write() as tx:
        await tx.execute("UPDATE call_entries SET since_day = ?", (rhythm.first_day.isoformat(),))
    for page in ("/board", "/calls"):
        text = (await street.ask(visitor, "GET", page)).text
        assert "one person was not rung" in text
        assert "Winter, made up" in text
    day = rhythm.first_day + DAY
    assert f'href="/calls/{made.list_id}/today?day={day}"' in text
    assert (await street.ask(visitor, "GET", f"/calls/{made.list_id}/today?day={day}")).status == 200
