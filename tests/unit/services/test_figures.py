"""The group's own figures are counted from the rows that are there, and from no practice call."""

from datetime import timedelta

import pytest

from node.domain.board.figures import Laid, Period, Waited
from node.domain.need import CloseReason
from node.errors import NotAllowed
from node.services.board.figures import OwnFigures
from tests.harness.office import Office

HOUR = 3600


def days_of(office: Office) -> Period:
    return Period(first=office.desk.today - timedelta(days=6), last=office.desk.today)


async def test_what_came_in_how_long_it_took_and_how_it_ended(office: Office) -> None:
    sam = await office.helper()
    for waits in range(1, 11):
        need = await office.need("groceries")
        office.clock.advance(minutes=waits)
        await office.dispatch.propose(office.ana, need, sam)
        await office.dispatch.close(office.ana, need, CloseReason.WITHDRAWN)
    await office.need("lift")
    found = await OwnFigures(office.desk).of(office.ana, days_of(office))
    assert found.kinds == {"groceries": 10, "lift": 1}
    assert found.ended == {"withdrawn": 10}
    assert found.first_answer == Waited(of=10, half=5 * 60, most=9 * 60)
    assert found.done == Waited(of=0, half=None, most=None)
    assert (found.counts["came_in"], found.counts["by_phone"]) == (11, 11)
    assert (found.counts["open_now"], found.counts["unmet"]) == (1, 0)
    assert (found.counts["active"], found.counts["newcomers"], found.counts["resting"]) == (1, 1, 0)
    assert found.laid == Laid(receipts=0, sum=0)
    office.clock.advance(hours=48)
    later = await OwnFigures(office.desk).of(office.ana, days_of(office))
    assert later.counts["unmet"] == 1
    before = Period(first=office.desk.today - timedelta(days=30), last=office.desk.today - timedelta(days=20))
    earlier = await OwnFigures(office.desk).of(office.ana, before)
    assert (earlier.kinds, earlier.ended, earlier.counts["came_in"]) == ({}, {}, 0)


async def test_practice_is_in_no_figure(office: Office) -> None:
    need = await office.need("groceries")
    assert not (await OwnFigures(office.desk).of(office.ana, days_of(office))).empty
    async with office.db.write() as tx:
        await tx.execute("UPDATE needs SET practice = 1 WHERE id = ?", (need,))
        await tx.execute("UPDATE persons SET practice = 1")
    assert (await OwnFigures(office.desk).of(office.ana, days_of(office))).empty


async def test_figures_come_while_locked_but_for_the_sealed_sum_and_only_to_coordinators(
    office: Office,
) -> None:
    await office.need("groceries")
    office.lock()
    found = await OwnFigures(office.desk).of(office.ana, days_of(office))
    assert (found.counts["came_in"], found.laid) == (1, Laid(receipts=0, sum=None))
    for other in (office.triage, office.safety, office.admin):
        with pytest.raises(NotAllowed):
            await OwnFigures(office.desk).of(other, days_of(office))
