"""Whether a place is open follows from its week, its zone and the group's holidays, never from a guess."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from node.domain.settings import opening
from node.domain.settings.opening import DAY_MINUTES, Line, Now, Span, Standing, Week, standing, week_of
from node.domain.zone import Zone

LONDON = Zone("Europe/London")
SUMMER, WINTER = date(2026, 3, 29), date(2026, 10, 25)
"""The nights on which clocks go on, and back, in London."""


def at(text: str, zone: Zone = LONDON) -> int:
    """Unix seconds of a time on the wall."""
    moment = datetime.fromisoformat(text)
    return zone.at(moment.date(), moment.hour, moment.minute)


def week(*days: str) -> Week:
    """``tue 10-12:30`` for each."""
    spans: list[Span] = []
    for each in days:
        name, _, text = each.partition(" ")
        spans += opening.typed(("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(name), text) or ()
    return week_of(spans)


TABLE = week("tue 10-12:30, 14-17", "fri 22-02:00", "sat 2-4")


@pytest.mark.parametrize(
    ("moment", "now", "changes"),
    [
        ("2026-11-24T09:59", Now.CLOSED, "2026-11-24T10:00"),
        ("2026-11-24T10:00", Now.OPEN, "2026-11-24T12:30"),
        ("2026-11-24T12:30", Now.CLOSED, "2026-11-24T14:00"),  # the minute of closing is closed
        ("2026-11-24T17:00", Now.CLOSED, "2026-11-27T22:00"),
        ("2026-11-27T23:59", Now.OPEN, "2026-11-28T04:00"),  # past midnight, and on without a gap
        ("2026-11-28T01:59", Now.OPEN, "2026-11-28T04:00"),
        ("2026-11-28T04:00", Now.CLOSED, "2026-12-01T10:00"),
    ],
)
def test_a_week_with_a_break_and_a_night(moment: str, now: Now, changes: str) -> None:
    assert standing(TABLE, (), LONDON, at(moment)) == Standing(now=now, changes=at(changes))


def test_hours_that_are_only_words_say_nothing() -> None:
    assert standing((), (), LONDON, at("2026-11-24T10:00")) is None


def test_on_a_holiday_nothing_is_claimed_but_a_night_that_began_before_it() -> None:
    days = week("thu 20-02:00", "fri 10-12", "sat 10-12")
    holidays = {date(2026, 12, 25)}  # a Friday
    for moment, now, changes in (
        ("2026-12-25T01:00", Now.OPEN, "2026-12-25T02:00"),
        ("2026-12-25T11:00", Now.HOLIDAY, "2026-12-26T10:00"),
        ("2026-12-24T10:00", Now.CLOSED, "2026-12-24T20:00"),
        ("2026-12-24T03:00", Now.CLOSED, "2026-12-24T20:00"),
    ):
        assert standing(days, holidays, LONDON, at(moment)) == Standing(now=now, changes=at(changes)), moment


def test_a_place_that_never_shuts_has_no_hour_of_closing() -> None:
    always = week(*(f"{day} 0-24" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")))
    for moment in ("2026-11-24T00:00", "2026-03-29T01:30", "2026-10-25T23:59"):
        assert standing(always, (), LONDON, at(moment)) == Standing(now=Now.OPEN, changes=None)


@pytest.mark.parametrize(
    ("hours", "opens", "closes"),
    [
        ("sun 0-6", "2026-03-29T00:00+00:00", "2026-03-29T05:00+00:00"),  # five hours that night
        (
            "sun 1:30-6",
            "2026-03-29T01:30+00:00",
            "2026-03-29T05:00+00:00",
        ),  # a time that no clock shows: an hour on
        ("sat 22-3", "2026-03-28T22:00+00:00", "2026-03-29T02:00+00:00"),
    ],
)
def test_the_night_of_the_short_hour(hours: str, opens: str, closes: str) -> None:
    first, last = (int(datetime.fromisoformat(each).timestamp()) for each in (opens, closes))
    assert standing(week(hours), (), LONDON, first - 1) == Standing(now=Now.CLOSED, changes=first)
    assert standing(week(hours), (), LONDON, first) == Standing(now=Now.OPEN, changes=last)
    found = standing(week(hours), (), LONDON, last)
    assert found is not None
    assert found.now is Now.CLOSED


def test_the_night_that_has_an_hour_twice_closes_at_the_first() -> None:
    found = standing(week("sat 22-1:30"), (), LONDON, at("2026-10-24T23:00"))
    assert found == Standing(now=Now.OPEN, changes=int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp()))


def test_what_a_change_of_clocks_leaves_nothing_of_is_no_opening() -> None:
    """01:30 to 02:00 is not there on that Sunday: the next is a week later."""
    found = standing(week("sun 1:30-2"), (), LONDON, at("2026-03-28T12:00"))
    assert found == Standing(now=Now.CLOSED, changes=at("2026-04-05T01:30"))


spans = st.builds(
    Span,
    weekday=st.integers(0, 6),
    opens=st.integers(0, DAY_MINUTES - 1),
    closes=st.integers(0, DAY_MINUTES - 1),
)
weeks = st.lists(spans, min_size=1, max_size=8).map(week_of)
zones = st.sampled_from(
    ["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
).map(Zone)
moments = st.integers(1_767_225_600, 1_798_761_600)  # all of 2026
around_changes = st.sampled_from([SUMMER, WINTER]).flatmap(
    lambda day: st.integers(LONDON.at(day) - 86_400, LONDON.at(day) + 2 * 86_400)
)
free = st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30).map(frozenset)


@given(weeks, free, zones, moments | around_changes)
def test_until_the_moment_that_is_named_nothing_changes_and_then_it_does(
    days: Week, holidays: frozenset[date], zone: Zone, now: int
) -> None:
    found = standing(days, holidays, zone, now)
    assert found is not None
    if found.changes is None:
        return
    assert found.changes > now
    before, then = (standing(days, holidays, zone, each) for each in (found.changes - 1, found.changes))
    assert before is not None
    assert then is not None
    assert (before.now is Now.OPEN) is (found.now is Now.OPEN)
    assert (then.now is Now.OPEN) is not (found.now is Now.OPEN)


@given(weeks, st.dates(date(2026, 5, 4), date(2026, 9, 30)), st.integers(0, DAY_MINUTES - 1))
def test_without_a_change_of_clocks_it_is_what_the_clock_on_the_wall_says(
    days: Week, day: date, minute: int
) -> None:
    def tonight(each: Span) -> int:
        return each.closes if each.closes > each.opens else DAY_MINUTES

    yesterday = (day - timedelta(days=1)).weekday()
    expected = any(
        (each.weekday == day.weekday() and each.opens <= minute < tonight(each))
        or (each.weekday == yesterday and tonight(each) != each.closes and minute < each.closes)
        for each in days
    )
    found = standing(days, (), LONDON, LONDON.at(day, *divmod(minute, 60)))
    assert found is not None
    assert (found.now is Now.OPEN) is expected


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("", []),
        ("10-12:30", [(600, 750)]),
        (" 10:00 – 12.30 , 14h30-17 ", [(600, 750), (870, 1020)]),
        ("0-24", [(0, 0)]),
        ("22:00-02:00", [(1320, 120)]),
        ("18-0", [(1080, 0)]),
    ],
)
def test_times_as_people_type_them(text: str, times: list[tuple[int, int]]) -> None:
    found = opening.typed(1, text)
    assert found is not None
    assert [(each.opens, each.closes) for each in found] == times
    assert {each.weekday for each in found} <= {1}


@pytest.mark.parametrize(
    "text",
    [
        "9-5",
        "10-10",
        "9am-5pm",
        "10",
        "10-",
        "25-26",
        "10:60-11",
        "24-2",
        "10-12, 10-12",
        "closed",
        "1-2,3-4,5-6,7-8,9-10",
    ],
)
def test_what_could_be_something_else_is_asked_again(text: str) -> None:
    assert opening.typed(0, text) is None


@given(weeks)
@example(TABLE)
def test_a_week_on_the_door_is_the_whole_week_and_each_day_can_be_typed_again(days: Week) -> None:
    said = [
        (day, each.opens, each.closes)
        for line in opening.lines(days)
        for day in range(line.first, line.last + 1)
        for each in line.spans
    ]
    assert said == [(each.weekday, each.opens, each.closes) for each in days]
    for day in range(7):
        own = tuple(each for each in days if each.weekday == day)
        again = opening.typed(day, opening.as_typed(days, day))
        assert again in (own, None)


def test_neighbouring_days_of_the_same_hours_stand_on_one_line() -> None:
    days = week("mon 9-17", "tue 9-17", "thu 9-17", "sat 10-12")
    assert [(line.first, line.last) for line in opening.lines(days)] == [(0, 1), (3, 3), (5, 5)]
    assert isinstance(opening.lines(days)[0], Line)
