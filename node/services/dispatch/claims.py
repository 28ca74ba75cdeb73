"""A helper's own yes that is enough: for kinds of help with no requirement, where the group decided so."""

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.matching.matching import claimable
from node.errors import Conflict
from node.services.desk import Desk
from node.services.dispatch.moves import move_assignment, refuse_if_filled
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.matching.visiting import make_room
from node.store import settings
from node.store.db import Tx


async def claim(
    tx: Tx, desk: Desk, roster: Roster, matching: Matching, actor: Actor, assignment: Assignment
) -> Assignment:
    """Confirms her offer at once if nothing about it needs a coordinator; else it waits for one, as it was.

    While locked nothing is confirmed: what the task takes cannot be read. Call ``Roster.ready`` before if unlocked.
    """
    if assignment.state is not AssignmentState.INTERESTED or not desk.unlocked:
        return assignment
    if await settings.get(tx, settings.CLAIMS) != "helper":
        return assignment
    helper = roster.get(assignment.person_id)
    row = await desk.need_row(tx, assignment.need_id)
    if helper is None or not claimable(helper, await matching.wanted(tx, row, ignore_asked=True), desk.now):
        return assignment
    row = await make_room(tx, desk, actor, row)
    try:
        await refuse_if_filled(tx, desk, row, assignment)
    except Conflict:
        return assignment
    return await move_assignment(tx, desk, actor, assignment, AssignmentMove.APPROVE)
