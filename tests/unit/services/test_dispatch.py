"""From a call to a closed need: every step by a coordinator, each recorded; and two at once."""

import asyncio
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.need import CloseReason, NeedState, Window
from node.domain.need_lifecycle import PublishedAs
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.store import assignments, audit
from tests.harness.office import Office


async def test_the_whole_path_with_who_when_and_why(office: Office) -> None:
    need_id = await office.need(start="new")
    sam = await office.helper()
    await office.dispatch.open(office.triage, need_id, "clear enough")
    task = await office.dispatch.propose(office.ana, need_id, sam, "she knows the street")
    assert await office.state(need_id) == "offered"
    office.clock.advance(minutes=5)
    assert await office.dispatch.approve(office.ana, task) is NeedState.ASSIGNED
    await office.dispatch.told_by_phone(office.ana, need_id)
    await office.dispatch.contacted(office.ana, task)
    assert await office.state(need_id) == "in_progress"
    await office.dispatch.report_done(office.ana, task)
    assert await office.state(need_id) == "reported"
    assert (
        await office.dispatch.close(office.ben, need_id, CloseReason.COMPLETED, "all well")
        is NeedState.CLOSED
    )

    view = await office.board.need(office.ana, need_id)
    assert view.need.close_reason is CloseReason.COMPLETED
    assert view.need.told_by_phone
    assert view.published_as is PublishedAs.WITHDRAWAL
    assert [(row.action, row.actor, row.why) for row in view.history if row.action != "need.follows"] == [
        ("need.taken", "Ana-made-up", ""),
        ("need.open", "Tri-made-up", "clear enough"),
        ("task.proposed", "Ana-made-up", "she knows the street"),
        ("task.approve", "Ana-made-up", ""),
        ("need.told_by_phone", "Ana-made-up", ""),
        ("task.contact", "Ana-made-up", ""),
        ("task.done", "Ana-made-up", ""),
        ("need.close", "Ben-made-up", "all well"),
    ]
    approved = next(row for row in view.history if row.action == "task.approve")
    assert approved.at == view.history[0].at + 300
    assert (approved.codes["before"], approved.codes["after"]) == ("proposed", "approved")
    assert [row.codes["after"] for row in view.history if row.action == "need.follows"] == [
        "offered",
        "assigned",
        "in_progress",
        "reported",
    ]
    async with office.db.read() as tx:
        assert (await audit.verify(tx)).whole


