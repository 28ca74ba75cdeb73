"""A group far from Greenwich in its evening: its due days, days off, notices and what it tells others."""

from datetime import UTC, date, datetime

import pytest

from node.domain.board.views import QueueFilter
from node.domain.need import Urgency
from node.errors import Invalid, NotAllowed
from node.services.settings.group_zone import GroupZone
from tests.harness.office import Office


@pytest.fixture
def far(office: Office) -> Office:
    """Los Angeles, 2 November, 20:30: in Greenwich it is the third already."""
    office.desk.zone.set("America/Los_Angeles")
    office.clock.jump(seconds=(datetime(2026, 11, 3, 4, 30, tzinfo=UTC) - office.clock.now()).total_seconds())
    return office


async def test_due_today_is_due_until_the_groups_own_midnight(far: Office) -> None:
    need = await far.need(urgency=Urgency.TODAY)
    [row] = await far.board.queue(far.ana, QueueFilter.DUE_TODAY)
    assert (row.need_id, row.due_day, row.overdue) == (need, date(2026, 11, 2), False)
    far.clock.advance(hours=3, minutes=29)
    assert not (await far.board.queue(far.ana, QueueFilter.ALL_OPEN))[0].overdue
    far.clock.advance(minutes=1)
    assert (await far.board.queue(far.ana, QueueFilter.ALL_OPEN))[0].overdue


async def test_protocol_days_stay_those_of_greenwich(far: Office) -> None:
    assert (far.desk.today, far.desk.protocol_day) == (date(2026, 11, 2), date(2026, 11, 3))


async def test_the_zone_is_changed_by_an_admin_and_counts_at_once(office: Office) -> None:
    zone = GroupZone(office.db, office.clock, office.desk.zone)
    office.clock.advance(hours=3)  # 12:30 in Greenwich, half past one at night in Auckland
    await zone.change(office.admin, "Pacific/Auckland")
    assert office.desk.today == date(2026, 11, 3)
    office.desk.zone.set("UTC")
    await zone.load()
    assert zone.name == "Pacific/Auckland"
    with pytest.raises(Invalid):
        await zone.change(office.admin, "Europe/Atlantis")
    with pytest.raises(NotAllowed):
        await zone.change(office.ana, "UTC")
    assert zone.name == "Pacific/Auckland"


async def test_a_day_off_is_the_groups_day(far: Office) -> None:
    """It is still the second there, and the third in Greenwich."""
    need = await far.need(urgency=Urgency.TODAY)
    today = await far.helper("Off today", days_off=("2026-11-02",))
    await far.helper("Off tomorrow", days_off=("2026-11-03",))
    assert [each.name for each in await far.matching.candidates(far.ana, need)] == ["Off tomorrow"]
    assert (await far.matching.why_not(far.ana, need, today)).code == "off_today"
