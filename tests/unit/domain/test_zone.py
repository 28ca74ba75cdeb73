"""The group's days begin at its own midnight, whatever day it is in Greenwich, and also when clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain import zone
from node.domain.zone import Zone


def unix(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("name", "moment", "day"),
    [
        ("Pacific/Auckland", "2026-11-02T10:59", date(2026, 11, 2)),  # 23:59 there
        ("Pacific/Auckland", "2026-11-02T11:00", date(2026, 11, 3)),
        ("America/Los_Angeles", "2026-11-03T07:59", date(2026, 11, 2)),  # 23:59 there
        ("America/Los_Angeles", "2026-11-03T08:00", date(2026, 11, 3)),
        ("Europe/London", "2026-06-01T23:30", date(2026, 6, 2)),  # summer time
        ("Europe/London", "2026-12-01T23:30", date(2026, 12, 1)),
        ("Asia/Kathmandu", "2026-11-02T18:15", date(2026, 11, 3)),
        ("UTC", "2026-11-02T23:59", date(2026, 11, 2)),
    ],
)
def test_a_day_is_the_groups(name: str, moment: str, day: date) -> None:
    assert Zone(name).day(unix(moment)) == day


def test_on_days_when_clocks_change_a_day_has_23_or_25_hours() -> None:
    london = Zone("Europe/London")
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 2), 24)):
        begin, end = london.at(day), london.at(day + timedelta(days=1))
        assert end - begin == hours * 3600
        assert {london.day(begin), london.day(end - 1)} == {day}
        assert london.day(end) == day + timedelta(days=1)


def test_a_time_that_is_skipped_or_comes_twice() -> None:
    london = Zone("Europe/London")
    assert london.at(date(2026, 3, 29), 1, 30) == unix(
        "2026-03-29T01:30"
    )  # there is no 01:30; the clock says 02:30
    assert london.at(date(2026, 10, 25), 1, 30) == unix("2026-10-25T00:30")  # the first of both


@given(st.sampled_from(zone.names()), st.integers(unix("2020-01-01T00:00"), unix("2035-01-01T00:00")))
def test_every_moment_lies_in_its_day(name: str, at: int) -> None:
    there = Zone(name)
    day = there.day(at)
    assert there.day(at + 86_400 * 2) > day
    assert there.moment(at).timestamp() == at


def test_a_zone_that_the_machine_does_not_know_is_greenwich() -> None:
    for name in ("Europe/Atlantis", "../../etc/passwd", "", "/etc/localtime", "Europe"):
        assert zone.zone(name) is None
        assert Zone(name).name == "UTC"
    assert "Europe/London" in zone.names()
