"""Undo: everything as it was, or a plain no."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from node.domain.dispatch.undo import UNDO_SECONDS, WhyNot
from node.domain.ids import NeedId, PersonId
from node.domain.need import CloseReason
from node.errors import Conflict, Locked, NotAllowed, NotFound
from node.store import assignments
from tests.harness.office import Office

Move = Callable[[Office, NeedId, PersonId], Awaitable[object]]


async def standing(office: Office, need_id: NeedId) -> object:
    """Everything that a move changes, links included."""
    async with office.db.read() as tx:
        need = (await office.desk.need_row(tx, need_id)).need
        tasks = list(await assignments.of_need(tx, need_id))
    return (need.state, need.hold_until, need.close_reason, need.duplicate_of, need.closed_day, need.round,
            need.told_by_phone, need.to_check, tasks)  # fmt: skip


async def _task(office: Office, need_id: NeedId) -> str:
    async with office.db.read() as tx:
        return (await assignments.of_need(tx, need_id))[0].id


async def _hold(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.hold(office.ana, need_id, office.desk.today + timedelta(days=3), "away")


async def _close(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)


async def _withdraw(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.withdraw(office.ana, await _task(office, need_id))  # type: ignore[arg-type]


async def _confirm(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.approve(office.ana, await _task(office, need_id))  # type: ignore[arg-type]


async def _ask(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.propose(office.ana, need_id, sam)


async def _assign(office: Office, need_id: NeedId, sam: PersonId) -> None:
    task = await office.dispatch.assign(office.ana, need_id, sam)
    await office.dispatch.task_link(office.ana, task)


async def _open(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.open(office.ana, need_id)


async def _told(office: Office, need_id: NeedId, sam: PersonId) -> None:
    await office.dispatch.told_by_phone(office.ana, need_id)


CASES: dict[str, tuple[str, Move]] = {
    "open": ("new", _open),
    "ask out of the tray": ("new", _ask),
    "assign": ("open", _assign),
    "hold": ("confirmed", _hold),
    "close": ("confirmed", _close),
    "close while asked": ("asked", _close),
    "confirm": ("asked", _confirm),
    "withdraw": ("confirmed", _withdraw),
    "told": ("not told yet", _told),
}


@pytest.mark.parametrize("case", CASES)
async def test_each_move_goes_back_to_exactly_what_was(office: Office, case: str) -> None:
    before, move = CASES[case]
    need_id, sam = await office.need(start="new" if before == "new" else "open"), await office.helper()
    token = ""
    if before in ("asked", "confirmed", "not told yet"):
        task = await office.dispatch.propose(office.ana, need_id, sam)
        token = await office.dispatch.task_link(office.ana, task)
    if before in ("confirmed", "not told yet"):
        await office.dispatch.approve(office.ana, task)
        await office.tasks.confirm(token, "her phone")
    if before == "confirmed":
        await office.dispatch.told_by_phone(office.ana, need_id)
    was = await standing(office, need_id)
    office.clock.advance(minutes=1)
    await move(office, need_id, sam)
    assert await standing(office, need_id) != was
    office.clock.advance(minutes=1)
    offered = await office.undo.offered(office.ben, need_id)
    assert offered is not None
    assert offered.by == "Ana-made-up"
    await office.undo.undo(office.ben, need_id)
    assert await standing(office, need_id) == was
    view = await office.board.need(office.ana, need_id)
    assert (view.history[-1].action, view.history[-1].actor) == ("need.undo", "Ben-made-up")
    if before == "confirmed":
        assert (await office.tasks.task_by_token(token, "her phone")).details is not None
    with pytest.raises(Conflict) as refused:
        await office.undo.undo(office.ben, need_id)
    assert refused.value.values["why"] == WhyNot.NOTHING


async def test_it_is_refused_plainly_once_something_else_happened(office: Office) -> None:
    need_id, sam, kim = await office.need(), await office.helper(), await office.helper("Kim Pretend")
    task = await office.confirmed(need_id, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.dispatch.withdraw(office.ana, task)
    other = await office.confirmed(need_id, kim)
    token = await office.dispatch.task_link(office.ana, other)
    await office.tasks.confirm(token, "her phone")
    assert await office.undo.offered(office.ana, need_id) is None
    with pytest.raises(Conflict) as refused:
        await office.undo.undo(office.ana, need_id)
    assert refused.value.values["why"] == WhyNot.MOVED_ON
    assert await office.state(need_id) == "assigned"


async def test_a_volunteer_who_read_the_details_is_taken_back_in_the_open(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper()
    task = await office.dispatch.propose(office.ana, need_id, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "her phone")
    await office.dispatch.approve(office.ana, task)
    assert (await office.tasks.task_by_token(token, "her phone")).details is not None
    with pytest.raises(Conflict):
        await office.undo.undo(office.ana, need_id)


async def test_looking_does_not_stand_in_the_way_but_time_does(office: Office) -> None:
    need_id = await office.need()
    await office.dispatch.close(office.ana, need_id, CloseReason.UNREACHABLE)
    await office.board.need(office.ben, need_id, reveal=True)
    assert await office.undo.offered(office.ana, need_id)
    office.clock.advance(seconds=UNDO_SECONDS + 1)
    assert await office.undo.offered(office.ana, need_id) is None
    with pytest.raises(Conflict) as refused:
        await office.undo.undo(office.ana, need_id)
    assert refused.value.values["why"] == WhyNot.TOO_LATE
    assert await office.undo.tidy() == 1


async def test_nobody_barred_meanwhile_comes_back_by_undoing(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper()
    task = await office.confirmed(need_id, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.dispatch.withdraw(office.ana, task)
    await office.people.bar(office.safety, sam, "reasons")
    with pytest.raises(Conflict) as refused:
        await office.undo.undo(office.ana, need_id)
    assert refused.value.values["why"] == WhyNot.HELPER
    assert await office.state(need_id) == "open"
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "her phone")


async def test_two_undoing_at_once_undo_once(office: Office) -> None:
    need_id = await office.need()
    await office.dispatch.hold(office.ana, need_id, office.desk.today)
    results = await asyncio.gather(
        office.undo.undo(office.ana, need_id), office.undo.undo(office.ben, need_id), return_exceptions=True
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert await office.state(need_id) == "open"


async def test_locked_only_what_brings_nobody_back(office: Office) -> None:
    held, helped = await office.need(), await office.need()
    task = await office.confirmed(helped, await office.helper())
    await office.dispatch.hold(office.ana, held, office.desk.today)
    await office.dispatch.withdraw(office.ana, task)
    office.lock()
    await office.undo.undo(office.ana, held)
    with pytest.raises(Locked):
        await office.undo.undo(office.ana, helped)
    with pytest.raises(NotAllowed):
        await office.undo.undo(office.triage, helped)
    assert await office.state(helped) == "open"


async def test_what_was_erased_stays_erased(office: Office) -> None:
    taken = await office.call()
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.COMPLETED)
    await office.people.erase(office.ana, taken.person_id)
    with pytest.raises(Conflict):
        await office.undo.undo(office.ana, taken.need_id)
