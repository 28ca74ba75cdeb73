"""Whether somebody knows that a task is hers without any message of ours: then she has to hear that it is off."""

from node.domain.actors import volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.exchange.away_task import AwayTask
from node.services.desk import away_object, need_object
from node.store import audit
from node.store.db import Tx

_LOOK = "look.task"
"""She read where to go, which opens to whoever is confirmed alone."""
_LINK = "task.link"
"""Somebody made her a link, to be sent by hand."""
_APPROVED = f"task.{AssignmentMove.APPROVE}"
_CONTACT = f"task.{AssignmentMove.CONTACT}"


async def knows_by_herself(tx: Tx, task: Assignment) -> bool:
    """Her own yes was enough; or, once it was hers, she read where to go, said that she is on her way, or somebody made
    her a link. False for any task that was not taken back, by us or by the clock: there it changes nothing."""
    if task.state not in (AssignmentState.WITHDRAWN, AssignmentState.EXPIRED):
        return False
    confirmed = False
    for entry in await audit.of_object(tx, need_object(task.need_id)):
        if entry.codes.get("task") != task.id:
            continue
        confirmed = confirmed or entry.action == _APPROVED
        own_yes = entry.action == _APPROVED and entry.actor == volunteer_actor(task.person_id).label
        if own_yes or entry.action in (_LOOK, _CONTACT) or (confirmed and entry.action == _LINK):
            return True
    return False


async def knows_away(tx: Tx, task: AwayTask) -> bool:
    """The same of what she offered to another group: that she read where to go."""
    person = task.person_id
    return person is not None and await audit.done_since(
        tx, volunteer_actor(person), _LOOK, away_object(task.id), 0
    )
