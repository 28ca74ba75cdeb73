"""Between the yes and the visit: a newcomer does not go alone, and nobody goes on a check that has ended."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import QueueFilter, TaskStage
from node.domain.catalogue import CheckLevel
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import CloseReason, Urgency, Window
from node.domain.volunteer import Cleared, Stage
from node.errors import Conflict
from node.store import settings
from tests.harness.office import Office

KINDS = ("furniture",)


async def _to_ring(office: Office) -> list[str]:
    return [row.need_id for row in await office.board.queue(office.ana, QueueFilter.CALL_BACK)]


async def _pair(office: Office, window: Window | None = None) -> tuple[NeedId, AssignmentId, AssignmentId]:
    """A request indoors with somebody we know and a newcomer beside them."""
    need = await office.need("furniture", helpers=2, urgency=Urgency.THIS_WEEK, window=window)
    known = await office.helper("Known Pretend", abilities=KINDS)
    new = await office.helper("New Pretend", abilities=KINDS, stage=Stage.APPLIED, cleared=())
    return need, await office.confirmed(need, known), await office.confirmed(need, new)


@pytest.mark.parametrize("locked", [False, True])
async def test_a_newcomer_whose_partner_gives_it_back_does_not_go_alone(office: Office, locked: bool) -> None:
    need, known, new = await _pair(office)
    token = await office.dispatch.task_link(office.ana, new)
    assert (await office.tasks.confirm(token, "phone")).details is not None
    theirs = await office.dispatch.task_link(office.ana, known)
    if locked:
        office.lock()
    await office.tasks.answer(theirs, "other phone", AssignmentMove.RELEASE)
    seen = await office.tasks.task_by_token(token, "phone")
    assert (seen.fallen, seen.details, seen.locked) == ("alone_and_new", None, False)
    assert AssignmentMove.CONTACT not in seen.moves
    assert AssignmentMove.RELEASE in seen.moves
    with pytest.raises(Conflict) as refused:
        await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    assert refused.value.code == "alone_and_new"
    assert "ring us" in refused.value.message
    with pytest.raises(Conflict) as refused:
        await office.dispatch.contacted(office.ana, new)
    assert "Nobody of us has met them" in refused.value.message
    if locked:
        await office.unlock()
    assert await _to_ring(office) == [need]
    await office.confirmed(need, await office.helper("Other Pretend", abilities=KINDS))
    assert (await office.tasks.task_by_token(token, "phone")).details is not None
    await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)


@pytest.mark.parametrize("locked", [False, True])
async def test_done_in_place_of_setting_out_opens_nothing(office: Office, locked: bool) -> None:
    _, known, new = await _pair(office)
    token = await office.dispatch.task_link(office.ana, new)
    await office.tasks.confirm(token, "phone")
    await office.dispatch.withdraw(office.ana, known)
    if locked:
        office.lock()
    seen = await office.tasks.answer(token, "phone", AssignmentMove.DONE)
    assert seen is not None
    assert (seen.stage, seen.details, seen.locked) == (TaskStage.DONE, None, False)


async def test_what_two_did_stays_open_to_the_one_who_says_so_last(office: Office) -> None:
    _, known, new = await _pair(office)
    token = await office.dispatch.task_link(office.ana, new)
    await office.tasks.confirm(token, "phone")
    theirs = await office.dispatch.task_link(office.ana, known)
    await office.tasks.answer(theirs, "other phone", AssignmentMove.DONE)
    seen = await office.tasks.task_by_token(token, "phone")
    assert seen.fallen is None, "they were there together"
    with pytest.raises(Conflict) as refused:  # but now she would go alone
        await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    assert refused.value.code == "alone_and_new"
    seen = await office.tasks.answer(token, "phone", AssignmentMove.DONE)
    assert seen is not None
    assert seen.details is not None


@pytest.mark.parametrize(("ahead", "later"), [(2, {}), (0, {"hours": 13}), (None, {"days": 1})])
async def test_on_my_way_days_ahead_holds_no_door_open(
    office: Office, ahead: int | None, later: dict[str, int]
) -> None:
    window = None
    if ahead is not None:
        first = office.desk.today + timedelta(days=ahead)
        window = Window(first=first, last=first + timedelta(days=3))
    _, known, new = await _pair(office, window)
    token = await office.dispatch.task_link(office.ana, new)
    await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    office.clock.advance(**later)
    assert (await office.tasks.task_by_token(token, "phone")).details is not None
    await office.dispatch.withdraw(office.ana, known)
    seen = await office.tasks.task_by_token(token, "phone")
    assert (seen.fallen, seen.details) == ("alone_and_new", None)


async def test_whoever_is_on_the_way_today_reads_on(office: Office) -> None:
    _, known, new = await _pair(office, Window(first=office.desk.today, last=office.desk.today))
    token = await office.dispatch.task_link(office.ana, new)
    await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    office.clock.advance(hours=1)
    await office.dispatch.withdraw(office.ana, known)
    seen = await office.tasks.task_by_token(token, "phone")
    assert seen.fallen is None
    assert seen.details is not None


async def test_a_stricter_rule_for_newcomers_is_not_for_yeses_given_before(office: Office) -> None:
    _, _, beside = await _pair(office)
    new = await office.helper("Door Pretend", stage=Stage.APPLIED, cleared=())
    alone = await office.confirmed(await office.need("groceries"), new)
    async with office.db.write() as tx:
        await settings.put(tx, settings.NEWCOMERS, "met")
    for task in (beside, alone):
        token = await office.dispatch.task_link(office.ana, task)
        seen = await office.tasks.confirm(token, "phone")
        assert seen.fallen is None
        assert seen.details is not None
        await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)


async def test_a_request_that_is_closed_is_not_rung_about(office: Office) -> None:
    need, _, _ = await _pair(office)
    await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)
    async with office.db.read() as tx:
        cursor = await tx.execute("SELECT COUNT(*) FROM call_backs")
        assert tuple(await cursor.fetchone() or ()) == (0,)


@pytest.mark.parametrize("locked", [False, True])
async def test_nobody_goes_on_a_check_that_has_ended_since(office: Office, locked: bool) -> None:
    today = office.desk.today
    ends = Cleared(check=CheckLevel.CRIMINAL_RECORD, until=today + timedelta(days=2))
    sam = await office.helper(cleared=(ends,))
    wide = Window(first=today, last=today + timedelta(days=6))
    minding = await office.need("childcare", urgency=Urgency.THIS_WEEK, window=wide)
    shopping = await office.need("groceries", urgency=Urgency.THIS_WEEK, window=wide)
    task, other = await office.confirmed(minding, sam), await office.confirmed(shopping, sam)
    token = await office.dispatch.task_link(office.ana, task)
    assert (await office.tasks.confirm(token, "phone")).fallen is None
    office.clock.advance(days=3)
    if locked:
        office.lock()
    assert await office.vetting.remind(SYSTEM) == 1
    seen = await office.tasks.task_by_token(token, "phone")
    assert (seen.fallen, seen.details) == ("check_over", None)
    with pytest.raises(Conflict) as refused:
        await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    assert refused.value.code == "check_over"
    assert "ring us" in refused.value.message
    if locked:
        await office.unlock()
    assert await _to_ring(office) == [minding]
    await office.follow_up.need_not_ring(office.ana, minding)
    assert await office.vetting.remind(SYSTEM) == 0  # said once
    assert await _to_ring(office) == []
    await office.dispatch.contacted(office.ana, other)  # groceries take no check
    later = today + timedelta(days=400)
    await office.vetting.note(
        office.safety, sam, level="criminal_record", seen=office.desk.today, decision="cleared", review=later
    )
    await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
