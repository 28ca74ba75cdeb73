"""One person, many roles: whoever asks may help, in one record, and what holds for them holds for both."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.people.newcomer import NewVolunteer
from node.errors import Conflict
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor, at_the_desk
from tests.scenario.test_leaving import need

HELPER = {
    "name": "Somebody Invented",
    "phone": "07700 900771",
    "kinds": "groceries",
    "stage": "active",
    "transport": "foot",
    "radius": "5",
    "hours": ["mon:morning", "tue:morning", "wed:morning", "thu:morning", "fri:morning"],
}


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    return await at_the_desk(street, "kim")


async def _asked(street: Street, number: int = 0) -> tuple[NeedId, PersonId]:
    found = await need(street.north, street.north.staff, number)
    view = await street.north.services.board.need(street.north.staff, found)
    assert view.need.person_id is not None
    return found, view.need.person_id


async def _candidates(street: Street, request: NeedId) -> list[PersonId]:
    found = await street.north.services.matching.candidates(street.north.staff, request, 25)
    return [each.person_id for each in found]


async def test_somebody_we_know_becomes_a_volunteer_too(street: Street, kim: Visitor) -> None:
    desk, staff = street.north.services, street.north.staff
    own, rey = await _asked(street)
    feared, yan = await _asked(street, 1)
    await desk.people.keep_apart(staff, rey, yan, "said so")

    asked = await street.ask(kim, "POST", "/volunteers/add", HELPER)
    assert asked.status == 409
    assert "Is it one of these?" in asked.text
    assert rey in asked.text
    shown = re.findall(r'name="shown" value="([^"]+)"', asked.text)
    assert shown == [rey]
    again = await street.ask(kim, "POST", "/volunteers/add", HELPER | {"shown": rey})
    assert again.status == 409, "shown, and nobody said which"
    said = await street.ask(kim, "POST", "/volunteers/add", HELPER | {"shown": rey, "known_person": rey})
    assert (said.status, said.location) == (303, f"/people/{rey}?done=helps_too")
    assert [each.person_id for each in await desk.intake.find_known(staff, "07700 900771")] == [rey]

    # One record: never for her own request, nor with whom she must not meet; another neighbour's is fine.
    other, _ = await _asked(street, 2)
    assert [rey in await _candidates(street, each) for each in (own, feared, other)] == [False, False, True]
    page = (await street.ask(kim, "POST", f"/people/{rey}", {})).text
    for link in ('href="#asked"', 'href="#helps"', 'id="asked"', 'id="helps"'):
        assert link in page

    # A second row would take the place of the first, and of what was checked.
    more = HELPER | {"shown": rey, "known_person": rey, "radius": "6"}
    refused = await street.ask(kim, "POST", "/volunteers/add", more)
    assert refused.status == 409
    assert "They help already" in refused.text
    assert f'href="/people/{rey}"' in refused.text
    await desk.people.bar(staff, rey, "made up")
    assert rey not in await _candidates(street, other)


async def test_from_the_page_of_whoever_asked(street: Street, kim: Visitor) -> None:
    desk, staff = street.north.services, street.north.staff
    _, rey = await _asked(street)
    page = (await street.ask(kim, "POST", f"/people/{rey}", {})).text
    assert f'href="/volunteers/add?person={rey}"' in page
    form = (await street.ask(kim, "GET", f"/volunteers/add?person={rey}")).text
    assert "Somebody Invented" not in form, "opening an address looks at nobody"
    typed = {name: value for name, value in HELPER.items() if name not in ("name", "phone")}
    said = typed | {"kind": "known", "known_person": rey}
    assert (
        await street.ask(kim, "POST", "/volunteers/add", said)
    ).location == f"/people/{rey}?done=helps_too"
    person = await desk.people.person(staff, rey)
    assert (person.details.name, person.details.best_phone) == ("Somebody Invented", "07700 900771")
    assert person.volunteer is not None

    # Whom we keep away is told in words, and is nobody's volunteer.
    _, sol = await _asked(street, 3)
    await desk.people.bar(staff, sol, "made up")
    refused = await street.ask(kim, "POST", "/volunteers/add", said | {"known_person": sol})
    assert refused.status == 409
    assert "whom we keep away" in refused.text
    with pytest.raises(Conflict):
        await desk.people.add_volunteer(staff, NewVolunteer(known_person=sol, abilities=("groceries",)))


async def test_somebody_else_with_that_number_is_a_record_of_their_own(street: Street, kim: Visitor) -> None:
    desk, staff = street.north.services, street.north.staff
    _, rey = await _asked(street)
    both = HELPER | {"name": "Other Invented", "shown": rey, "known_person": ""}
    assert (
        await street.ask(kim, "POST", "/volunteers/add", both)
    ).location == "/volunteers?done=volunteer_added"
    known = await desk.intake.find_known(staff, "07700 900771")
    assert len(known) == 2
    assert [each.helps for each in known if each.person_id == rey] == [False]


async def test_who_signed_up_on_the_page_is_offered_for_joining(street: Street, kim: Visitor) -> None:
    desk, staff = street.north.services, street.north.staff
    own, rey = await _asked(street)
    new = NewVolunteer(
        person=NewPerson(name="Somebody Invented", phone="07700 900771"), abilities=("groceries",)
    )
    twin = await desk.journeys.apply(new, wording="en-1")
    page = (await street.ask(kim, "POST", f"/people/{twin}", {})).text
    assert "Is it one person?" in page
    assert f'href="/people/{rey}"' in page
    joined = await street.ask(kim, "POST", "/people/twice/one", {"keep": rey, "gone": twin})
    assert joined.status == 303
    assert await _candidates(street, own) == []
    page = (await street.ask(kim, "POST", f"/people/{rey}", {})).text
    assert "Is it one person?" not in page
    assert "They help, too" in page
    assert (await desk.people.person(staff, rey)).volunteer is not None
