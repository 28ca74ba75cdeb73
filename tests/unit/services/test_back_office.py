"""What an audit of the back office found: repeats, practice, who was told, weeks, breaks, and clashes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.consents import Consents
from node.domain.dispatch.series import Every, SeriesState
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.matching.matching import OVERRULED_WITH_A_REASON
from node.domain.need import CloseReason, PartOfDay, Urgency, Window
from node.domain.person import PersonKind
from node.errors import Conflict, Invalid
from node.services.people.merging import Merging
from node.store import holds, series, volunteers
from tests.harness.office import Office


async def _on(office: Office, days: int, part: PartOfDay | None = None) -> NeedId:
    day = office.desk.today + timedelta(days=days)
    return await office.need(window=Window(first=day, last=day), part_of_day=part)


async def _limit(office: Office, helper: PersonId, most: int) -> None:
    async with office.db.read() as tx:
        held = await volunteers.get(tx, helper)
    assert held is not None
    await office.people.change_volunteer(office.ana, replace(held, max_per_week=most))


async def _state(office: Office, rule: str) -> SeriesState:
    async with office.db.read() as tx:
        held = await series.get(tx, rule)
    assert held is not None
    return held[0].state


# --- what repeats


@pytest.mark.parametrize("keep", [False, None])
async def test_nobody_is_forgotten_while_something_repeats(office: Office, keep: bool | None) -> None:
    taken = await office.call(consents=Consents(help_you=True, keep_details=keep))
    rule = await office.repeating.begin(
        office.ana, taken.need_id, every=Every.MONTH, first_day=office.desk.today + timedelta(days=28)
    )
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.COMPLETED)
    office.clock.advance(days=22)
    assert await office.forgetting.sweep(SYSTEM) == 0
    async with office.db.read() as tx:
        assert taken.person_id not in [person for _, person in await holds.idle_askers(tx, office.desk.today)]
    assert await office.repeating.sweep(SYSTEM) == 1
    await office.repeating.end(office.ana, rule)
    async with office.db.read() as tx:
        made = [day.need_id for day in (await series.days_of(tx, rule)).values() if day.need_id]
    for need_id in made:
        if await office.state(need_id) != "closed":
            await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)
    office.clock.advance(days=16)
    assert await office.forgetting.sweep(SYSTEM) == (1 if keep is False else 0)


async def test_nobody_with_a_buddy_is_idle(office: Office) -> None:
    taken, helper = await office.call(), await office.helper()
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.COMPLETED)
    pair = await office.buddies.begin(office.ana, taken.person_id, helper, person_said=True, helper_said=True)
    async with office.db.read() as tx:
        assert taken.person_id not in [person for _, person in await holds.idle_askers(tx, office.desk.today)]
    async with office.db.read() as tx:
        (found,) = [each.pair for each in await office.buddies.of_person(office.ana, taken.person_id)]
    assert found.id == pair


async def test_nothing_repeats_for_somebody_who_is_barred(office: Office) -> None:
    taken = await office.call()
    rule = await office.repeating.begin(
        office.ana, taken.need_id, every=Every.WEEK, first_day=office.desk.today + timedelta(days=7)
    )
    await office.people.bar(office.safety, taken.person_id, "reasons")
    assert await _state(office, rule) is SeriesState.PAUSED
    (view,) = await office.repeating.all_of_them(office.ana)
    assert view.stands_still
    assert await office.repeating.sweep(SYSTEM) == 0
    with pytest.raises(Conflict, match="safety officer"):
        await office.repeating.resume(office.ana, rule)
    other = await office.need(known_person=taken.person_id, person=NewPerson())
    with pytest.raises(Conflict, match="safety officer"):
        await office.repeating.begin(
            office.ana, other, every=Every.WEEK, first_day=office.desk.today + timedelta(days=7)
        )
    await office.people.unbar(office.safety, taken.person_id)
    assert await office.repeating.sweep(SYSTEM) == 0, "somebody says that it goes on"
    await office.repeating.resume(office.ana, rule)
    assert await office.repeating.sweep(SYSTEM) > 0


async def test_a_record_that_becomes_part_of_a_barred_one_stands_still(office: Office) -> None:
    barred, taken, helper = await office.call(), await office.call(), await office.helper()
    await office.people.bar(office.safety, barred.person_id, "reasons")
    rule = await office.repeating.begin(
        office.ana, taken.need_id, every=Every.WEEK, first_day=office.desk.today + timedelta(days=7)
    )
    await office.confirmed(taken.need_id, helper)
    await Merging(office.desk, office.roster).merge(office.ana, barred.person_id, taken.person_id)
    assert await _state(office, rule) is SeriesState.PAUSED
    assert await office.state(taken.need_id) == "open"


# --- practice


async def test_practice_raises_no_alarm_and_takes_no_real_request_with_it(office: Office) -> None:
    made_up = await office.need(practice=True, urgency=Urgency.TODAY, start="new")
    real = await office.need()
    office.clock.advance(hours=30)
    assert made_up not in [each.id for each in await office.watch.raised(office.ana)]
    with pytest.raises(Invalid) as refused:
        await office.dispatch.close(office.ana, real, CloseReason.DUPLICATE, duplicate_of=made_up)
    assert "duplicate_of" in refused.value.fields
    assert await office.state(real) == "open"
    await office.dispatch.close(office.ana, made_up, CloseReason.DUPLICATE, duplicate_of=real)


# --- who was told


async def test_a_second_helper_is_told_of_too(office: Office) -> None:
    need, first, second = (
        await office.need(helpers=2),
        await office.helper(),
        await office.helper("Kim Pretend"),
    )
    await office.confirmed(need, first)
    await office.dispatch.told_by_phone(office.ana, need)
    await office.confirmed(need, second)
    assert not (await office.board.need(office.ana, need)).need.told_by_phone


# --- days


async def test_the_week_is_that_of_the_task(office: Office) -> None:
    helper = await office.helper()
    await _limit(office, helper, 1)
    far = await _on(office, 9)
    await office.confirmed(far, helper)
    soon, beside = await _on(office, 1), await _on(office, 9)
    assert (await office.matching.why_not(office.ana, soon, helper)).code == "fits"
    full = await office.matching.why_not(office.ana, beside, helper)
    assert (full.code, full.args) == ("week_full", {"count": 1, "most": 1})
    office.clock.advance(days=8)
    assert (await office.matching.why_not(office.ana, beside, helper)).code == "week_full"
    office.roster.forget()
    assert (await office.matching.why_not(office.ana, beside, helper)).code == "week_full"


async def test_a_weekly_task_leaves_room_for_the_next_week(office: Office) -> None:
    helper = await office.helper()
    await _limit(office, helper, 1)
    await office.confirmed(await _on(office, 7), helper)
    codes = [
        (await office.matching.why_not(office.ana, await _on(office, days), helper)).code
        for days in (0, 1, 13, 14)
    ]
    assert codes == ["fits", "week_full", "week_full", "fits"]


async def test_who_is_back_tomorrow_can_help_this_week(office: Office) -> None:
    helper = await office.helper()
    await office.people.pause(office.ana, helper, office.desk.today + timedelta(days=1))
    week, today = await office.need(urgency=Urgency.THIS_WEEK), await _on(office, 0)
    assert (await office.matching.why_not(office.ana, week, helper)).code == "fits"
    assert (await office.matching.why_not(office.ana, today, helper)).code == "paused"
    # Back only on days on which she never can.
    async with office.db.read() as tx:
        held = await volunteers.get(tx, helper)
    assert held is not None
    first = office.desk.today.strftime("%a").lower()
    await office.people.change_volunteer(
        office.ana, replace(held, hours=tuple(f"{first}:{part}" for part in PartOfDay))
    )
    assert (await office.matching.why_not(office.ana, week, helper)).code == "off_all"


async def test_an_organisation_is_in_two_places_at_one_time(office: Office) -> None:
    church = await office.helper("Made-up Church", kind=PersonKind.ORGANISATION, contact_name="Rev Invented")
    await office.confirmed(await _on(office, 2, PartOfDay.MORNING), church)
    again = await _on(office, 2, PartOfDay.MORNING)
    assert (await office.matching.why_not(office.ana, again, church)).code == "fits"
    await office.dispatch.assign(office.ana, again, church)


async def test_it_is_said_that_she_is_somewhere_else_then(office: Office) -> None:
    helper, free = await office.helper(), await office.helper("Kim Pretend")
    await office.confirmed(await _on(office, 2, PartOfDay.MORNING), helper)

    async def said(need: NeedId) -> dict[PersonId, list[str]]:
        found = await office.matching.candidates(office.ana, need)
        return {each.person_id: [reason.code for reason in each.reasons] for each in found}

    clash = await _on(office, 2, PartOfDay.MORNING)
    assert list(await said(clash)) == [free]
    assert (await office.matching.why_not(office.ana, clash, helper)).code == "busy_then"
    assert "busy_then" in OVERRULED_WITH_A_REASON
    await office.dispatch.assign(office.ana, clash, helper, "next door, she said yes")
    assert (await said(await _on(office, 2, PartOfDay.EVENING)))[helper][0] == "busy_day"
    assert not {"busy_then", "busy_day"} & {*(await said(await _on(office, 3)))[helper]}


async def test_two_tasks_for_one_person_are_one_way(office: Office) -> None:
    helper, day = await office.helper(), office.desk.today + timedelta(days=2)
    then = {"window": Window(first=day, last=day), "part_of_day": PartOfDay.MORNING}
    both = await office.call("groceries", "lift", **then)
    await office.confirmed(both.need_ids[0], helper)
    assert (await office.matching.why_not(office.ana, both.need_ids[1], helper)).code == "fits"


# --- asked twice


async def test_what_may_be_the_same_is_found_by_person_household_and_number(office: Office) -> None:
    first = await office.call(phone="0117 496 0777")
    again = await office.need(known_person=first.person_id, person=NewPerson())
    other_kind = await office.need("lift", known_person=first.person_id, person=NewPerson())
    same_number = await office.call(phone="0117 496 0777", name="Twin Madeup")
    mate = await office.call()
    await office.households.join(office.ana, first.person_id, mate.person_id)
    practice = await office.need(practice=True, phone="0117 496 0777")

    async def beside(need: NeedId) -> list[NeedId]:
        return [each.need_id for each in await office.board.also_open(office.ana, need)]

    assert set(await beside(first.need_id)) == {again, same_number.need_id, mate.need_id}
    assert await beside(other_kind) == []
    assert await beside(practice) == []
    await office.dispatch.close(office.ana, again, CloseReason.DUPLICATE, duplicate_of=first.need_id)
    assert again not in await beside(first.need_id)
    rule = await office.repeating.begin(
        office.ana, other_kind, every=Every.WEEK, first_day=office.desk.today + timedelta(days=7)
    )
    assert rule
    assert await office.repeating.sweep(SYSTEM) == 1
    assert await beside(other_kind) == [], "the next day of it is another request"


async def test_the_card_says_what_is_open(office: Office) -> None:
    taken = await office.call("lift", phone="0117 496 0777")
    (card,) = await office.intake.find_known(office.ana, "0117 496 0777")
    assert card.open_needs == ("lift",)
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.COMPLETED)
    (card,) = await office.intake.find_known(office.ana, "0117 496 0777")
    assert card.open_needs == ()
