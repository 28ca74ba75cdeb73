"""Whoever a coordinator has in mind can be asked, with a reason where something speaks against it; requests asked twice
are offered; and two people are kept apart, or may meet again, whoever they are."""

import re

import pytest

from node.domain.consents import Consents
from node.domain.ids import PersonId
from node.domain.intake.intake import NewNeed, NewPerson, Taken
from node.domain.people.newcomer import NewVolunteer
from node.store import apart
from tests.harness.street import HOME, Street, at_the_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def call(street: Street, name: str, phone: str) -> Taken:
    return await street.north.services.intake.take(
        street.north.staff,
        NewNeed(
            person=NewPerson(name=name, phone=phone),
            categories=("groceries",),
            point=HOME,
            consents=Consents(help_you=True),
            start="open",
        ),
    )


async def helper(street: Street, name: str, **changes: object) -> PersonId:
    new = NewVolunteer(
        person=NewPerson(name=name, email=f"{name.replace(' ', '.')}@example.org"),
        point=HOME,
        abilities=("groceries",),
        **changes,
    )  # type: ignore[arg-type]
    return await street.north.services.people.add_volunteer(street.north.staff, new)


async def pairs(street: Street) -> int:
    async with street.north.node.network.on.db.read() as tx:
        return len(await apart.all_of_them(tx))


async def test_the_sixth_can_be_asked_and_a_break_is_overruled_with_a_reason(street: Street) -> None:
    services, staff = street.north.services, street.north.staff
    need = (await call(street, "Nora Madeup", "07700 900501")).need_id
    many = [await helper(street, f"Pretend {number}") for number in range(7)]
    best = {each.person_id for each in await services.matching.candidates(staff, need)}
    sixth = next(each for each in many if each not in best)
    desk = await at_the_desk(street)
    page = (await street.ask(desk, "GET", f"/board/{need}?in_mind={sixth}")).text
    assert 'formaction="/board/' in page
    assert 'id="mind-why"' not in page
    answer = await street.ask(desk, "POST", f"/board/{need}/said-yes", {"person": sixth})
    assert answer.status == 200
    assert [(a.person_id, a.state) for a in (await services.board.need(staff, need)).assignments] == [
        (sixth, "interested")
    ]
    away = next(each for each in many if each != sixth)
    await services.people.pause(staff, away)
    page = (await street.ask(desk, "GET", f"/board/{need}?in_mind={away}")).text
    assert 'id="mind-why"' in page
    for verb in ("ask", "said-yes", "assign"):
        refused = await street.ask(desk, "POST", f"/board/{need}/{verb}", {"person": away})
        assert refused.status == 422
        assert 'id="mind-why"' in refused.text, "and can be said right there"
    fine = await street.ask(
        desk, "POST", f"/board/{need}/said-yes", {"person": away, "why": "rang and offered"}
    )
    assert fine.status == 200
    history = (await services.board.need(staff, need)).history
    assert "rang and offered" in [row.why for row in history]


async def test_what_nobody_may_overrule_has_no_button(street: Street) -> None:
    services, staff = street.north.services, street.north.staff
    taken, who = await call(street, "Otto Madeup", "07700 900502"), await helper(street, "Kept Pretend")
    await services.people.keep_apart(staff, taken.person_id, who)
    desk = await at_the_desk(street)
    page = (await street.ask(desk, "GET", f"/board/{taken.need_id}?in_mind={who}")).text
    assert "not for this one" in page
    assert "said-yes" not in page
    for verb in ("ask", "said-yes", "assign"):
        form = {"person": who, "why": "all the same"}
        assert (await street.ask(desk, "POST", f"/board/{taken.need_id}/{verb}", form)).status == 409


async def test_a_request_asked_twice_is_offered_and_a_number_may_be_typed(street: Street) -> None:
    services, staff = street.north.services, street.north.staff
    first = await call(street, "Tess Madeup", "07700 900503")
    again, alone = (
        await call(street, "T Madeup", "07700 900503"),
        await call(street, "Una Madeup", "07700 900504"),
    )
    desk = await at_the_desk(street)
    words = "Was it asked twice?"
    assert words in (await street.ask(desk, "GET", f"/board/{again.need_id}")).text
    assert words not in (await street.ask(desk, "GET", f"/board/{alone.need_id}")).text
    form = {"reason": "duplicate", "reference": "000 000 000"}
    assert (await street.ask(desk, "POST", f"/board/{again.need_id}/close", form)).status == 422
    form["reference"] = " ".join(re.findall("...", first.reference))
    await street.ask(desk, "POST", f"/board/{again.need_id}/close", form)
    closed = (await services.board.need(staff, again.need_id)).need
    assert (closed.state, closed.duplicate_of) == ("closed", first.need_id)
    known = {"screen": "07700 900503"}
    several = (await street.ask(desk, "POST", "/intake", known | {"look": "y"})).text
    assert "open: " not in several, "two have that number: what was asked comes once one is chosen"
    chosen = str(first.person_id)
    for way in ({"look": "y", "known_person": chosen}, {"same": chosen}):
        assert "open: " in (await street.ask(desk, "POST", "/intake", known | way)).text


async def test_keeping_apart_finds_anybody_ticks_nobody_and_has_a_way_back(street: Street) -> None:
    asker = await call(street, "Vera Madeup", "07700 900505")
    other = await call(street, "Walt Madeup", "07700 900506")
    desk = await at_the_desk(street)
    where, before = f"/people/{asker.person_id}/apart", await pairs(street)
    found = (await street.ask(desk, "POST", where, {"find": "Walt"})).text
    box = re.search(rf'<input type="radio" name="other" value="{other.person_id}"[^>]*>', found)
    assert box is not None
    assert "checked" not in box[0]
    assert (await street.ask(desk, "POST", where, {"why": "nobody was chosen"})).status == 422
    await street.ask(desk, "POST", where, {"other": other.person_id, "why": "reasons"})
    assert await pairs(street) == before + 1
    form = {"other": other.person_id, "do": "may_meet"}
    assert (await street.ask(desk, "POST", where, form)).status == 422, "not without a reason"
    await street.ask(desk, "POST", where, {**form, "why": "the wrong Walt"})
    assert await pairs(street) == before
