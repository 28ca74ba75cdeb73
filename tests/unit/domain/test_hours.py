"""The week as a grid, and which days a need may still be helped on."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.domain.hours import (
    AHEAD_DAYS,
    ALL_HOURS,
    PARTS,
    WEEKDAYS,
    days_wanted,
    free_on,
    in_order,
    slots_wanted,
    without_weekdays,
)
from node.domain.need import PartOfDay, Urgency, Window, due_day

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
SLOTS = st.sets(st.sampled_from(ALL_HOURS))
PART = st.none() | st.sampled_from(PARTS)


def test_seven_by_three() -> None:
    assert len(ALL_HOURS) == len(set(ALL_HOURS)) == 21
    assert in_order(reversed(ALL_HOURS)) == ALL_HOURS
    assert in_order(["mon:evening", "xmas:eve", "mon:morning"]) == ("mon:morning", "mon:evening")


@given(DAYS, SLOTS, PART)
def test_free_is_a_slot_of_that_day(day: date, hours: set[str], part: PartOfDay | None) -> None:
    weekday = WEEKDAYS[day.weekday()]
    parts = [part] if part else list(PARTS)
    assert free_on(hours, (), day, part) == any(f"{weekday}:{each}" in hours for each in parts)
    assert not free_on(hours, (day.isoformat(),), day, part), "a single day off stands above the week"


@given(DAYS, st.sets(st.sampled_from(WEEKDAYS)), PART)
def test_weekdays_taken_out_are_the_only_ones(day: date, off: set[str], part: PartOfDay | None) -> None:
    assert free_on(without_weekdays(off), (), day, part) == (WEEKDAYS[day.weekday()] not in off)


@given(DAYS, st.integers(-30, 30), st.integers(0, 40), st.sampled_from(Urgency), st.booleans())
def test_days_wanted_are_days_on_which_help_still_makes_sense(
    today: date, begins: int, long: int, urgency: Urgency, window: bool
) -> None:
    first = today + timedelta(days=begins)
    of = Window(first=first, last=first + timedelta(days=long)) if window else None
    days = days_wanted(due_day(urgency, of, today), of, today)
    assert 1 <= len(days) <= AHEAD_DAYS
    assert days[0] == (max(today, first) if window else today)
    assert list(days) == sorted(set(days))
    if of is not None and of.last >= today:
        assert days[-1] <= of.last
    if urgency is Urgency.WHENEVER and of is None:
        assert slots_wanted(days, None) == set(ALL_HOURS), "no hurry: every slot of the week will do"
    if urgency is Urgency.TODAY and of is None:
        assert days == (today,)
