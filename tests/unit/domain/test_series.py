"""The days of a rule, and the life-cycles of what comes again."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.dispatch.series import (
    HAND_MOVES,
    PAIR_MOVES,
    SERIES_MOVES,
    Every,
    Hand,
    HandMove,
    HandState,
    OnHoliday,
    PairState,
    RuleChange,
    Said,
    SeriesState,
    begun_on,
    days,
    helper_on,
    next_time,
    rule_from,
)
from node.domain.ids import PersonId
from node.domain.need import Window

SOME_DAY = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(SOME_DAY, st.sampled_from(Every), SOME_DAY, st.integers(0, 400))
def test_a_rule_keeps_its_weekday_and_its_distance(first: date, every: Every, start: date, span: int) -> None:
    rule = rule_from(every, first, OnHoliday.SAME)
    end = start + timedelta(days=span)
    found = list(days(rule, start, end))
    assert found == sorted(set(found))
    assert all(day.weekday() == first.weekday() and max(first, start) <= day <= end for day in found)
    gaps = {(after - day).days for day, after in pairwise(found)}
    assert gaps <= {Every.WEEK: {7}, Every.FORTNIGHT: {14}, Every.MONTH: {28, 35}}[every]
    if start <= first <= end:
        assert found[0] == first
    # Looked at in pieces it is the same rule.
    middle = start + timedelta(days=span // 2)
    assert [*days(rule, start, middle), *days(rule, middle + timedelta(days=1), end)] == found


@given(SOME_DAY, st.sampled_from((Every.WEEK, Every.FORTNIGHT)), st.sets(st.integers(0, 6), min_size=1))
def test_several_weekdays_are_each_kept(first: date, every: Every, weekdays: set[int]) -> None:
    rule = rule_from(every, first, OnHoliday.SAME, None, weekdays)
    found = list(days(rule, first, first + timedelta(days=83)))
    assert found == sorted(set(found))
    assert rule.first_day == found[0]
    assert (found[0] - first).days < 7
    for weekday in weekdays:
        own = [day for day in found if day.weekday() == weekday]
        assert {(after - day).days for day, after in pairwise(own)} == {7 if every is Every.WEEK else 14}
    assert {day.weekday() for day in found} == weekdays
    monday = found[0] - timedelta(days=found[0].weekday())
    assert every is Every.WEEK or all((day - monday).days % 14 < 7 for day in found), "of the same weeks"


@given(
    SOME_DAY,
    st.sampled_from((Every.WEEK, Every.FORTNIGHT)),
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(st.tuples(st.integers(1, 40), st.sets(st.integers(0, 6), min_size=1)), max_size=3),
)
def test_a_rule_that_changes_is_each_time_as_if_it_had_always_been_so(
    first: date, every: Every, weekdays: set[int], later: list[tuple[int, set[int]]]
) -> None:
    rule = rule_from(every, first, OnHoliday.SAME, None, weekdays)
    end, changes, begins = first + timedelta(days=150), [], first
    for ahead, anew in later:
        begins += timedelta(days=ahead)
        changes.append(RuleChange(from_day=begins, weekdays=tuple(sorted(anew))))
    found = list(days(replace(rule, changes=tuple(changes)), first, end))
    assert found == sorted(set(found))
    edges = [date.min, *(each.from_day for each in changes), date.max]
    for at, own in enumerate([rule.weekdays, *(each.weekdays for each in changes)]):
        plain = days(replace(rule, weekdays=own), first, end)
        span = [day for day in plain if edges[at] <= day < edges[at + 1]]
        assert [day for day in found if edges[at] <= day < edges[at + 1]] == span
    assert all(day.weekday() in replace(rule, changes=tuple(changes)).weekdays_on(day) for day in found)


@given(
    SOME_DAY,
    st.sampled_from(Every),
    st.sets(st.integers(0, 6)),
    st.integers(-3, 40) | st.none(),
    st.integers(0, 9),
    st.booleans(),
)
def test_a_call_that_repeats_is_followed_by_the_days_of_its_rule(
    today: date, every: Every, weekdays: set[int], ahead: int | None, span: int, soon: bool
) -> None:
    if every is Every.MONTH:
        weekdays = set(sorted(weekdays)[:1])
    first = None if ahead is None else today + timedelta(days=ahead)
    last = None if first is None else first + timedelta(days=span)
    said = Said(every=every, weekdays=tuple(sorted(weekdays)))
    own, rule = begun_on(said, first, last, today, soon=soon)
    assert own == first or (first is None and today <= own <= today + timedelta(days=7))
    assert first is not None or not weekdays or own.weekday() in weekdays
    assert rule.first_day > max(own, last or own, today)
    assert next(days(rule, today, rule.first_day)) == rule.first_day
    assert set(rule.weekdays) == (weekdays or {own.weekday()})


@given(SOME_DAY, st.none() | st.integers(-20, 20), st.integers(0, 20))
def test_the_next_time_is_after_the_requests_own_days(today: date, ahead: int | None, span: int) -> None:
    first = today + timedelta(days=ahead or 0)
    own = None if ahead is None else Window(first=first, last=first + timedelta(days=span))
    found = next_time(own, today)
    assert found.earliest == max(today, own.last if own else today) + timedelta(days=1)
    assert found.earliest <= found.proposed < found.earliest + timedelta(days=7)
    assert found.proposed.weekday() == first.weekday()


def test_the_last_friday_stays_the_last() -> None:
    own, rule = begun_on(
        Said(every=Every.MONTH), date(2026, 10, 30), None, date(2026, 10, 28), soon=False
    )  # a fifth Friday
    assert [own, *days(rule, own, date(2027, 1, 31))] == [
        date(2026, 10, 30), date(2026, 11, 27), date(2026, 12, 25), date(2027, 1, 29)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (date(2026, 11, 10), ["2026-11-10", "2026-12-08", "2027-01-12"]),  # the second Tuesday
        (date(2026, 10, 31), ["2026-10-31", "2026-11-28", "2026-12-26"]),  # the last Saturday
    ],
)
def test_once_a_month_is_the_same_weekday_of_the_month(first: date, shown: list[str]) -> None:
    rule = rule_from(Every.MONTH, first, OnHoliday.SAME)
    assert [day.isoformat() for day in days(rule, first, date(2027, 1, 20))] == shown


def test_a_last_day_ends_it() -> None:
    first = date(2026, 11, 3)
    rule = rule_from(Every.WEEK, first, OnHoliday.SAME, first + timedelta(days=8))
    assert len(list(days(rule, first, first + timedelta(days=60)))) == 2


def test_what_ended_stays_ended() -> None:
    assert {state for state, _ in SERIES_MOVES} == set(SeriesState) - {SeriesState.ENDED}
    assert {state for state, _ in PAIR_MOVES} == set(PairState) - {PairState.ENDED}


@given(st.data())
def test_only_her_own_yes_and_only_from_her_day_on(data: st.DataObject) -> None:
    hands = [
        Hand(
            id=f"h{each}",
            series_id="s",
            helper_id=PersonId(f"p{each}"),
            from_day=date(2026, 1, 1) + timedelta(days=data.draw(st.integers(0, 30))),
            state=data.draw(st.sampled_from(HandState)),
            asked_day=date(2026, 1, 1),
        )
        for each in range(data.draw(st.integers(0, 5)))
    ]
    day = date(2026, 1, 1) + timedelta(days=data.draw(st.integers(-1, 31)))
    on = [hand for hand in hands if hand.state is HandState.AGREED and hand.from_day <= day]
    found = helper_on(hands, day)
    assert (found is None) == (not on)
    if on:
        latest = max(hand.from_day for hand in on)
        assert found in {hand.helper_id for hand in on if hand.from_day == latest}
    assert {move for _, move in HAND_MOVES} == set(HandMove)
