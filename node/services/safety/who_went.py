"""Who was to help with a request, in whatever round and whatever became of it."""

from collections.abc import Sequence

from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import COMING, SHOWS_DETAILS
from node.services.desk import need_object
from node.store import assignments, audit, past
from node.store.db import Tx


async def who_went(tx: Tx, need_id: str) -> Sequence[Assignment]:
    """Every task of it that was ever confirmed: whoever is on it first, then the latest."""
    tasks, object = await assignments.of_need(tx, need_id), need_object(need_id)
    # A task that was given back or taken back says no more whether it was ever confirmed; its history does.
    lines = [*await past.of_object(tx, object), *await audit.of_object(tx, object)] if tasks else []
    told = {(row.codes.get("task"), row.codes.get(when)) for row in lines for when in ("before", "after")}
    went = [
        task
        for task in tasks
        if task.state in SHOWS_DETAILS or any((task.id, str(state)) in told for state in SHOWS_DETAILS)
    ]
    return sorted(went, key=lambda task: (task.state not in COMING, -task.changed_at))
