"""What a rule has asked for already and lies ahead: closed with a pause, an end, a day off; taken back from a buddy."""

from collections.abc import Callable, Collection, Iterable

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.dispatch.series import SeriesDay
from node.domain.dispatch.series_days import MadeDay
from node.domain.ids import NeedId, PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.services.desk import Desk
from node.services.dispatch.moves import move_assignment, move_need
from node.services.dispatch.undo import undoable
from node.store import assignments, series, waves
from node.store.db import Tx


def ahead(desk: Desk, made: Iterable[MadeDay]) -> tuple[MadeDay, ...]:
    """Those whose request is open, with nobody's word that it is done, and whose time is not over."""
    return tuple(
        each
        for each in made
        if each.open and each.state is not NeedState.REPORTED and (each.due is None or each.due >= desk.today)
    )


async def close_day(tx: Tx, desk: Desk, actor: Actor, series_id: str, day: MadeDay) -> set[PersonId]:
    """Not on that day: its request, if it is open, is closed as no longer needed, and that can be undone there. Whose
    tasks ended."""
    held = SeriesDay(day=day.day, need_id=day.need_id, skipped=True)
    await series.put_day(tx, series_id, held)
    if day.need_id is None or not day.open:
        return set()
    row = await desk.need_row(tx, day.need_id)
    touched = {task.person_id for task in await assignments.of_need(tx, day.need_id) if task.state in LIVE}
    async with undoable(tx, desk, actor, day.need_id, str(NeedMove.CLOSE)):
        await move_need(tx, desk, actor, row, NeedMove.CLOSE, reason=CloseReason.NO_LONGER_NEEDED)
    return touched


async def asks_by_itself(tx: Tx, need_id: NeedId) -> Callable[[Assignment], bool]:
    """Tells of each task of that request whether the rule itself asked, and nobody has answered: not one of us, nor an
    asking in waves that one of us began."""
    wave = await waves.get(tx, need_id)
    by_rule = wave is not None and wave.by_staff is None
    return lambda task: by_rule and task.state is AssignmentState.PROPOSED and task.by_staff is None


async def take_back_asked(
    tx: Tx, desk: Desk, actor: Actor, of: Collection[NeedId], helper_id: PersonId
) -> None:
    """Whoever was asked first by the rule itself, and has not answered, is asked no more. A yes stands, and so does
    what a coordinator asked her by hand."""
    for need_id in of:
        by_itself = await asks_by_itself(tx, need_id)
        for task in await assignments.of_need(tx, need_id):
            if by_itself(task) and task.person_id == helper_id:
                await move_assignment(tx, desk, actor, task, AssignmentMove.WITHDRAW)
