"""A volunteer's own page over HTTP: signing up one thing a page while locked, the calendar, and what is sent twice."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import vobject

from node.domain.actors import SYSTEM, volunteer_actor
from node.domain.consents import Consents
from node.domain.hours import ALL_HOURS
from node.domain.ids import AssignmentId, NeedId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Item, Window
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.push_service import Phone
from tests.harness.street import CANARIES, HOME, Answer, Street, Visitor

WHO = {"name": "Nia Newcomer", "phone": "07700 900321"}


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


def sealed() -> Visitor:
    return Visitor(cookies={"seal": "a-made-up-seal"})


async def come_in(street: Street, visitor: Visitor) -> None:
    answer = await street.ask(visitor, "POST", f"/my/in/{await street.own_link(street.helper)}")
    visitor.cookies.update(answer.cookies)


async def test_signing_up_one_thing_a_page_while_the_records_are_closed(street: Street) -> None:
    await street.north.stop()
    await street.north.start()
    nia = sealed()
    first = await street.ask(nia, "POST", "/volunteer", {"step": "kinds", "go": "next"})
    assert first.status == 422
    assert "Choose at least one" in first.text
    when = await street.ask(nia, "POST", "/volunteer", {"step": "kinds", "go": "next", "kinds": "groceries"})
    assert when.status == 200
    assert len(re.findall(r'name="hours" value="[a-z:]+" checked', when.text)) == len(ALL_HOURS)
    assert 'name="kinds" value="groceries"' in when.text
    all_of_it = {"kinds": "groceries", "hours": "mon:morning", "transport": "bike", "radius": "10", **WHO}
    check = await street.ask(nia, "POST", "/volunteer", {"step": "more", "go": "next", **all_of_it})
    for said in ("Nia Newcomer", "07700 900321", "Monday: morning", "up to 10 km", "Is all of this right?"):
        assert said.lower() in check.text.lower()
    refused = await street.ask(nia, "POST", "/volunteer", {"step": "check", "go": "send", **all_of_it})
    assert refused.status == 422, "without her yes nothing may be kept"
    done = await street.ask(
        nia, "POST", "/volunteer", {"step": "check", "go": "send", "keep_details": "y", **all_of_it}
    )
    found = re.search(r'href="(/my/in/[\w-]{22})"', done.text)
    assert found, done.text
    assert "own" not in (await street.ask(nia, "GET", found[1])).cookies, "opening a link does nothing"
    nia.cookies.update((await street.ask(nia, "POST", found[1])).cookies)
    page = await street.ask(nia, "GET", "/my")
    assert "A coordinator must sign in first" in page.text
    await street.north.sign_in()
    assert "Hello Nia" in (await street.ask(nia, "GET", "/my")).text
    for km, status, stands in (("7", 422, "10"), ("2", 303, "2")):
        saved = await street.ask(nia, "POST", "/my/times", {"hours": "mon:morning", "radius": km})
        assert saved.status == status
        assert f'<option value="{stands}" selected>' in (await street.ask(nia, "GET", "/my/times")).text


async def test_the_calendar_is_read_by_another_library_and_names_nobody(street: Street) -> None:
    vera = sealed()
    await come_in(street, vera)
    await street.seed("approved")
    made = await street.ask(vera, "POST", "/my/calendar")
    address = re.search(r"/my/calendar/[\w-]{22}\.ics", made.text)
    assert address
    read = await street.ask(Visitor(), "GET", address[0])
    assert read.headers["Content-Type"].startswith("text/calendar")
    (event,) = vobject.readOne(read.body.decode()).vevent_list
    assert event.summary.value == "Shopping: on one of these days", "no day is made up for it"
    assert event.dtstart.value == street.cast.clock.now().date()
    assert (event.dtend.value - event.dtstart.value).days == 7
    assert event.transp.value == "TRANSPARENT"
    assert not [canary for canary in CANARIES if canary in read.text]
    vera.cookies["language"] = "es"
    hers = await street.ask(vera, "POST", "/my/calendar")
    mine = re.search(r"/my/calendar/[\w-]{22}\.ics\?lang=es", hers.text)
    assert mine, "a calendar program asks in no language: it is hers"
    assert "Sus tareas" in (await street.ask(Visitor(), "GET", mine[0])).text
    address = mine
    await street.ask(vera, "POST", "/my/calendar/end")
    assert (await street.ask(Visitor(), "GET", address[0])).status == 404


async def test_days_off_are_picked_and_taken_back_one_by_one(street: Street) -> None:
    vera = sealed()
    await come_in(street, vera)
    today = street.cast.clock.now().date()
    first, last = today + timedelta(days=40), today + timedelta(days=42)

    async def save(**said: object) -> Answer:
        form = [("hours", "mon:morning"), *street.sealed(vera, {}).items()]
        for name, value in said.items():
            form += [(name, each) for each in (value if isinstance(value, list) else [str(value)])]
        return await street.ask(vera, "POST", "/my/times", body=urlencode(form).encode())

    for wrong, said in (
        ({"off_from": today - timedelta(days=1)}, "This day is past."),
        ({"off_from": last, "off_until": first}, "The last day is before the first."),
        ({"off_from": first, "off_until": first + timedelta(days=31)}, "For so long there is a break"),
        ({"off_until": last}, "Which is the first of these days?"),
        ({"days_off": ["someday"]}, "Please choose one of these."),
    ):
        answer = await save(**wrong)
        assert (answer.status, said in answer.text) == (422, True), said
    assert (await save(off_from=first, off_until=last)).status == 303
    days = [(first + timedelta(days=each)).isoformat() for each in range(3)]
    page = (await street.ask(vera, "GET", "/my/times")).text
    assert re.findall(r'name="days_off" value="([^"]+)" checked', page) == days
    assert (await save(days_off=days[1:], off_from=today)).status == 303
    page = (await street.ask(vera, "GET", "/my/times")).text
    assert re.findall(r'name="days_off" value="([^"]+)" checked', page) == [today.isoformat(), *days[1:]]


async def test_what_was_sent_from_a_cellar_is_not_done_again_upstairs(street: Street) -> None:
    """By then a coordinator has taken it back and asked her anew."""
    vera = sealed()
    vera.cookies["device"] = "her-telephone"
    await come_in(street, vera)
    found = await street.seed("approved", device="her-telephone")
    way = f"/my/task/{found['task']}/give-back"
    gone = await street.ask(vera, "POST", way, {"sent": "one key"})
    assert gone.location == f"/my/task/{found['task']}"
    assert f'action="/my/task/{found["task"]}/not-yet"' in (await street.ask(vera, "GET", gone.location)).text
    again = await street.ask(vera, "POST", way, {"sent": "one key"})
    assert again.status == 404
    other = await street.seed("approved", device="her-telephone")
    task = AssignmentId(other["task"])
    for _ in range(2):
        await street.ask(vera, "POST", f"/my/task/{task}/on-my-way", {"sent": "another key"})
    page = await street.north.services.own_page.view(volunteer_actor(street.helper), "her-telephone")
    assert [row.state for row in page.tasks] == ["contacted"]


async def test_only_what_is_confirmed_and_open_here_may_be_kept_on_the_phone(street: Street) -> None:
    vera = sealed()
    vera.cookies["device"] = "her-telephone"
    assert (await street.ask(vera, "GET", "/my")).headers["X-Keep-Offline"] == "none"
    await come_in(street, vera)
    may = {
        state: "X-Keep-Offline" in (await street.ask(vera, "GET", f"/my/task/{made['task']}")).headers
        for state in ("proposed", "interested", "approved", "contacted", "done")
        for made in [await street.seed(state, device="her-telephone")]
    }
    assert [state for state, kept in may.items() if kept] == ["approved", "contacted"]
    # Until it is done: what has no day of its own for two weeks, what is for today over a weekend.
    desk, staff = street.north.services, street.north.staff
    for days, kept in ((None, 14), (0, 3), (6, 9), (40, 14)):
        made = await street.seed("approved", device="her-telephone")
        if days is not None:
            day = street.cast.clock.now().date() + timedelta(days=days)
            said = await desk.corrections.now(staff, NeedId(made["need"]))
            said = replace(said, window=Window(first=day, last=day))
            await desk.corrections.correct(staff, NeedId(made["need"]), said, HOME)
        page = await street.ask(vera, "GET", f"/my/task/{made['task']}")
        assert int(page.headers["X-Keep-Offline"]) == kept * 86400
    elsewhere = await street.seed("approved", device="another-telephone")
    shut = await street.ask(vera, "GET", f"/my/task/{elsewhere['task']}")
    assert "X-Keep-Offline" not in shut.headers
    out = await street.ask(vera, "POST", "/my/out")
    assert "storage" in out.headers["Clear-Site-Data"]


async def test_what_neighbouring_groups_want_stands_there_with_a_span_and_no_figure(street: Street) -> None:
    await street.from_south("wish")
    vera = sealed()
    await come_in(street, vera)
    page = (await street.ask(vera, "GET", "/my")).text
    part = page.partition("Neighbouring groups nearby")[2]
    assert "Shopping" in part
    assert re.search(r"(up to|to) \d+ km", part)
    assert "km away" not in part
    await street.ask(vera, "POST", "/my/break")
    assert "Neighbouring groups nearby" not in (await street.ask(vera, "GET", "/my")).text


async def test_what_she_wants_to_be_told_is_chosen_there(street: Street) -> None:
    vera = sealed()
    await come_in(street, vera)
    chosen = {"digest": "y", "way": "phone", "quiet_from": "", "quiet_until": ""}
    answer = await street.ask(vera, "POST", "/my/notices", chosen)
    assert answer.location == "/my/notices?done=notices_chosen", answer.text
    held = (await street.north.services.notices.choices(street.helper)).choices
    assert (held.urgent, held.digest, str(held.way)) == (False, True, "phone")
    wrong = await street.ask(vera, "POST", "/my/notices", chosen | {"way": "pigeon"})
    assert wrong.status == 422


async def test_what_cannot_reach_her_is_said_beside_her_choices(street: Street) -> None:
    vera, none = sealed(), "as things stand we ring you"
    await come_in(street, vera)
    await street.north.services.notices.push.make_key()
    page = (await street.ask(vera, "GET", "/my/notices")).text
    assert "Our group sends no e-mails and no texts at present" in page, "though it can send notifications"
    assert none not in page
    chosen = {"digest": "y", "way": "email", "quiet_from": "", "quiet_until": ""}
    assert (await street.ask(vera, "POST", "/my/notices", chosen)).status == 303
    assert none in (await street.ask(vera, "GET", "/my/notices")).text, "we have no address of hers"
    assert (await street.ask(vera, "POST", "/my/notices", chosen | {"way": "phone"})).status == 303
    assert none not in (await street.ask(vera, "GET", "/my/notices")).text


async def test_notifications_are_turned_on_and_off_in_that_very_browser(street: Street) -> None:
    vera, push = sealed(), street.north.services.notices.push
    await come_in(street, vera)
    assert "On this phone or computer" not in (await street.ask(vera, "GET", "/my/notices")).text
    await push.make_key()
    page = (await street.ask(vera, "GET", "/my")).text
    assert f'data-push="{await push.public_key()}"' in page
    browser = Phone.new("https://push.example.net/hers", street.north.random.randbytes).form
    for wrong in ({}, browser | {"endpoint": "http://10.0.0.7/x"}, browser | {"p256dh": browser["auth"]}):
        answer = await street.ask(vera, "POST", "/my/notices/here", wrong)
        assert answer.status == 422
        assert "gave us nothing that we could send to" in answer.text
    answer = await street.ask(vera, "POST", "/my/notices/here", browser)
    assert answer.location == "/my/notices?done=push_on"
    assert "Tell me on this phone" not in (await street.ask(vera, "GET", "/my")).text
    assert "Shows our notifications" in (await street.ask(vera, "GET", "/my/devices")).text
    stored = b"".join(each.read_bytes() for each in street.north.folder.glob("group.db*"))
    for secret in browser.values():
        assert secret.encode() not in stored
    answer = await street.ask(vera, "POST", "/my/notices/here/end")
    assert answer.location == "/my/notices?done=push_off"
    assert "Shows our notifications" not in (await street.ask(vera, "GET", "/my/devices")).text


async def test_things_wanted_are_a_list_to_tick_that_sends_nothing(street: Street) -> None:
    vera = sealed()
    vera.cookies["device"] = "her-telephone"
    await come_in(street, vera)
    desk, staff = street.north.services, street.north.staff
    new = NewNeed(
        person=NewPerson(name="Nora Invented", phone="07700 900111", address="1 Imaginary Row"),
        categories=("groceries",),
        items=(Item(quantity=2, what="nappies size 4"), Item(quantity=1, what="oats")),
        notes="ring twice",
        consents=Consents(help_you=True),
        start="open",
    )
    task = await desk.dispatch.assign(staff, (await desk.intake.take(staff, new)).need_id, street.helper)
    await street.ask(vera, "POST", f"/my/task/{task}/open")
    page = (await street.ask(vera, "GET", f"/my/task/{task}")).text
    ticks = page.partition("data-ticked-off")[2].partition("</fieldset>")[0]
    assert re.findall(r'<input type="checkbox"><span dir="auto">([^<]+)<', ticks) == [
        "2 × nappies size 4",
        "1 × oats",
    ]
    assert page.count("nappies size 4") == 1
    assert "ring twice" in page


async def test_a_no_is_said_and_so_is_that_somebody_else_goes(street: Street) -> None:
    """After "I can help" she reads how soon we answer, that another one goes, and that she was not needed."""
    vera = sealed()
    vera.cookies["device"] = "her-telephone"
    await come_in(street, vera)
    desk, staff = street.north.services, street.north.staff
    found = await street.seed("interested", device="her-telephone")
    way = f"/my/task/{found['task']}"
    assert "usually answer" not in (await street.ask(vera, "GET", way)).text, "nothing is told from nothing"
    for _ in range(5):
        answered = await street.seed("interested")
        street.cast.clock.advance(minutes=90)
        await desk.dispatch.decline(staff, AssignmentId(answered["task"]))
    assert "usually answers within 2 hours." in (await street.ask(vera, "GET", way)).text
    other = await street.new_helper("Olga Other")
    theirs = await desk.dispatch.assign(staff, NeedId(found["need"]), other)
    assert "Somebody else goes" in (await street.ask(vera, "GET", "/my")).text
    waits = (await street.ask(vera, "GET", way)).text
    assert "Somebody else goes this time." in waits
    assert "usually answers" not in waits
    await desk.dispatch.withdraw(staff, AssignmentId(found["task"]))
    page = (await street.ask(vera, "GET", "/my")).text
    assert "Not needed this time" in page
    assert "Somebody else goes" not in page
    assert theirs not in page


async def test_opened_the_day_before_it_ends_by_itself_it_stays_hers_and_the_page_says_so(
    street: Street,
) -> None:
    her, tied = sealed(), "her-made-up-device"
    await come_in(street, her)
    her.cookies["device"] = tied
    made = await street.seed("approved", device=tied)
    thanks = "Thank you for looking in: it stays yours."
    for _ in range(60):
        street.cast.clock.advance(hours=6)
        page = await street.ask(her, "GET", f"/my/task/{made['task']}")
        assert page.status == 200
        if thanks in page.text:
            break
    else:
        raise AssertionError("it never was to end")
    assert thanks not in (await street.ask(her, "GET", f"/my/task/{made['task']}")).text
    street.cast.clock.advance(days=2)
    assert await street.north.services.dispatch.expire_waiting(SYSTEM) == 0
