"""When somebody comes for the days of a rule: tables, and what holds for every rule and every list of days off."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.domain.dispatch.series import Every, OnHoliday, Rule, Series, SeriesState, days, rule_from
from node.domain.dispatch.series_days import LeftOut, MadeDay, rule_days
from node.domain.ids import NeedId, PersonId
from node.domain.need import NeedState

MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)


def of(rule: Rule, until: date | None = None) -> Series:
    return Series(
        id="s",
        person_id=PersonId("p"),
        state=SeriesState.PAUSED if until else SeriesState.RUNNING,
        rule=rule,
        paused_until=until,
        by_staff="ana",
        created_at=0,
    )


def request(day: date, comes: date, state: NeedState = NeedState.ASSIGNED, skipped: bool = False) -> MadeDay:
    return MadeDay(day=day, skipped=skipped, need_id=NeedId(f"n{day}"), state=state, comes=comes)


def test_somebody_comes_anyway_on_the_day_before() -> None:
    rule = rule_from(Every.WEEK, MONDAY, OnHoliday.BEFORE, None, (0, 1, 4))
    off = {MONDAY + DAY, MONDAY + 4 * DAY}
    found = rule_days(of(rule), MONDAY, MONDAY + 6 * DAY, off, {})
    assert [(each.comes, each.left_out) for each in found] == [
        (MONDAY, None), (None, LeftOut.NO_DAY_BEFORE), (MONDAY + 3 * DAY, None)
    ]  # fmt: skip


def test_closed_for_weeks_is_one_visit_before_and_the_rest_is_said_to_be_left_out() -> None:
    thursday = MONDAY + 10 * DAY
    rule = rule_from(Every.WEEK, thursday, OnHoliday.BEFORE)
    off = {MONDAY + ahead * DAY for ahead in range(8, 27)}
    comes = MONDAY + 7 * DAY

    def shown(today: date, made: dict[date, MadeDay]) -> list[tuple[date | None, LeftOut | None]]:
        found = rule_days(of(rule), today, thursday + 14 * DAY, off, made)
        return [(each.comes, each.left_out) for each in found]

    gone = (None, LeftOut.NO_DAY_BEFORE)
    assert shown(MONDAY, {}) == [(comes, None), gone, gone]
    assert shown(MONDAY, {thursday: request(thursday, comes)}) == [(comes, None), gone, gone]
    closed = {thursday: request(thursday, comes, NeedState.CLOSED, skipped=True)}
    assert shown(MONDAY, closed) == [(None, LeftOut.NOT_NOW), gone, gone], (
        "left out is not made up for by another"
    )
    ahead = {thursday: MadeDay(day=thursday, skipped=True)}
    assert shown(MONDAY, ahead) == [(None, LeftOut.NOT_NOW), gone, gone]
    assert shown(comes + DAY, {}) == [gone, gone, gone], "it is past"


def test_an_open_request_is_shown_as_coming_whatever_the_rule_says() -> None:
    rule, thursday = rule_from(Every.WEEK, MONDAY + 3 * DAY, OnHoliday.SKIP), MONDAY + 3 * DAY
    made = {thursday: request(thursday, thursday)}
    for series, off in ((of(rule, MONDAY + 30 * DAY), set()), (of(rule), {thursday})):
        first, second = rule_days(series, MONDAY, thursday + 7 * DAY, off, made)
        assert (first.comes, first.left_out) == (thursday, None)
        assert (second.comes is None) == (series.state is SeriesState.PAUSED)
    moved = {MONDAY: request(MONDAY, thursday)}
    (found,) = rule_days(of(rule), MONDAY, thursday, (), moved)
    assert (found.comes, found.left_out) == (None, LeftOut.TWICE), "its first request was moved to that day"
    done = {thursday: request(thursday, thursday, NeedState.CLOSED)}
    (found,) = rule_days(of(rule), MONDAY, thursday, (), done)
    assert (found.comes, found.left_out) == (None, LeftOut.CLOSED)


def test_nothing_is_brought_forward_into_a_pause() -> None:
    rule = rule_from(Every.WEEK, MONDAY, OnHoliday.BEFORE)
    until = MONDAY + 7 * DAY
    first, second = rule_days(of(rule, until), MONDAY, until, {until}, {})
    assert (first.left_out, second.left_out) == (LeftOut.NOT_NOW, LeftOut.NO_DAY_BEFORE)


@given(st.data())
def test_one_visit_a_day_never_on_a_day_off_and_every_day_is_accounted_for(data: st.DataObject) -> None:
    every = data.draw(st.sampled_from(Every))
    most = 1 if every is Every.MONTH else 7
    weekdays = tuple(data.draw(st.sets(st.integers(0, 6), max_size=most)))
    how = data.draw(st.sampled_from(OnHoliday))
    rule = rule_from(every, MONDAY + data.draw(st.integers(0, 20)) * DAY, how, None, weekdays)
    off = {MONDAY + ahead * DAY for ahead in data.draw(st.sets(st.integers(-5, 70)))}
    today, end = MONDAY + data.draw(st.integers(0, 20)) * DAY, MONDAY + 80 * DAY
    found = list(rule_days(of(rule), today, end, off, {}))
    assert [each.day for each in found] == list(days(rule, today, end))
    comes = [each.comes for each in found if each.comes]
    assert len(set(comes)) == len(comes)
    assert all(day >= today for day in comes)
    for each in found:
        assert (each.comes is None) == (each.left_out is not None)
        assert each.day not in off or how is OnHoliday.SAME or each.comes != each.day
        assert how is OnHoliday.SAME or each.comes not in off
        if each.day not in off:
            assert each.comes == each.day
