"""A sign of life of whoever does a task: nothing else changed, and the clock takes it from nobody for a while."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import COMING
from node.domain.board.watch import DAY, Word
from node.services.desk import Desk, need_object
from node.store import assignments, watches
from node.store.db import Tx


async def heard(tx: Tx, desk: Desk, actor: Actor, task: Assignment, why: str = "") -> Assignment:
    """The task as it stands then. ``actor``: she herself, or the coordinator whom she told."""
    told = replace(task, changed_at=desk.now)
    await assignments.update(tx, told)
    await desk.record(tx, actor, "task.heard", need_object(task.need_id), why=why, task=task.id)
    return told


async def ends_soon(tx: Tx, task: Assignment, now: int) -> bool:
    """Whether it is confirmed, and ends by itself within a day unless something is heard of it."""
    if task.state not in COMING:
        return False
    found = await watches.task(tx, task.id)
    return found is not None and found.word(now + DAY) is Word.OVER
