"""Finding people, changing how they are reached, households, and "do not keep my details"."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.consents import Consents
from node.domain.ids import PersonId
from node.domain.intake.intake import NewNeed
from node.domain.need import CloseReason, Point
from node.domain.people.newcomer import NewVolunteer
from node.domain.people.portraits import HouseholdOf
from node.domain.person import Phone
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.rights.forgetting import FOLLOW_UP_DAYS, MOST_AT_ONCE
from tests.harness.office import HOME, Office, on_disk, point


async def found(office: Office, text: str) -> list[str]:
    return [each.name for each in await office.directory.find(office.ana, text)]


async def test_people_are_found_however_they_are_written(office: Office) -> None:
    edna = await office.call(name="Édna Made-Up", phone="0117 496 0777", address="7 Imaginary Row, BS4 1AA")
    await office.helper("Edgar Pretend")
    for text in ("edna", "EDN", "made up", "row edna", "bs4", "960777", "+44 117 496 0777", edna.reference):
        assert await found(office, text) == ["Édna Made-Up"], text
    assert await found(office, "ed") == ["Edgar Pretend", "Édna Made-Up"]
    for text in ("", "dna", "0000", "077", "nobody"):
        assert await found(office, text) == [], text
    (hit,) = await office.directory.find(office.ana, "edna")
    assert (hit.roles, hit.open_needs) == (("asks",), 1)


async def test_each_one_shown_is_a_recorded_look(office: Office) -> None:
    edna = (await office.call(name="Edna Made-Up")).person_id
    await office.directory.find(office.triage, "edna")
    history = (await office.people.person(office.ana, edna)).history
    assert ("Tri-made-up", "look.found") in [(row.actor, row.action) for row in history]
    with pytest.raises(NotAllowed):
        await office.directory.find(office.admin, "edna")


async def test_what_was_found_is_never_old_and_goes_when_locked(office: Office) -> None:
    edna = (await office.call(name="Edna Made-Up")).person_id
    assert await found(office, "edna") == ["Edna Made-Up"]
    view = await office.people.person(office.ana, edna)
    await office.details.change(office.ana, edna, replace(view.details, name="Ruth Renamed"))
    assert (await found(office, "edna"), await found(office, "ruth")) == ([], ["Ruth Renamed"])
    await office.people.erase(office.ana, edna)
    assert await found(office, "ruth") == []
    office.lock()
    assert office.directory._entries == {}
    with pytest.raises(Locked):
        await office.directory.find(office.ana, "ruth")


async def test_a_change_names_the_fields_and_seals_the_values(office: Office) -> None:
    taken = await office.call(name="Edna Made-Up", phone="0117 496 0777", address="7 Imaginary Row")
    edna = taken.person_id
    held = (await office.people.person(office.ana, edna)).details
    new = replace(
        held,
        door=Phone(number="07700 900444"),
        address="9 Canary Close",
        point=Point(lat=51.46698, lon=-2.59, accuracy_m=50),
        safe_to_ring="",
    )
    assert await office.details.change(office.triage, edna, new, "she moved") == (
        "door",
        "address",
        "safe_to_ring",
    )
    view = await office.people.person(office.ana, edna)
    assert view.details == new
    (row,) = [row for row in view.history if row.action == "person.changed"]
    assert row.codes == {"fields": "door address safe_to_ring"}
    assert "0117 496 0777 → 07700 900444" in row.why
    assert "she moved" in row.why
    assert b"Canary" not in on_disk(office)
    # The open request moves along: who is near is reckoned from where she lives now.
    await office.helper("Near The New Home", point=point(3.1), radius_km=1.0)
    (candidate,) = await office.matching.candidates(office.ana, taken.need_id)
    assert candidate.distance_km == 0.1
    # She is known by the new number, and no longer by the old one.
    assert [card.person_id for card in await office.intake.find_known(office.ana, "07700 900444")] == [edna]
    assert await office.intake.find_known(office.ana, "0117 496 0777") == []
    assert await office.details.change(office.ana, edna, new) == ()


async def test_volunteers_are_changed_by_who_looks_after_them(office: Office) -> None:
    sam = await office.helper()
    held = (await office.people.person(office.ana, sam)).details
    with pytest.raises(NotAllowed):
        await office.details.change(office.triage, sam, replace(held, name="Sam Other"))
    await office.details.change(office.ana, sam, replace(held, name="Sam Other"))
    assert [row.name for row in await office.people.list_volunteers(office.ana)] == ["Sam Other"]
    for wrong, field in (
        ({"door": Phone(number="abc")}, "door"),
        ({"email": "no"}, "email"),
        ({"name": "", "door": None}, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            await office.details.change(office.ana, sam, replace(held, **wrong))  # type: ignore[arg-type]
        assert field in refused.value.fields


async def test_a_household_is_everybody_who_lives_with_anybody_of_it(office: Office) -> None:
    people = [(await office.call(name=f"Person {n}", address="7 Imaginary Row")).person_id for n in range(4)]
    a, b, c, d = people
    assert {each.person_id for each in (await office.people.person(office.ana, a)).same_address} == {b, c, d}
    await office.households.join(office.triage, a, b)
    await office.households.join(office.triage, c, d)
    await office.households.join(office.triage, b, c)
    view = await office.people.person(office.ana, a)
    assert {each.person_id for each in view.household} == {b, c, d}
    assert view.same_address == ()
    await office.households.leave(office.triage, c)
    assert {each.person_id for each in (await office.people.person(office.ana, a)).household} == {b, d}
    await office.people.erase(office.ana, b)
    await office.households.leave(office.triage, d)
    assert (await office.people.person(office.ana, a)).household == ()
    with pytest.raises(Invalid):
        await office.households.join(office.triage, a, a)


async def test_a_need_may_be_for_the_whole_household(office: Office) -> None:
    one, other = await office.call(), await office.call()
    with pytest.raises(Conflict):
        await office.households.for_all(office.triage, one.need_id, True)
    await office.households.join(office.triage, one.person_id, other.person_id)
    assert await office.households.of_need(office.ana, one.need_id) == HouseholdOf(people=2, for_all=False)
    await office.households.for_all(office.triage, one.need_id, True)
    assert await office.households.of_need(office.ana, one.need_id) == HouseholdOf(people=2, for_all=True)
    assert (await office.people.person(office.ana, one.person_id)).asked[0].for_all


async def test_nobody_is_sent_where_somebody_lives_whom_they_must_not_meet(office: Office) -> None:
    one, other, sam = await office.call(), await office.call(), await office.helper()
    await office.people.keep_apart(office.safety, sam, other.person_id)
    assert (await office.matching.why_not(office.ana, one.need_id, sam)).code == "fits"
    await office.households.join(office.triage, one.person_id, other.person_id)
    assert (await office.matching.why_not(office.ana, one.need_id, sam)).code == "not_suitable"


async def no_to_keeping(office: Office) -> tuple[PersonId, str]:
    taken = await office.call(consents=Consents(help_you=True, keep_details=False))
    return taken.person_id, taken.need_id


async def gone(office: Office, person: PersonId) -> bool:
    try:
        await office.people.person(office.ana, person)
    except NotFound:
        return True
    return False


async def test_no_to_keeping_is_honoured_after_the_days_of_follow_up(office: Office) -> None:
    edna, need_id = await no_to_keeping(office)
    assert await office.forgetting.waiting(office.ana) == [], "not while a request is open"
    await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)  # type: ignore[arg-type]
    (waits,) = await office.forgetting.waiting(office.triage)
    assert (waits.person_id, waits.on) == (edna, office.desk.today + timedelta(days=FOLLOW_UP_DAYS + 1))
    assert (await office.people.person(office.ana, edna)).removal == waits.on
    office.clock.advance(days=FOLLOW_UP_DAYS)
    assert await office.forgetting.sweep(SYSTEM) == 0
    office.clock.advance(days=1)
    office.lock()
    with pytest.raises(Locked):
        await office.forgetting.sweep(SYSTEM)
    await office.unlock()
    assert await office.forgetting.sweep(SYSTEM) == 1
    assert await gone(office, edna)
    assert await office.forgetting.sweep(SYSTEM) == 0


@pytest.mark.parametrize(
    "why", ["asked again", "changed her mind", "helps too", "barred", "never asked", "yes"]
)
async def test_who_must_stay_stays(office: Office, why: str) -> None:
    said = {"never asked": None, "yes": True}.get(why, False)
    taken = await office.call(consents=Consents(help_you=True, keep_details=said))
    edna = taken.person_id
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.COMPLETED)
    match why:
        case "asked again":
            again = NewNeed(known_person=edna, categories=("lift",), point=HOME, start="open")
            await office.intake.take(office.ana, again)
        case "changed her mind":
            await office.forgetting.keep(office.triage, edna, True, wording="en-1")
        case "helps too":
            helps = NewVolunteer(known_person=edna, abilities=("groceries",))
            await office.people.add_volunteer(office.ana, helps)
        case "barred":
            await office.people.bar(office.safety, edna)
    office.clock.advance(days=FOLLOW_UP_DAYS + 20)
    assert await office.forgetting.waiting(office.ana) == []
    assert await office.forgetting.sweep(SYSTEM) == 0
    assert not await gone(office, edna)


async def test_a_purge_larger_than_usual_waits_for_a_person(office: Office) -> None:
    for _ in range(MOST_AT_ONCE + 1):
        _, need_id = await no_to_keeping(office)
        await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)  # type: ignore[arg-type]
    office.clock.advance(days=FOLLOW_UP_DAYS + 1)
    assert await office.forgetting.sweep(SYSTEM) == 0
    with pytest.raises(NotAllowed):
        await office.forgetting.sweep(office.triage, all_of_them=True)
    assert await office.forgetting.sweep(office.ana, all_of_them=True) == MOST_AT_ONCE + 1
