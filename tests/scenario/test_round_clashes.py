"""A round for somebody who is confirmed for something else at that time: the pages say so, and ask why all the same."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.consents import Consents
from node.domain.ids import AssignmentId, NeedId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import PartOfDay, Window
from protocol import cells
from tests.harness.street import HOME, Street, at_the_desk
from ui.parts import places

pytestmark = pytest.mark.asyncio(loop_scope="module")
WHY = "Why all the same?"


async def wanted(street: Street, name: str) -> NeedId:
    """A request for the morning two days from now."""
    north = street.north
    day = street.cast.clock.now().date() + timedelta(days=2)
    taken = await north.services.intake.take(
        north.staff,
        NewNeed(
            person=NewPerson(name=name, phone="0117 496 0664"),
            categories=("groceries",),
            point=HOME,
            window=Window(first=day, last=day),
            part_of_day=PartOfDay.MORNING,
            consents=Consents(help_you=True),
            start="open",
        ),
    )
    return taken.need_id


async def test_a_reason_is_asked_for_on_every_page(street: Street) -> None:
    north, desk = street.north, await at_the_desk(street)
    day = (street.cast.clock.now().date() + timedelta(days=2)).isoformat()
    first, second, third = [await wanted(street, f"{name} Pretend") for name in ("Ida", "Olga", "Una")]
    dispatch = north.services.dispatch
    task = AssignmentId(await dispatch.propose(north.staff, first, street.helper))
    await dispatch.approve(north.staff, task)

    page = await street.ask(desk, "GET", f"/rounds/plan?day={day}")
    assert "elsewhere in the morning" in page.text
    form = {"day": day, "driver": str(street.helper), "needs": str(second)}
    refused = await street.ask(desk, "POST", "/rounds/plan", form)
    assert refused.status == 422
    assert WHY in refused.text
    assert 'name="why"' in refused.text
    planned = await street.ask(desk, "POST", "/rounds/plan", {**form, "why": "it is next door"})
    assert planned.status == 303, planned.text

    page = await street.ask(desk, "GET", f"/board/{third}")
    assert WHY in page.text, "beside the button of that round"
    path = planned.headers["Location"].split("?")[0]
    add = {"round": path.rsplit("/", 1)[1]}
    refused = await street.ask(desk, "POST", f"/board/{third}/round", add)
    assert refused.status == 409
    assert "confirmed for something else" in refused.text
    added = await street.ask(desk, "POST", f"/board/{third}/round", {**add, "why": "next door, too"})
    assert added.status == 303, added.text


async def test_a_round_after_the_last_day_says_so_and_asks(street: Street) -> None:
    desk = await at_the_desk(street)
    wanted_by = await wanted(street, "Greta Pretend")
    day = (street.cast.clock.now().date() + timedelta(days=5)).isoformat()
    driver = await street.new_helper("Dora Invented")
    page = await street.ask(desk, "GET", f"/rounds/plan?day={day}")
    assert "wanted by" in page.text
    form = {"day": day, "driver": str(driver), "needs": str(wanted_by)}
    refused = await street.ask(desk, "POST", "/rounds/plan", form)
    assert refused.status == 422
    assert WHY in refused.text
    assert "It is wanted on other days" in refused.text
    planned = await street.ask(desk, "POST", "/rounds/plan", {**form, "why": "she said so"})
    assert planned.status == 303, planned.text
    page = await street.ask(desk, "GET", planned.headers["Location"])
    assert "wanted by" in page.text, "beside its stop"


async def test_a_round_is_moved_on_its_page_and_who_was_told_is_rung_again(street: Street) -> None:
    north, desk = street.north, await at_the_desk(street)
    need = await wanted(street, "Mona Pretend")
    today = street.cast.clock.now().date()
    there, then, later = [(today + timedelta(days=each)).isoformat() for each in (2, 6, 8)]
    driver = await street.new_helper("Dolly Invented")
    form = {"day": there, "driver": str(driver), "needs": str(need)}
    path = (await street.ask(desk, "POST", "/rounds/plan", form)).headers["Location"].split("?")[0]
    await north.services.dispatch.told_by_phone(north.staff, need)
    wrong = await street.ask(desk, "POST", f"{path}/day", {"day": "2000-01-01"})
    assert (wrong.status, "Choose a day from today on" in wrong.text) == (422, True)
    refused = await street.ask(desk, "POST", f"{path}/day", {"day": then})
    assert (refused.status, WHY in refused.text, f'value="{then}"' in refused.text) == (422, True, True)
    moved = await street.ask(desk, "POST", f"{path}/day", {"day": then, "why": "agreed with her"})
    assert moved.status == 200, moved.text
    assert "It is on another day now" in moved.text
    assert "not told yet who comes" in moved.text
    again = await street.ask(desk, "POST", f"{path}/day", {"day": later, "why": "once more"})
    assert again.status == 303, "nobody was told since"


async def test_no_two_areas_have_one_heading(street: Street) -> None:
    """Also where no file of places is set up: the areas of the map are told by their centres."""
    north, desk = street.north, await at_the_desk(street)
    for at, km in enumerate((0, 6, 12)):
        point = replace(HOME, lat=HOME.lat + km / 111)
        person = NewPerson(name=f"Area {at} Pretend", phone=f"0117 496 077{at}")
        need = NewNeed(
            person=person, categories=("groceries",), point=point, consents=Consents(help_you=True)
        )
        await north.services.intake.take(north.staff, replace(need, start="open"))
    for path in ("/rounds/plan", "/rounds"):
        page = (await street.ask(desk, "GET", path)).text
        headings = re.findall(r"<h3>([^<]+)</h3>", page)
        assert len(headings) > 1, path
        assert len(set(headings)) == len(headings), headings
        assert "one area of the map" not in page


async def test_areas_that_share_a_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    here, north, east = (cells.cell_of(51.45 + dy, -2.59 + dx) for dy, dx in ((0, 0), (0.2, 0), (0, 0.2)))

    async def areas(request: object, wanted: object) -> dict[str, str]:
        return {here: "in or near Knowle", north: "in or near Knowle"}

    monkeypatch.setattr(places, "areas", areas)
    monkeypatch.setattr(places, "say", lambda request, text, **values: text % values)
    names = await places.told_apart(None, [east, north, None, here, north])  # type: ignore[arg-type]
    assert len(set(names.values())) == 3
    assert names[here].startswith("in or near Knowle (51.4")
    assert names[east].startswith("the area around 51.4")
