"""Visits alone over a real database: the clock begins by itself, runs while locked, and stops with the task."""

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import QueueFilter
from node.domain.catalogue import CheckLevel
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import CloseReason
from node.domain.volunteer import Cleared
from node.errors import Conflict, Invalid, Locked, NotAllowed
from tests.harness.office import Office

EVERYTHING = ("groceries", "visit", "violence", "childcare")


async def _sent(office: Office, kind: str = "visit") -> tuple[NeedId, AssignmentId]:
    need = await office.need(kind)
    return need, await office.confirmed(need, await office.helper(abilities=EVERYTHING))


async def test_setting_out_begins_the_clock_where_the_kind_asks_for_one(office: Office) -> None:
    _, task = await _sent(office)
    await office.dispatch.contacted(office.ana, task)
    (row,) = await office.visits.out(office.triage)
    assert (row.visit.assignment_id, row.overdue, row.name) == (task, False, "Sam Pretend")
    office.clock.advance(minutes=61)
    (row,) = await office.visits.out(office.triage)
    assert (row.overdue, row.late) == (True, 1)
    _, other = await _sent(office, "groceries")
    await office.dispatch.contacted(office.ana, other)
    assert len(await office.visits.out(office.ana)) == 1


async def test_whoever_has_no_phone_is_ticked_by_a_coordinator(office: Office) -> None:
    _, task = await _sent(office, "groceries")
    await office.visits.set_out(office.ana, task, 30)
    (row,) = await office.visits.out(office.ana)
    office.clock.advance(minutes=40)
    for _ in range(2):
        await office.visits.rang(office.triage, row.visit.id)
    (row,) = await office.visits.out(office.ana)
    assert (row.late, row.visit.rung, row.visit.send_somebody) == (10, 2, True)
    await office.visits.longer(office.ana, row.visit.id)
    (row,) = await office.visits.out(office.ana)
    assert (row.overdue, row.visit.rung) == (False, 0)
    await office.visits.back(office.ana, row.visit.id)
    await office.visits.back(office.ana, row.visit.id)
    assert await office.visits.out(office.ana) == []
    with pytest.raises(Conflict):
        await office.visits.longer(office.ana, row.visit.id)


async def test_overdue_is_told_while_locked_without_a_name(office: Office) -> None:
    _, task = await _sent(office)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "phone")
    office.lock()
    await office.visits.says(token, "phone", "going", 30)
    office.clock.advance(minutes=31)
    (row,) = await office.visits.out(office.ana)
    assert (row.overdue, row.name) == (True, "")
    await office.visits.says(token, "phone", "longer")
    assert not (await office.visits.out(office.ana))[0].overdue
    with pytest.raises(Conflict):
        await office.visits.says(token, "another phone", "back")
    await office.visits.says(token, "phone", "back")
    assert await office.visits.hers(token, "phone") is None


async def test_her_own_time_counts_more_than_the_usual_one(office: Office) -> None:
    _, task = await _sent(office)
    await office.visits.set_out(office.ana, task, 240)
    (row,) = await office.visits.out(office.ana)
    assert row.visit.expected_at - row.visit.started_at == 240 * 60


@pytest.mark.parametrize("how", ["done", "withdraw", "close", "undo", "bar", "expire"])
async def test_the_clock_stops_with_the_task(office: Office, how: str) -> None:
    need, task = await _sent(office)
    await office.dispatch.contacted(office.ana, task)
    (row,) = await office.visits.out(office.ana)
    match how:
        case "done":
            await office.dispatch.report_done(office.ana, task)
        case "withdraw":
            await office.dispatch.withdraw(office.ana, task)
        case "close":
            await office.dispatch.close(office.ana, need, CloseReason.COMPLETED)
        case "undo":
            await office.undo.undo(office.ana, need)
        case "bar":
            await office.people.bar(office.safety, row.visit.person_id)
        case "expire":
            office.clock.advance(days=30)
            await office.dispatch.expire_waiting(SYSTEM)
    assert await office.visits.out(office.ana) == []