async def test_two_coordinators_confirming_at_once_exactly_one_wins(office: Office) -> None:
    need_id = await office.need()
    one, other = await office.helper("Sam Pretend"), await office.helper("Kim Pretend")
    first = await office.dispatch.propose(office.ana, need_id, one)
    second = await office.dispatch.propose(office.ben, need_id, other)
    results = await asyncio.gather(
        office.dispatch.approve(office.ana, first),
        office.dispatch.approve(office.ben, second),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 1
    winner = office.ana if isinstance(results[1], Conflict) else office.ben
    assert lost[0].code == "already_taken"
    assert lost[0].values["who"] == winner.name
    view = await office.board.need(office.ana, need_id)
    assert view.need.state is NeedState.ASSIGNED
    assert [a.approved_by for a in view.assignments if a.state is AssignmentState.APPROVED] == [winner.name]


async def test_many_confirming_at_once_fill_exactly_the_places(office: Office) -> None:
    need_id = await office.need(helpers=3)
    tasks = [
        await office.dispatch.propose(office.ana, need_id, await office.helper(f"Pretend {number}"))
        for number in range(8)
    ]
    results = await asyncio.gather(
        *(office.dispatch.approve(office.ana, task) for task in tasks), return_exceptions=True
    )
    assert sum(isinstance(result, Conflict) for result in results) == 5
    view = await office.board.need(office.ana, need_id)
    assert sum(a.state is AssignmentState.APPROVED for a in view.assignments) == 3
    assert view.need.state is NeedState.ASSIGNED


async def test_the_same_task_confirmed_twice_at_once_tells_the_second_by_whom(office: Office) -> None:
    need_id = await office.need()
    task = await office.dispatch.propose(office.ana, need_id, await office.helper())
    results = await asyncio.gather(
        office.dispatch.approve(office.ana, task),
        office.dispatch.approve(office.ben, task),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert len(lost) == 1
    assert lost[0].values["who"] in ("Ana-made-up", "Ben-made-up")


async def test_one_person_has_one_live_task_on_a_need(office: Office) -> None:
    need_id, sam = await office.need(helpers=2), await office.helper()
    results = await asyncio.gather(
        office.dispatch.propose(office.ana, need_id, sam),
        office.dispatch.propose(office.ben, need_id, sam),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert [error.values["gate"] for error in lost] == ["already_asked"]


async def test_ways_out_open_the_place_again(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper()
    task = await office.confirmed(need_id, sam)
    await office.dispatch.release(office.ana, task, "ill")
    assert await office.state(need_id) == "open"
    task = await office.confirmed(need_id, sam)
    await office.dispatch.withdraw(office.ana, task)
    assert await office.state(need_id) == "open"
    task = await office.dispatch.propose(office.ana, need_id, sam)
    await office.dispatch.decline(office.ana, task)
    assert await office.state(need_id) == "open"
    with pytest.raises(Conflict):
        await office.dispatch.approve(office.ana, task)


async def test_she_is_told_again_when_somebody_else_comes(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper()
    with pytest.raises(Conflict):
        await office.dispatch.told_by_phone(office.ana, need_id)
    task = await office.confirmed(need_id, sam)
    await office.dispatch.told_by_phone(office.ana, need_id)
    assert (await office.board.need(office.ana, need_id)).need.told_by_phone
    await office.dispatch.release(office.ana, task)
    assert not (await office.board.need(office.ana, need_id)).need.told_by_phone


async def test_assigning_two_at_once_leaves_no_trace_of_the_loser(office: Office) -> None:
    need_id = await office.need()
    sam, kim = await office.helper("Sam Pretend"), await office.helper("Kim Pretend")
    results = await asyncio.gather(
        office.dispatch.assign(office.ana, need_id, sam),
        office.dispatch.assign(office.ben, need_id, kim),
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, Conflict)]
    assert [error.code for error in lost] == ["already_taken"]
    assert len((await office.board.need(office.ana, need_id)).assignments) == 1


async def test_holding_needs_a_date_that_is_not_past_and_keeps_the_tasks(office: Office) -> None:
    need_id = await office.need()
    await office.confirmed(need_id, await office.helper())
    with pytest.raises(Invalid):
        await office.dispatch.hold(office.ana, need_id, office.desk.today - timedelta(days=1))
    until = office.desk.today + timedelta(days=2)
    assert await office.dispatch.hold(office.ana, need_id, until, "no answer") is NeedState.ON_HOLD
    assert (await office.board.need(office.ana, need_id)).need.hold_until == until
    assert await office.dispatch.open(office.ana, need_id) is NeedState.ASSIGNED
    assert (await office.board.need(office.ana, need_id)).need.hold_until is None


async def test_closing_ends_tasks_and_reopening_begins_a_new_round(office: Office) -> None:
    need_id, sam, kim = await office.need(), await office.helper(), await office.helper("Kim Pretend")
    waiting = await office.dispatch.propose(office.ana, need_id, kim)
    task = await office.confirmed(need_id, sam)
    await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)
    async with office.db.read() as tx:
        states = {a.id: a.state for a in await assignments.of_need(tx, need_id)}
    assert states == {task: AssignmentState.DONE, waiting: AssignmentState.WITHDRAWN}
    assert await office.dispatch.reopen(office.ana, need_id, "the lamp broke again") is NeedState.OPEN
    again = await office.dispatch.assign(office.ana, need_id, sam)
    assert await office.state(need_id) == "assigned"
    await office.dispatch.close(office.ana, need_id, CloseReason.NO_LONGER_NEEDED)
    async with office.db.read() as tx:
        states = {a.id: a.state for a in await assignments.of_need(tx, need_id)}
    assert states[again] is AssignmentState.WITHDRAWN


@pytest.mark.parametrize("reason", list(CloseReason))
async def test_every_reason_closes_and_reopens(office: Office, reason: CloseReason) -> None:
    need_id = await office.need()
    other = await office.need() if reason is CloseReason.DUPLICATE else None
    await office.dispatch.close(office.ana, need_id, reason, "the food bank", duplicate_of=other)
    closed = (await office.board.need(office.ana, need_id)).need
    assert (closed.close_reason, closed.duplicate_of, closed.closed_day) == (
        reason,
        other,
        office.desk.today,
    )
    await office.dispatch.reopen(office.ana, need_id)
    opened = (await office.board.need(office.ana, need_id)).need
    assert (opened.state, opened.close_reason, opened.duplicate_of, opened.closed_day) == (
        NeedState.OPEN,
        None,
        None,
        None,
    )


async def test_sending_them_elsewhere_names_the_service(office: Office) -> None:
    need_id = await office.need()
    with pytest.raises(Invalid) as refused:
        await office.dispatch.close(office.ana, need_id, CloseReason.SIGNPOSTED, "  ")
    assert set(refused.value.fields) == {"note"}
    await office.dispatch.close(office.ana, need_id, CloseReason.SIGNPOSTED, "Imaginary Street food bank")
    assert (await office.board.need(office.ana, need_id)).history[-1].why == "Imaginary Street food bank"


async def test_a_duplicate_names_another_need_that_exists(office: Office) -> None:
    need_id = await office.need()
    for other in (None, need_id):
        with pytest.raises(Invalid):
            await office.dispatch.close(office.ana, need_id, CloseReason.DUPLICATE, duplicate_of=other)
    with pytest.raises(NotFound):
        await office.dispatch.close(
            office.ana,
            need_id,
            CloseReason.DUPLICATE,
            duplicate_of=need_id[:-1] + "x",  # type: ignore[arg-type]
        )
    assert await office.state(need_id) == "open"


async def test_asking_for_a_need_in_the_tray_opens_it(office: Office) -> None:
    need_id = await office.need(start="new")
    await office.dispatch.propose(office.ana, need_id, await office.helper())
    assert await office.state(need_id) == "offered"


async def test_barred_suspended_and_unchecked_helpers_cannot_be_asked(office: Office) -> None:
    need_id = await office.need("childcare")
    barred, suspended, unchecked = (
        await office.helper("Bar Pretend"),
        await office.helper("Sus Pretend"),
        await office.helper("Unc Pretend", cleared=()),
    )
    await office.people.bar(office.safety, barred, "reasons")
    await office.people.suspend(office.safety, suspended, "reasons")
    for person in (barred, suspended):
        with pytest.raises(Conflict) as refused:
            await office.dispatch.assign(office.ana, need_id, person)
        assert refused.value.code == "not_suitable"
    with pytest.raises(Conflict) as refused:
        await office.dispatch.assign(office.ana, need_id, unchecked)
    assert refused.value.values["gate"] == "lacks_check"


async def test_a_coordinator_may_overrule_what_is_only_a_preference(office: Office) -> None:
    need_id = await office.need()
    paused = await office.helper(abilities=("lift",), radius_km=0.1)
    await office.people.pause(office.ana, paused)
    await office.dispatch.assign(office.ana, need_id, paused, "she rang herself")
    assert await office.state(need_id) == "assigned"


async def test_nothing_heard_for_days_expires_but_not_before_its_day(office: Office) -> None:
    today = office.desk.today
    soon = await office.need()
    later = await office.need(
        window=Window(first=today + timedelta(days=20), last=today + timedelta(days=21))
    )
    started = await office.need()
    sam = await office.helper()
    await office.dispatch.propose(office.ana, soon, sam)
    await office.confirmed(later, sam)
    await office.dispatch.contacted(office.ana, await office.confirmed(started, sam))
    assert await office.dispatch.expire_waiting(SYSTEM) == 0
    office.clock.advance(days=3, seconds=1)
    assert await office.dispatch.expire_waiting(SYSTEM) == 1
    assert [await office.state(need) for need in (soon, later, started)] == [
        "open",
        "assigned",
        "in_progress",
    ]


async def test_locked_desk_sorts_holds_and_closes_but_does_not_match_people(office: Office) -> None:
    need_id, sam = await office.need(start="new"), await office.helper()
    office.lock()
    await office.dispatch.open(office.ana, need_id)
    with pytest.raises(Locked):
        await office.dispatch.propose(office.ana, need_id, sam)
    await office.dispatch.close(office.ana, need_id, CloseReason.DONE_BY_OTHERS, "she rang")
    assert await office.state(need_id) == "closed"
    await office.unlock()
    assert (await office.board.need(office.ana, need_id)).history[-1].why == "she rang"


async def test_rights(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper()
    for actor in (office.triage, office.safety, office.admin):
        with pytest.raises(NotAllowed):
            await office.dispatch.propose(actor, need_id, sam)
        with pytest.raises(NotAllowed):
            await office.dispatch.close(actor, need_id, CloseReason.COMPLETED)
    with pytest.raises(NotAllowed):
        await office.board.queue(office.admin)
