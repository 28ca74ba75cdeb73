"""A rule that changes its days from a day on: what is on the board goes along or stays, and the way back."""

from datetime import date, timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.dispatch.series import Every, OnHoliday
from node.domain.need import CloseReason, NeedState, PartOfDay
from node.errors import Conflict, Invalid, NotAllowed
from node.services.people.copies import Copies
from node.services.settings.texts import Texts
from node.store import assignments, needs, series, settings
from node.store.needs import NeedRow
from tests.harness.office import Office

DAY = timedelta(days=1)


async def monday_and_thursday(office: Office) -> tuple[str, date]:
    """A rule that begins next Monday, and that Monday; the first week's requests are made."""
    taken = await office.call()
    monday = office.desk.today + (7 - office.desk.today.weekday()) * DAY
    rule = await office.repeating.begin(
        office.ana, taken.need_id, every=Every.WEEK, first_day=monday, weekdays=(0, 3)
    )
    office.clock.advance(days=(monday - office.desk.today).days - 1)
    assert await office.repeating.sweep(SYSTEM) == 2
    return rule, monday


async def made(office: Office, rule: str) -> dict[date, NeedRow]:
    async with office.db.read() as tx:
        there = (await series.days_of(tx, rule)).items()
        rows = {day: await needs.get(tx, each.need_id) for day, each in there if each.need_id}
    return {day: row for day, row in rows.items() if row is not None and day > office.desk.today}


async def on_the_board(office: Office, rule: str) -> list[date]:
    return [day for day, row in (await made(office, rule)).items() if row.need.state is not NeedState.CLOSED]


async def test_from_a_day_on_it_is_on_other_days_and_back(office: Office) -> None:
    rule, monday = await monday_and_thursday(office)
    thursday, friday = monday + 3 * DAY, monday + 4 * DAY
    before = await made(office, rule)
    assert await office.repeating.change(office.ana, rule, monday + DAY, (0, 4)) == ()
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [each.comes for each in view.next][:3] == [monday, friday, monday + 7 * DAY]
    assert (view.weekdays, [each.weekdays for each in view.changes]) == ((0, 3), [(0, 4)])
    assert await on_the_board(office, rule) == [monday], "nobody was on the one of Thursday: it is closed"
    await office.repeating.sweep(SYSTEM)
    assert await on_the_board(office, rule) == [monday, friday]

    assert await office.repeating.take_change_back(office.ana, rule) == ()
    assert await on_the_board(office, rule) == [monday, thursday]
    assert (await made(office, rule))[thursday].need.id == before[thursday].need.id, "the same request again"
    assert await office.repeating.sweep(SYSTEM) == 0
    with pytest.raises(Conflict):
        await office.repeating.take_change_back(office.ana, rule)
    # And once more the same: nothing of the way back is in its way.
    await office.repeating.change(office.ana, rule, monday + DAY, (0, 4))
    await office.repeating.sweep(SYSTEM)
    assert await on_the_board(office, rule) == [monday, friday]
    office.clock.advance(days=9)
    (view,) = await office.repeating.all_of_them(office.ana)
    assert (view.weekdays, view.changes, view.may_take_back) == ((0, 4), (), True)


@pytest.mark.parametrize("confirmed", [True, False])
async def test_what_somebody_is_on_stays_and_is_named(office: Office, confirmed: bool) -> None:
    rule, monday = await monday_and_thursday(office)
    thursday = monday + 3 * DAY
    need = (await made(office, rule))[thursday].need
    helper = await office.helper()
    if confirmed:
        await office.confirmed(need.id, helper)
    else:
        await office.dispatch.propose(office.ana, need.id, helper)
    (kept,) = await office.repeating.change(office.ana, rule, monday, (1,))
    assert (kept.day, kept.need_id, kept.reference) == (thursday, need.id, need.reference)
    await office.repeating.sweep(SYSTEM)
    tuesday = (await made(office, rule))[monday + DAY].need.id
    assert await on_the_board(office, rule) == [monday + DAY, thursday]
    await office.confirmed(tuesday, await office.helper("Una Pretend"))
    (kept,) = await office.repeating.take_change_back(office.ana, rule)
    assert kept.need_id == tuesday, "and so does what came by the change"
    assert await on_the_board(office, rule) == [monday, monday + DAY, thursday]


async def test_whom_the_rule_itself_asked_is_asked_for_the_new_days(office: Office) -> None:
    """A buddy who has not answered yet: no request stays behind because of that, and nobody is asked for both."""
    taken, buddy = await office.call(), await office.helper()
    await office.buddies.begin(office.ana, taken.person_id, buddy, person_said=True, helper_said=True)
    first = office.desk.today + 2 * DAY
    rule = await office.repeating.begin(office.ana, taken.need_id, every=Every.WEEK, first_day=first)
    await office.repeating.sweep(SYSTEM)
    assert await office.repeating.change(office.ana, rule, first, ((first.weekday() + 1) % 7,)) == ()
    await office.repeating.sweep(SYSTEM)
    assert await on_the_board(office, rule) == [first + DAY]
    async with office.db.read() as tx:
        asked = [task.need_id for task in await assignments.live(tx) if task.person_id == buddy]
    assert asked == [(await made(office, rule))[first + DAY].need.id]
    # Her own yes is another thing.
    task = next(each for each in (await office.board.need(office.ana, asked[0])).assignments)
    await office.dispatch.approve(office.ana, task.id)
    (kept,) = await office.repeating.take_change_back(office.ana, rule)
    assert kept.need_id == asked[0]


