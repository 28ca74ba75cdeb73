"""The day of a task: of one that is on a round, the round's."""

from dataclasses import replace

from node.domain.assignment import Assignment
from node.domain.need import Need, Window
from node.store import runs
from node.store.db import Tx


async def on_its_round(tx: Tx, need: Need, task: Assignment) -> tuple[Need, int]:
    """The need as whoever does that task has it to do: on a round that is planned or under way its day is the round's;
    and when that changed last (Unix seconds)."""
    found = await runs.day_of(tx, task.id)
    if found is None:
        return need, task.changed_at
    day, changed_at = found
    return replace(need, window=Window(first=day, last=day), due_day=day), max(task.changed_at, changed_at)
