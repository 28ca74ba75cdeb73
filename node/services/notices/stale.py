"""Tasks of which nothing was heard for so long that they end by themselves tomorrow: who does them is told before."""

from node.domain.assignment import Assignment, AssignmentState
from node.domain.board.watch import ends_within_a_day
from node.domain.ids import PersonId
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import stale_thing, task_thing
from node.store import assignments, notices, persons, watches
from node.store.db import Tx

ASKED_OF_HER = frozenset({AssignmentState.PROPOSED, AssignmentState.APPROVED, AssignmentState.CONTACTED})
"""Where it is her word that we wait for. Whoever said "I can help" waits for ours."""
SAID = (Kind.ASKED, Kind.CONFIRMED)
"""What a message, or somebody on the telephone, told her of it."""


async def ending(tx: Tx, now: int) -> list[tuple[PersonId, str]]:
    """Who is to be told, and the thing that it is. Not another group's volunteer, whom her own group tells, nor whoever
    never heard of it from us."""
    found = []
    for task in await watches.tasks(tx):
        if task.state in ASKED_OF_HER and ends_within_a_day(task.state, task.heard_at, task.due, now):
            held = await assignments.get(tx, task.id)
            if held is None or await persons.peer_of(tx, held.person_id) is not None:
                continue
            if held.link_hash is not None or await _was_told(tx, held):
                found.append((held.person_id, stale_thing(task.id, task.heard_at)))
    return found


async def _was_told(tx: Tx, task: Assignment) -> bool:
    said = [await notices.told(tx, task.person_id, task_thing(task.id, kind)) for kind in SAID]
    return any(said)