async def test_another_part_of_the_day(office: Office) -> None:
    rule, monday = await monday_and_thursday(office)
    thursday = monday + 3 * DAY
    held = (await made(office, rule))[monday].need
    await office.confirmed(held.id, await office.helper())
    (kept,) = await office.repeating.change(office.ana, rule, monday, (0, 3), PartOfDay.EVENING)
    assert kept.need_id == held.id, "whoever comes was told another time"
    parts = {day: row.need.part_of_day for day, row in (await made(office, rule)).items()}
    assert parts == {monday: None, thursday: PartOfDay.EVENING}
    office.clock.advance(days=4)
    await office.repeating.sweep(SYSTEM)
    later = (await made(office, rule))[monday + 7 * DAY].need
    assert later.part_of_day is PartOfDay.EVENING, "what is made from now on, too"
    await office.repeating.change(office.ana, rule, monday + 10 * DAY, (0, 3), "")
    await office.repeating.take_change_back(office.ana, rule)
    await office.repeating.take_change_back(office.ana, rule)
    assert (await made(office, rule))[monday + 7 * DAY].need.part_of_day is None


async def test_what_somebody_left_out_stays_left_out(office: Office) -> None:
    rule, monday = await monday_and_thursday(office)
    thursday = monday + 3 * DAY
    await office.repeating.skip(office.ana, rule, thursday)
    await office.repeating.change(office.ana, rule, monday + DAY, (0, 4))
    await office.repeating.take_change_back(office.ana, rule)
    assert await on_the_board(office, rule) == [monday]
    await office.repeating.not_skipped(office.ana, rule, thursday)
    assert await on_the_board(office, rule) == [monday, thursday]


async def test_closed_for_another_reason_since_it_stays_closed(office: Office) -> None:
    rule, monday = await monday_and_thursday(office)
    thursday = monday + 3 * DAY
    need = (await made(office, rule))[thursday].need.id
    await office.repeating.change(office.ana, rule, monday, (0,))
    await office.dispatch.reopen(office.ana, need)
    await office.dispatch.close(office.ana, need, CloseReason.UNREACHABLE)
    await office.repeating.take_change_back(office.ana, rule)
    assert await on_the_board(office, rule) == [monday]


async def test_what_cannot_be(office: Office) -> None:
    rule, monday = await monday_and_thursday(office)
    change = office.repeating.change
    for from_day, weekdays, part, field in (
        (office.desk.today, (1,), None, "from_day"),
        (monday, (), None, "weekdays"),
        (monday, (7,), None, "weekdays"),
        (monday, (3, 0), None, "weekdays"),
        (monday, (0, 3), "", "weekdays"),
    ):
        with pytest.raises(Invalid) as refused:
            await change(office.ana, rule, from_day, weekdays, part)
        assert set(refused.value.fields) == {field}
    await change(office.ana, rule, monday + 7 * DAY, (2,))
    with pytest.raises(Invalid, match="later day already"):
        await change(office.ana, rule, monday, (1,))
    with pytest.raises(NotAllowed):
        await change(office.triage, rule, monday + 14 * DAY, (1,))
    await office.repeating.end(office.ana, rule)
    for act in (
        change(office.ana, rule, monday + 14 * DAY, (1,)),
        office.repeating.take_change_back(office.ana, rule),
    ):
        with pytest.raises(Conflict):
            await act


async def test_a_month_s_rule_has_one_weekday_and_days_off_count_on_the_new_days(office: Office) -> None:
    taken = await office.call()
    first = office.desk.today + 2 * DAY
    rule = await office.repeating.begin(office.ana, taken.need_id, every=Every.MONTH, first_day=first)
    anew = (first.weekday() + 1) % 7
    with pytest.raises(Invalid):
        await office.repeating.change(office.ana, rule, first + DAY, (anew, first.weekday()))
    await office.repeating.change(office.ana, rule, first + DAY, (anew,))
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [each.day.weekday() for each in view.next] == [first.weekday(), anew, anew, anew]

    weekly, monday = await monday_and_thursday(office)
    await office.repeating.change(office.ana, weekly, monday + DAY, (0, 4))
    async with office.db.write() as tx:
        await settings.put(tx, settings.HOLIDAYS, [(monday + 4 * DAY).isoformat()])
    found = next(each for each in await office.repeating.all_of_them(office.ana) if each.series.id == weekly)
    assert found.series.rule.on_holiday is OnHoliday.SKIP
    assert [each.comes for each in found.next][:3] == [monday, None, monday + 7 * DAY]
    copy = await Copies(office.desk, Texts(office.db, office.clock)).make(office.ana, found.series.person_id)
    assert [each["weekdays"] for each in copy["repeats"]] == [[0, 3]]
