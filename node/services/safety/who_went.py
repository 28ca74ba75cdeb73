"""Who was to help with a request, in whatever round and whatever became of it."""

from collections.abc import Sequence

from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING, SHOWS_DETAILS
from node.services.desk import need_object
from node.store import assignments, audit, past
from node.store.db import Tx

_CERTAIN = SHOWS_DETAILS | {AssignmentState.RELEASED}
"""No way leads here but over a yes."""


async def was_confirmed(tx: Tx, task: Assignment) -> bool:
    """Whether details of it were ever open to its volunteer. One that was taken back says no more itself whether it had
    been confirmed; the history of its request does."""
    if task.state in _CERTAIN:
        return True
    object = need_object(task.need_id)
    return any(
        row.codes.get("task") == task.id and row.codes.get(when) in SHOWS_DETAILS
        for row in (*await past.of_object(tx, object), *await audit.of_object(tx, object))
        for when in ("before", "after")
    )


async def who_went(tx: Tx, need_id: str) -> Sequence[Assignment]:
    """Every task of it that was ever confirmed: whoever is on it first, then the latest."""
    went = [task for task in await assignments.of_need(tx, need_id) if await was_confirmed(tx, task)]
    return sorted(went, key=lambda task: (task.state not in COMING, -task.changed_at))
