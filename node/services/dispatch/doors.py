"""Whether the door of a confirmed task is shut, though a coordinator said yes: what her yes was given for fell away."""

from node.domain.assignment import Assignment, AssignmentState, Fallen
from node.domain.assignment_lifecycle import COMING, FILLS_A_PLACE
from node.domain.dispatch.going import on_the_way
from node.services.desk import Desk
from node.services.dispatch.its_day import on_its_round
from node.services.matching.standing import fallen
from node.store.db import Tx
from node.store.needs import NeedRow


async def shut(tx: Tx, desk: Desk, row: NeedRow, task: Assignment) -> Fallen | None:
    """Why whoever is confirmed reads no details now; None if the door is open to her, and for every other state.

    Whoever is on her way goes on reading them: she may be at the door. "Done" opens nothing that was shut. Works
    while locked, as ``standing.fallen`` does.
    """
    if task.state not in FILLS_A_PLACE:
        return None
    if task.state is AssignmentState.CONTACTED:
        need, _ = await on_its_round(tx, row.need, task)
        if on_the_way(task, need, desk.now, desk.zone):
            return None
    # Whoever went with her may have said "Done" before her: until then she had read it all.
    return await fallen(tx, desk, row, task, beside=FILLS_A_PLACE)


async def held_up(tx: Tx, desk: Desk, task: Assignment) -> Fallen | None:
    """The same of a task that is still to do: why she is not to go as things are."""
    if task.state not in COMING:
        return None
    row = await desk.need_row(tx, task.need_id)
    return await shut(tx, desk, row, task) if task.round == row.need.round else None