async def test_two_go_together_and_neither_alone(office: Office) -> None:
    need = await office.need("violence")
    one, two = [await office.helper(name, abilities=EVERYTHING) for name in ("One", "Two")]
    first = await office.confirmed(need, one)
    assert await office.state(need) == "offered"
    with pytest.raises(Conflict) as refused:
        await office.dispatch.contacted(office.ana, first)
    assert refused.value.code == "pair_first"
    token = await office.dispatch.task_link(office.ana, first)
    with pytest.raises(Conflict):
        await office.tasks.answer(token, "phone", AssignmentMove.CONTACT)
    await office.confirmed(need, two)
    assert await office.state(need) == "assigned"
    await office.dispatch.contacted(office.ana, first)
    assert await office.visits.out(office.ana) == []


async def test_a_group_may_ask_more_of_a_kind(office: Office) -> None:
    met = await office.helper(abilities=EVERYTHING, cleared=(Cleared(check=CheckLevel.MET),))
    need = await office.need("groceries")
    assert await office.matching.candidates(office.ana, need)
    with pytest.raises(NotAllowed):
        await office.demands.change(office.ana, {"groceries": ("id", "timer")})
    await office.demands.change(office.safety, {"groceries": ("id", "pair")})
    assert await office.matching.candidates(office.ana, need) == ()
    with pytest.raises(Conflict) as refused:
        await office.dispatch.assign(office.ana, need, met)
    assert refused.value.values["gate"] == "lacks_check"
    for wanted in (
        {"childcare": ("none", "timer")},
        {"violence": ("criminal_record", "alone")},
        {"lift": ("angel", "alone")},
    ):
        with pytest.raises(Invalid):
            await office.demands.change(office.safety, wanted)
    await office.demands.change(office.admin, {"groceries": ("none", "alone")})
    rows = {row.shared.code: row for row in await office.demands.table(office.safety)}
    assert rows["groceries"].ours == rows["groceries"].shared
    assert await office.matching.candidates(office.ana, need)


async def test_what_was_confirmed_under_less_comes_up_and_is_offered_back(office: Office) -> None:
    """Nobody is let down by a change of a rule: it is said on the board, with the reason, and a person decides."""
    sam, checked = (
        await office.helper("Sam Pretend", cleared=(Cleared(check="met"),)),
        await office.helper("Cleo Checked", cleared=(Cleared(check="criminal_record"),)),
    )
    his, hers, other = await office.need(), await office.need(), await office.need("laundry")
    for need, helper in ((his, sam), (hers, checked), (other, sam)):
        await office.confirmed(need, helper)
    asked = await office.need()
    await office.dispatch.propose(office.ana, asked, sam)
    assert await office.matching.misfits(office.ana, his) == {}
    office.lock()
    with pytest.raises(Locked):
        await office.demands.change(office.safety, {"groceries": ("criminal_record", "alone")})
    await office.unlock()
    await office.demands.change(office.safety, {"groceries": ("criminal_record", "alone")})
    rows = await office.board.queue(office.ana, QueueFilter.CALL_BACK)
    assert [row.need_id for row in rows] == [his]
    (reason,) = (await office.matching.misfits(office.ana, his)).values()
    assert (reason.code, reason.args["check"]) == ("lacks_check", "criminal_record")
    for fits in (hers, other, asked):
        assert await office.matching.misfits(office.ana, fits) == {}
    assert await office.state(his) == "assigned", "nothing is taken back by itself"
    (task,) = (await office.board.need(office.ana, asked)).assignments
    with pytest.raises(Conflict):
        await office.dispatch.approve(office.ana, task.id)
    (task,) = (await office.board.need(office.ana, his)).assignments
    await office.dispatch.withdraw(office.ana, task.id)
    assert await office.state(his) == "open"
    assert await office.matching.misfits(office.ana, his) == {}


async def test_where_two_go_from_now_on_a_second_place_opens(office: Office) -> None:
    need, sam = await office.need(), await office.helper(cleared=(Cleared(check="id"),))
    await office.confirmed(need, sam)
    assert await office.state(need) == "assigned"
    await office.demands.change(office.safety, {"groceries": ("id", "pair")})
    assert (await office.board.need(office.ana, need)).need.helpers == 2
    assert await office.state(need) != "assigned"
