"""What her yes was given for fell away: every page that she and the desk have says so, and none of them the address."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import Role
from node.domain.catalogue import CheckLevel
from node.domain.consents import Consents
from node.domain.ids import AssignmentId, NeedId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Urgency, Window
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared, Stage
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import HOME, Street, Visitor, at_the_desk

ADDRESS = "7 Imaginary Row"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def _asked(street: Street, kind: str, window: Window, number: int) -> NeedId:
    person = NewPerson(name="Edna Made-Up", phone=f"07700 90020{number}", address=ADDRESS)
    call = NewNeed(
        person=person,
        categories=(kind,),
        point=HOME,
        urgency=Urgency.THIS_WEEK,
        window=window,
        consents=Consents(help_you=True, keep_details=True),
    )
    return (await street.north.services.intake.take(street.north.staff, call)).need_id


async def test_one_stop_of_a_round_is_shut_and_said_everywhere(street: Street) -> None:
    desk, staff = street.north.services, street.north.staff
    today = desk.zone.day(int(street.cast.clock.now().timestamp()))
    driver = await desk.people.add_volunteer(
        staff,
        NewVolunteer(
            person=NewPerson(name="Dan Pretend", phone="07700 900123"),
            point=HOME,
            abilities=("groceries", "medication"),
            stage=Stage.ACTIVE,
            cleared=(Cleared(check=CheckLevel.ID, until=today),),
        ),
    )
    window = Window(first=today, last=today + timedelta(days=3))
    needs = [await _asked(street, kind, window, at) for at, kind in enumerate(("groceries", "medication"))]
    run = (await desk.runs.plan(staff, day=today, driver=driver, needs=needs)).run_id
    shut = {stop.category: stop.task for stop in (await desk.run_book.one(staff, run)).stops}["medication"]
    street.cast.clock.advance(days=1)
    phone = Visitor(cookies={"seal": "a-made-up-seal"})
    phone.cookies.update((await street.ask(phone, "POST", f"/my/in/{await street.own_link(driver)}")).cookies)
    token = await desk.runs.link(staff, run)
    opened = await street.ask(phone, "POST", f"/r/{token}/open")
    phone.cookies.update(opened.cookies)
    assert (await street.ask(phone, "POST", f"/r/{token}/start")).status == 303

    on_the_way = (await street.ask(phone, "GET", f"/r/{token}")).text
    assert on_the_way.count("Please do not go there yet: ring us first.") == 1
    assert f"/r/{token}/stop/{shut}" not in on_the_way
    assert (await street.ask(phone, "GET", f"/r/{token}/stop/{shut}")).location == f"/r/{token}"
    hers = (await street.ask(phone, "GET", "/my")).text
    assert hers.count("Please do not go yet") == 1
    assert "Ring us first." in hers
    await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    ana = await at_the_desk(street)
    at_desk = (await street.ask(ana, "GET", f"/rounds/{run}")).text
    assert at_desk.count("not yet: their safety check has ended") == 1
    paper = (await street.ask(ana, "POST", f"/rounds/{run}/sheet")).text
    assert paper.count("Please do not go there yet: ring us first.") == 1
    assert paper.count(ADDRESS) == 1

    link = await desk.dispatch.task_link(staff, AssignmentId(shut))
    there = Visitor(cookies={"seal": "another-made-up-seal"})
    there.cookies.update((await street.ask(there, "POST", f"/t/{link}/open")).cookies)
    page = (await street.ask(there, "GET", f"/t/{link}")).text
    assert "Your safety check has ended" in page
    await street.ask(there, "POST", f"/t/{link}/done")
    done = (await street.ask(there, "GET", f"/t/{link}")).text
    assert "That was a good thing" in done
    assert ADDRESS not in page + done
