"""Whether a volunteer who is asked, or waits for a yes, is wanted still."""

from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.need import Need
from node.store import assignments
from node.store.db import Tx

_NOT_YET = frozenset({AssignmentState.PROPOSED, AssignmentState.INTERESTED})


async def others_go(tx: Tx, need: Need, task: Assignment) -> bool:
    """Whether others fill every place of that request, while she is only asked or waits for a yes."""
    if task.state not in _NOT_YET or task.round != need.round:
        return False
    on_it = await assignments.of_need(tx, need.id)
    filled = [each for each in on_it if each.round == need.round and each.state in FILLS_A_PLACE]
    return len(filled) >= need.helpers
