"""What somebody who asked says later: counted from the day on which it is said, and taken back as it was."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.need import NeedState, Urgency
from node.domain.notices.fits import is_urgent
from tests.harness.mailroom import mailroom
from tests.unit.services.test_asker_notices import EDNA, Asked


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Asked]:
    async with mailroom(tmp_path) as room:
        yield Asked(room)


@pytest.mark.parametrize(("said", "days"), [(Urgency.TODAY, 0), (Urgency.THIS_WEEK, 6)])
async def test_how_soon_counts_from_the_day_on_which_it_is_said(
    desk: Asked, said: Urgency, days: int
) -> None:
    need_id, token = await desk.ask(EDNA)
    await desk.asking.change(token, need_id, urgency=Urgency.WHENEVER, words="")
    desk.office.clock.advance(days=9)
    await desk.asking.change(token, need_id, urgency=said, words="")
    need = (await desk.office.board.need(desk.office.ana, need_id)).need
    today = desk.office.desk.today
    assert need.due_day == today + timedelta(days=days)
    assert is_urgent(need, today) is (said is Urgency.TODAY)
    desk.office.clock.advance(days=1)
    await desk.asking.change(token, need_id, urgency=said, words="and milk, please")
    need = (await desk.office.board.need(desk.office.ana, need_id)).need
    assert need.due_day == today + timedelta(days=days), "only words were added"


async def test_what_was_on_hold_comes_back_on_hold_and_is_looked_at_today(desk: Asked) -> None:
    need_id, token = await desk.ask(EDNA)
    office = desk.office
    await office.dispatch.hold(office.ana, need_id, until=office.desk.today + timedelta(days=5))
    await desk.asking.call_off(token, need_id)
    await desk.asking.bring_back(token, need_id)
    need = (await office.board.need(office.ana, need_id)).need
    assert (need.state, need.hold_until, need.closed_day) == (NeedState.ON_HOLD, office.desk.today, None)
