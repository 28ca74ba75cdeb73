"""Buddies, and needs that come again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.answers import Answer
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.dispatch.series import EndedBy, Every, HandMove, OnHoliday, PairState, Said
from node.domain.dispatch.series_days import LeftOut
from node.domain.ids import NeedId, PersonId
from node.domain.money import Money
from node.domain.need import CloseReason, NeedDetails, Repeats, Window
from node.errors import Conflict, Invalid, Locked, MutualAidError
from node.store import assignments, consents, needs, series, settings
from tests.harness.office import Office, on_disk, point

DAY = timedelta(days=1)


async def begun(office: Office, every: Every = Every.WEEK, **more: object) -> tuple[str, PersonId, date]:
    """A need that comes again from the day after tomorrow on."""
    taken = await office.call(doorstep_word="zeppelin-word")
    first = office.desk.today + 2 * DAY
    rule = await office.repeating.begin(office.ana, taken.need_id, every=every, first_day=first, **more)  # type: ignore[arg-type]
    return rule, taken.person_id, first


async def made(office: Office, rule: str) -> dict[date, NeedId | None]:
    async with office.db.read() as tx:
        return {day: each.need_id for day, each in (await series.days_of(tx, rule)).items()}


async def coming(office: Office, rule: str) -> list[date]:
    """The days for which the job made a need."""
    return [day for day, need in (await made(office, rule)).items() if need and day > office.desk.today]


async def on_it(office: Office, need: NeedId) -> list[tuple[str, str]]:
    async with office.db.read() as tx:
        return [(task.person_id, str(task.state)) for task in await assignments.of_need(tx, need)]


async def the_need(office: Office, rule: str, day: date) -> NeedId:
    need = (await made(office, rule))[day]
    assert need is not None
    return need


async def agreed(office: Office, person: PersonId, helper: PersonId) -> str:
    return await office.buddies.begin(office.ana, person, helper, person_said=True, helper_said=True)


async def test_a_need_is_made_some_days_ahead_and_once(office: Office) -> None:
    rule, person, first = await begun(office)
    assert await office.repeating.sweep(SYSTEM) == 1
    assert await office.repeating.sweep(SYSTEM) == 0
    assert await coming(office, rule) == [first]
    need = await the_need(office, rule, first)
    async with office.db.read() as tx:
        row = await needs.get(tx, need)
        said = {str(each.purpose): each.answer for each in await consents.of_need(tx, need)}
    assert row is not None
    assert row.need.person_id == person
    assert (row.need.window, row.need.due_day) == (Window(first=first, last=first), first)
    details = office.desk.open_need(row)
    assert (details.category, details.doorstep_word) == ("groceries", "zeppelin-word")
    assert said == {"help_you": True, "groups_see": True}
    office.clock.advance(days=7)
    assert await office.repeating.sweep(SYSTEM) == 1
    assert first + 7 * DAY in await made(office, rule)


async def test_what_comes_again_lies_sealed(office: Office) -> None:
    await begun(office)
    await office.db.fold()
    assert b"zeppelin-word" not in on_disk(office)


async def test_money_and_answers_come_again_and_money_never_over_todays_cap(office: Office) -> None:
    answer = Answer(question="q", asked="Is there a lift?", code="", said="only stairs")
    money = Money(asked=2000, most=1500, currency="GBP")
    taken = await office.call(money=money, answers=(answer,))
    first = office.desk.today + 2 * DAY
    rule = await office.repeating.begin(office.ana, taken.need_id, every=Every.WEEK, first_day=first)

    async def comes(day: date) -> NeedDetails:
        assert await office.repeating.sweep(SYSTEM) == 1
        async with office.db.read() as tx:
            row = await needs.get(tx, await the_need(office, rule, day))
        assert row is not None
        return office.desk.open_need(row)

    details = await comes(first)
    assert (details.money.asked, details.money.most, details.answers) == (2000, 1500, (answer,))
    async with office.db.write() as tx:
        await settings.put(tx, settings.MONEY_MOST, 10)
    office.clock.advance(days=7)
    assert (await comes(first + 7 * DAY)).money.most == 1000


async def test_monday_wednesday_friday_is_one_rule(office: Office) -> None:
    taken = await office.call()
    monday = office.desk.today + (7 - office.desk.today.weekday()) * DAY
    rule = await office.repeating.begin(
        office.ana, taken.need_id, every=Every.WEEK, first_day=monday, weekdays=(0, 2, 4)
    )
    three = [monday, monday + 2 * DAY, monday + 4 * DAY]
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [each.comes for each in view.next] == [*three, monday + 7 * DAY]
    await office.repeating.skip(office.ana, rule, three[1])
    office.clock.advance(days=(monday - office.desk.today).days)
    await office.repeating.sweep(SYSTEM)
    assert [day for day, need in (await made(office, rule)).items() if need and day >= monday] == [
        monday, three[2], monday + 7 * DAY
    ]  # fmt: skip
    old, new = await office.helper("Olga Pretend"), await office.helper("Nils Pretend")
    await agreed(office, taken.person_id, old)
    hand = await office.handing_on.ask(office.ana, rule, new, monday + 11 * DAY)
    await office.handing_on.answer(office.ana, hand, HandMove.AGREE)
    await office.repeating.pause(office.ana, rule, monday + 9 * DAY)
    office.clock.advance(days=4)
    await office.repeating.sweep(SYSTEM)
    needs_of = await made(office, rule)
    assert [await on_it(office, needs_of[monday + ahead * DAY] or NeedId("")) for ahead in (9, 11)] == [
        [(old, "proposed")], [(new, "proposed")]
    ]  # fmt: skip
    with pytest.raises(Invalid):
        await office.repeating.begin(
            office.ana, await office.need(), every=Every.MONTH, first_day=monday + 90 * DAY, weekdays=(1, 2)
        )


async def test_a_rule_begins_after_the_requests_own_day(office: Office) -> None:
    own = office.desk.today + 3 * DAY
    need = await office.need("groceries", window=Window(first=own - DAY, last=own))
    proposed = await office.repeating.may_follow(office.ana, need)
    assert (proposed.earliest, proposed.proposed) == (own + DAY, own + 6 * DAY)
    for day in (own - DAY, own):
        with pytest.raises(Invalid, match="two for it"):
            await office.repeating.begin(office.ana, need, every=Every.WEEK, first_day=day)
    rule = await office.repeating.begin(
        office.ana, need, every=Every.WEEK, first_day=own - DAY, weekdays=((own + DAY).weekday(),)
    )
    assert await office.repeating.sweep(SYSTEM) == 1
    assert sorted(await made(office, rule)) == [own - DAY, own + DAY]
    called_off = await office.need("groceries", window=Window(first=own, last=own))
    await office.dispatch.close(office.ana, called_off, CloseReason.NO_LONGER_NEEDED)
    await office.repeating.begin(office.ana, called_off, every=Every.WEEK, first_day=own)


async def test_a_call_that_repeats_begins_its_rules_when_it_is_saved(office: Office) -> None:
    new = office.told("groceries", "dog_walking")
    said = Said(every=Every.WEEK, weekdays=(0, 3))
    taken = await office.repeating.take(office.ana, new, said)
    for need_id in taken.need_ids:
        view = await office.repeating.of_need(office.ana, need_id)
        assert view is not None
        async with office.db.read() as tx:
            row = await needs.get(tx, need_id)
        assert row is not None
        assert row.need.window is not None
        assert row.need.repeats is Repeats.WEEKLY
        assert row.need.window.first < view.series.rule.first_day, (
            "the next of its days follows the call's own"
        )
        assert {row.need.window.first.weekday(), view.series.rule.first_day.weekday()} == {0, 3}
    practice = await office.repeating.take(office.ana, replace(new, practice=True), said)
    assert await office.repeating.of_need(office.ana, practice.need_id) is None
    office.lock()
    locked = await office.repeating.take(office.ana, new, said)
    await office.unlock()
    assert await office.repeating.of_need(office.ana, locked.need_id) is None
    assert len(await office.repeating.all_of_them(office.ana)) == 2


async def test_a_day_off_line_is_not_made_up_for(office: Office) -> None:
    rule, _, first = await begun(office)
    office.clock.advance(days=20)  # nobody signed in, or the machine was off
    assert await office.repeating.sweep(SYSTEM) == 1
    assert await coming(office, rule) == [first + 21 * DAY]


async def test_skipped_paused_and_ended(office: Office) -> None:
    rule, _, first = await begun(office)
    await office.repeating.skip(office.ana, rule, first)
    assert await office.repeating.sweep(SYSTEM) == 0
    office.clock.advance(days=3)
    assert await office.repeating.sweep(SYSTEM) == 1
    second = await the_need(office, rule, first + 7 * DAY)
    await office.repeating.skip(office.ana, rule, first + 7 * DAY)
    assert await office.state(second) == "closed"
    with pytest.raises(Invalid):
        await office.repeating.skip(office.ana, rule, first + DAY)
    await office.repeating.pause(office.ana, rule, first + 20 * DAY)
    office.clock.advance(days=7)
    assert await office.repeating.sweep(SYSTEM) == 0, "the third lies in the pause"
    office.clock.advance(days=7)
    assert await office.repeating.sweep(SYSTEM) == 1, "the fourth does not"
    await office.repeating.resume(office.ana, rule)
    await office.repeating.end(office.ana, rule)
    office.clock.advance(days=14)
    assert await office.repeating.sweep(SYSTEM) == 0
    with pytest.raises(Conflict):
        await office.repeating.resume(office.ana, rule)


@pytest.mark.parametrize(
    ("how", "comes"), [(OnHoliday.SKIP, []), (OnHoliday.SAME, [0]), (OnHoliday.BEFORE, [-1])]
)
async def test_holidays(office: Office, how: OnHoliday, comes: list[int]) -> None:
    rule, _, first = await begun(office, on_holiday=how)
    await office.repeating.set_holidays(office.ana, [first, first + DAY])
    await office.repeating.sweep(SYSTEM)
    windows = []
    async with office.db.read() as tx:
        for day, need in (await made(office, rule)).items():
            row = await needs.get(tx, need or "")
            if day == first and row is not None and row.need.window is not None:
                windows.append((row.need.window.first - first).days)
    assert windows == comes
    assert await office.repeating.holidays(office.ana) == (first, first + DAY)


async def test_the_page_and_the_job_say_the_same_of_a_long_time_off(office: Office) -> None:
    rule, _, first = await begun(office, on_holiday=OnHoliday.BEFORE)
    off = [first + ahead * DAY for ahead in range(5, 25)]
    await office.repeating.set_holidays(office.ana, off)
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [each.comes for each in view.next] == [first, first + 4 * DAY, None, None]
    assert view.next[2].why is LeftOut.NO_DAY_BEFORE
    for _ in range(40):
        await office.repeating.sweep(SYSTEM)
        office.clock.advance(days=1)
    asked_for = []
    async with office.db.read() as tx:
        for need in (await made(office, rule)).values():
            row = await needs.get(tx, need or "")
            if row is not None and row.need.window is not None:
                asked_for.append(row.need.window.first)
    assert asked_for == [first, first + 4 * DAY, first + 28 * DAY, first + 35 * DAY, first + 42 * DAY]


async def test_a_pause_an_end_and_a_day_off_ask_about_what_is_made_already(office: Office) -> None:
    rule, _, first = await begun(
        office, weekdays=[(office.desk.today + each * DAY).weekday() for each in (2, 3)]
    )
    await office.repeating.sweep(SYSTEM)
    second, later = await the_need(office, rule, first + DAY), await the_need(office, rule, first)
    sam = await office.helper("Sam")
    task = await office.confirmed(later, sam)
    (view,) = await office.repeating.all_of_them(office.ana)
    own, *made_ones = view.ahead
    assert [each.comes for each in made_ones] == [first, first + DAY]
    assert not own.dated
    await office.repeating.pause(office.ana, rule, first + 30 * DAY)
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [(each.comes, each.need_id) for each in view.next[:3]] == [
        (first, later), (first + DAY, second), (None, None)
    ], "they come: nobody has called them off"  # fmt: skip
    await office.repeating.pause(office.ana, rule, first + DAY, [first, first + DAY])
    assert (await office.state(later), await office.state(second)) == (
        "closed",
        "open",
    )
    assert await on_it(office, later) == [(sam, "withdrawn")]
    assert await office.undo.offered(office.ana, later) is not None
    await office.undo.undo(office.ana, later)
    assert (await office.state(later), await on_it(office, later)) == ("assigned", [(sam, "approved")])
    await office.repeating.resume(office.ana, rule)
    await office.repeating.set_holidays(office.ana, [first])
    (view,) = await office.repeating.all_of_them(office.ana)
    assert [each.need_id for each in view.on_days_off] == [later]
    assert view.next[0].comes == first
    await office.repeating.set_holidays(office.ana, [first], [(rule, first)])
    assert await office.state(later) == "closed"
    await office.repeating.end(office.ana, rule, [first + DAY, own.day])
    assert await office.state(second) == "closed"
    assert own.need_id is not None
    assert await office.state(own.need_id) == "closed"
    assert task


async def test_an_ended_buddy_who_was_only_asked_is_asked_no_more(office: Office) -> None:
    rule, person, first = await begun(office)
    sam, kim = await office.helper("Sam"), await office.helper("Kim")
    pair = await agreed(office, person, sam)
    await office.repeating.sweep(SYSTEM)
    need = await the_need(office, rule, first)
    await office.dispatch.propose(office.ana, need, kim)
    await office.buddies.end(office.ana, pair, EndedBy.PERSON)
    assert await on_it(office, need) == [(sam, "withdrawn"), (kim, "proposed")]
    pair = await agreed(office, person, kim)
    await office.buddies.end(office.ana, pair, EndedBy.PERSON)
    assert (kim, "proposed") in await on_it(office, need), "a coordinator asked her"
    pair = await agreed(office, person, sam)
    office.clock.advance(days=7)
    await office.repeating.sweep(SYSTEM)
    need = await the_need(office, rule, first + 7 * DAY)
    (message,) = await office.waves.messages(office.ana, need)
    await office.tasks.answer(message.token, "phone", AssignmentMove.INTEREST)
    await office.buddies.end(office.ana, pair, EndedBy.HELPER)
    assert [who for who, state in await on_it(office, need) if state != "withdrawn"] == [sam], (
        "her yes stands"
    )


async def test_the_buddy_is_asked_first_and_then_the_ordinary_way(office: Office) -> None:
    rule, person, first = await begun(office)
    other, sam = await office.helper("Other"), await office.helper("Sam")
    await agreed(office, person, sam)
    await office.repeating.sweep(SYSTEM)
    need = await the_need(office, rule, first)
    assert await on_it(office, need) == [(sam, "proposed")]
    assert await office.waves.to_tell(office.ana) == {need: 1}, "somebody is told to write to her"
    (message,) = await office.waves.messages(office.ana, need)
    await office.tasks.answer(message.token, "phone", AssignmentMove.DECLINE)
    assert await office.state(need) == "open"
    assert [each.name for each in await office.matching.candidates(office.ana, need)] == ["Other", "Sam"]
    await office.confirmed(need, other)


async def test_a_buddy_who_cannot_is_not_asked(office: Office) -> None:
    rule, person, first = await begun(office)
    sam = await office.helper("Sam")
    await agreed(office, person, sam)
    await office.people.pause(office.ana, sam)
    await office.repeating.sweep(SYSTEM)
    assert await on_it(office, await the_need(office, rule, first)) == []


async def test_both_have_to_agree_and_either_ends_it(office: Office) -> None:
    rule, person, _ = await begun(office)
    sam = await office.helper("Sam")
    pair = await office.buddies.begin(office.ana, person, sam)
    with pytest.raises(Invalid):
        await office.buddies.begin(office.ana, person, sam)
    assert await office.buddies.agree(office.ana, pair, EndedBy.HELPER) is PairState.ASKED
    await office.repeating.sweep(SYSTEM)
    assert all(
        not tasks
        for tasks in [await on_it(office, need) for need in (await made(office, rule)).values() if need]
    )
    assert await office.buddies.agree(office.ana, pair, EndedBy.PERSON) is PairState.AGREED
    (view,) = await office.buddies.of_person(office.ana, sam)
    assert view.helps
    for by in (EndedBy.PERSON, EndedBy.HELPER):
        await office.buddies.end(office.ana, pair, by)
        assert await office.buddies.of_person(office.ana, person) == ()
        with pytest.raises(Conflict):
            await office.buddies.end(office.ana, pair, by)
        pair = await agreed(office, person, sam)


async def test_handing_on_asks_both_anew(office: Office) -> None:
    _, person, _ = await begun(office)
    sam, kim = await office.helper("Sam"), await office.helper("Kim")
    pair = await agreed(office, person, sam)
    await office.buddies.hand_on(office.ana, pair, kim)
    (view,) = await office.buddies.of_person(office.ana, person)
    assert (view.name, view.pair.state) == ("Kim", PairState.ASKED)
    with pytest.raises(Invalid):  # all or nothing
        await office.buddies.hand_on(office.ana, view.pair.id, person)
    assert [each.name for each in await office.buddies.of_person(office.ana, person)] == ["Kim"]


async def test_people_who_must_not_meet_are_no_pair_and_no_reason_is_given(office: Office) -> None:
    rule, person, first = await begun(office)
    sam, bar = await office.helper("Sam"), await office.helper("Bar")
    await agreed(office, person, sam)
    await office.people.bar(office.safety, bar, "reasons")
    await office.people.keep_apart(office.safety, sam, person)
    await office.repeating.sweep(SYSTEM)
    assert await on_it(office, await the_need(office, rule, first)) == []
    kim = await office.helper("Kim")
    await office.people.keep_apart(office.safety, kim, person)
    told = []
    for helper in (kim, bar):
        with pytest.raises(MutualAidError) as refused:
            await office.buddies.begin(office.ana, person, helper)
        told.append((refused.value.code, refused.value.message))
    assert told[0] == told[1]


async def test_the_job_waits_while_locked_and_erasing_ends_everything(office: Office) -> None:
    rule, person, _ = await begun(office)
    sam = await office.helper("Sam")
    await agreed(office, person, sam)
    office.lock()
    with pytest.raises(Locked):
        await office.repeating.sweep(SYSTEM)
    await office.unlock()
    assert await office.repeating.sweep(SYSTEM) == 1
    await office.people.erase(office.ana, person)
    async with office.db.read() as tx:
        assert await series.get(tx, rule) is None
    assert await office.buddies.of_person(office.ana, sam) == ()
    office.clock.advance(days=7)
    assert await office.repeating.sweep(SYSTEM) == 0


async def test_left_out_and_brought_back(office: Office) -> None:
    rule, _, first = await begun(office)
    await office.repeating.skip(office.ana, rule, first)
    assert await office.repeating.sweep(SYSTEM) == 0
    (view,) = await office.repeating.all_of_them(office.ana)
    assert (view.next[0].left_out, view.next[1].left_out) == (True, False)
    await office.repeating.not_skipped(office.ana, rule, first)
    assert await office.repeating.sweep(SYSTEM) == 1
    need = await the_need(office, rule, first)
    await office.repeating.skip(office.ana, rule, first)
    assert await office.state(need) == "closed"
    await office.repeating.not_skipped(office.ana, rule, first)
    assert await office.state(need) == "open", "the same request, not a second one"
    assert await office.repeating.sweep(SYSTEM) == 0
    with pytest.raises(Invalid):
        await office.repeating.not_skipped(office.ana, rule, first)


async def test_handed_on_from_a_day_on_with_her_own_yes(office: Office) -> None:
    rule, person, first = await begun(office)
    old, new = await office.helper("Olga Pretend"), await office.helper("Nils Pretend")
    await agreed(office, person, old)
    await office.repeating.sweep(SYSTEM)
    second = first + 7 * DAY
    with pytest.raises(Invalid, match="already"):
        await office.handing_on.ask(office.ana, rule, new, first)
    hand = await office.handing_on.ask(office.ana, rule, new, second)
    (view,) = (await office.handing_on.standing(office.ana, [rule]))[rule]
    assert (view.name, view.before, view.to_tell) == ("Nils Pretend", "Olga Pretend", False)
    assert await on_it(office, await the_need(office, rule, first)) == [(old, "proposed")]
    await office.handing_on.answer(office.ana, hand, HandMove.AGREE)
    (view,) = (await office.handing_on.standing(office.ana, [rule]))[rule]
    assert view.to_tell
    await office.handing_on.told(office.ana, hand, new=True)
    await office.handing_on.told(office.ana, hand, new=False)
    (view,) = (await office.handing_on.standing(office.ana, [rule]))[rule]
    assert not view.to_tell
    assert await on_it(office, await the_need(office, rule, first)) == [(old, "proposed")], (
        "until then she keeps it"
    )
    office.clock.advance(days=7)
    await office.repeating.sweep(SYSTEM)
    assert await on_it(office, await the_need(office, rule, second)) == [(new, "proposed")]


async def test_without_a_yes_nothing_changes_and_who_must_not_is_not_asked(office: Office) -> None:
    rule, person, first = await begun(office)
    old, new = await office.helper("Olga Pretend"), await office.helper("Nils Pretend")
    await agreed(office, person, old)
    hand = await office.handing_on.ask(office.ana, rule, new, first)
    await office.handing_on.answer(office.ana, hand, HandMove.DECLINE)
    await office.repeating.sweep(SYSTEM)
    assert await on_it(office, await the_need(office, rule, first)) == [(old, "proposed")]
    with pytest.raises(Conflict):
        await office.handing_on.answer(office.ana, hand, HandMove.AGREE)
    await office.people.keep_apart(office.safety, new, person)
    with pytest.raises(Conflict):
        await office.handing_on.ask(office.ana, rule, new, first + 14 * DAY)


async def test_a_buddy_is_asked_first_for_a_single_request_too(office: Office) -> None:
    near, kim = await office.helper(), await office.helper("Kim Pretend", point=point(2))
    need = await office.need()
    person = (await office.board.need(office.ana, need)).need.person_id
    assert person is not None
    assert [each.person_id for each in await office.matching.candidates(office.ana, need)] == [near, kim]
    pair = await office.buddies.begin(office.ana, person, kim, person_said=True)
    first = (await office.matching.candidates(office.ana, need))[0]
    assert first.person_id == near, "only one of them has said yes"
    await office.buddies.agree(office.ana, pair, EndedBy.HELPER)
    first = (await office.matching.candidates(office.ana, need))[0]
    assert (first.person_id, first.reasons[0].code) == (kim, "buddy")
    await office.waves.start(office.ana, need)
    async with office.db.read() as tx:
        assert [task.person_id for task in await assignments.of_need(tx, need)] == [kim]
    for _ in range(2):  # one of both is at night, when nobody is asked
        office.clock.advance(hours=12)
        await office.waves.sweep(SYSTEM)
    async with office.db.read() as tx:
        assert {task.person_id for task in await assignments.of_need(tx, need)} == {kim, near}
