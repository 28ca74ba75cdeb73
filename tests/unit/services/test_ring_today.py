"""A request that comes up today because of what happened: a day that somebody promised is not lost by it."""

from datetime import date, timedelta

import pytest

from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.dispatch.follow_up import ContactKind
from node.domain.ids import AssignmentId, NeedId
from node.domain.volunteer import Stage
from tests.harness.office import Office

WHY = "back from hospital then"
HERS = "other phone"


async def _pair(office: Office) -> tuple[NeedId, AssignmentId]:
    """A request indoors with a newcomer, and the task of somebody known who goes along."""
    need = await office.need("furniture", helpers=2)
    known = await office.helper("Known Pretend", abilities=("furniture",))
    new = await office.helper("New Pretend", abilities=("furniture",), stage=Stage.APPLIED, cleared=())
    task = await office.confirmed(need, known)
    await office.confirmed(need, new)
    return need, task


async def _to_ring(office: Office, need: NeedId) -> tuple[date, str, date | None] | None:
    found = await office.follow_up.call_back(office.ana, need)
    return None if found is None else (found.day, found.why, found.promised)


@pytest.mark.parametrize("promise", [True, False])
@pytest.mark.parametrize("by", ["helper", "desk"])
async def test_undone_the_day_to_ring_is_as_it_was(office: Office, by: str, *, promise: bool) -> None:
    need, known = await _pair(office)
    today, friday = office.desk.today, office.desk.today + timedelta(days=5)
    if promise:
        await office.follow_up.ring_on(office.ana, need, friday, WHY)
    before = await _to_ring(office, need)
    assert before == ((friday, WHY, None) if promise else None)
    office.clock.advance(minutes=1)
    if by == "desk":
        await office.dispatch.withdraw(office.ana, known)
    else:
        token = await office.dispatch.task_link(office.ana, known)
        await office.tasks.confirm(token, HERS)
        await office.tasks.answer(token, HERS, AssignmentMove.RELEASE)
    assert await _to_ring(office, need) == ((today, WHY, friday) if promise else (today, "", None))
    if by == "desk":
        await office.undo.undo(office.ana, need)
    else:
        await office.undo.of_hers(token, HERS)
    assert await _to_ring(office, need) == before


@pytest.mark.parametrize("how", ["spoke", "need_not", "in_vain"])
async def test_once_it_was_rung_about_the_promise_stands_again(office: Office, how: str) -> None:
    need, known = await _pair(office)
    today, friday = office.desk.today, office.desk.today + timedelta(days=5)
    await office.follow_up.ring_on(office.ana, need, friday, WHY)
    await office.dispatch.withdraw(office.ana, known)
    if how == "in_vain":
        await office.follow_up.log(office.ana, need, ContactKind.NO_ANSWER, "engaged")
        assert await _to_ring(office, need) == (today + timedelta(days=1), WHY, friday)
        office.clock.advance(days=4)
        await office.follow_up.log(office.ana, need, ContactKind.NO_ANSWER)
    elif how == "spoke":
        await office.follow_up.log(office.ana, need, ContactKind.SPOKE)
    else:
        await office.follow_up.need_not_ring(office.ana, need)
    assert await _to_ring(office, need) == (friday, WHY, None)
    await office.follow_up.need_not_ring(office.ana, need)
    assert await _to_ring(office, need) is None


async def test_another_day_that_somebody_names_takes_the_place_of_both(office: Office) -> None:
    need, known = await _pair(office)
    await office.follow_up.ring_on(office.ana, need, office.desk.today + timedelta(days=5), WHY)
    await office.dispatch.withdraw(office.ana, known)
    named = office.desk.today + timedelta(days=2)
    await office.follow_up.log(office.ana, need, ContactKind.SPOKE, "on Wednesday", named)
    assert await _to_ring(office, need) == (named, "on Wednesday", None)
