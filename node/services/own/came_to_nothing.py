"""Of a volunteer's tasks: those that came to nothing lately, and not by her."""

from collections.abc import Sequence

from node.domain.actors import ActorKind
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.own.over import TOLD_SECONDS, Over, over
from node.services.desk import need_object
from node.store import audit
from node.store.db import Tx

_HERS_NOW = LIVE | {AssignmentState.DONE}


async def to_tell(tx: Tx, mine: Sequence[Assignment], now: int) -> list[tuple[Assignment, Over]]:
    """Of all of one volunteer's tasks, those to be told as over, the newest first; of one request the last alone, and
    nothing of a request that is hers again. ``now``: Unix seconds."""
    again = {task.need_id for task in mine if task.state in _HERS_NOW}
    found: dict[str, tuple[Assignment, Over]] = {}
    for task in sorted(mine, key=lambda each: each.changed_at):
        if task.need_id in again or task.changed_at <= now - TOLD_SECONDS:
            continue
        found.pop(task.need_id, None)
        how = over(task.state, declined_by_us=await _declined_by_us(tx, task))
        if how is not None:
            found[task.need_id] = (task, how)
    return [*reversed(found.values())]


async def _declined_by_us(tx: Tx, task: Assignment) -> bool:
    """A no to what she had offered. A coordinator who writes down her no to what she was asked answers for her."""
    if task.state is not AssignmentState.DECLINED:
        return False
    lines = await audit.of_object(tx, need_object(task.need_id))
    noes = [line for line in lines if line.action == "task.decline" and line.codes.get("task") == task.id]
    last = noes[-1] if noes else None
    if last is None or last.codes.get("before") != str(AssignmentState.INTERESTED):
        return False
    return not last.actor.startswith(f"{ActorKind.VOLUNTEER}:")
