"""Stops of a round to which nobody is to go as things are; the others are driven all the same."""

from collections.abc import Mapping, Sequence

from node.domain.assignment import AssignmentState
from node.domain.ids import AssignmentId
from node.domain.rounds.run import Stop, StopState
from node.services.desk import Desk
from node.services.dispatch.doors import shut
from node.services.matching.standing import fallen
from node.services.matching.visiting import lacks_second
from node.store import assignments
from node.store.db import Tx

PAIR_FIRST = "pair_first"
"""Two go there, and only one is confirmed."""


async def held_stops(tx: Tx, desk: Desk, stops: Sequence[Stop]) -> Mapping[AssignmentId, str]:
    """Those of the stops, and why: a code of ``Fallen``, or ``PAIR_FIRST``. Works while locked."""
    found = {}
    for stop in stops:
        if stop.state is StopState.WAITING and (why := await _why(tx, desk, stop)):
            found[stop.assignment_id] = why
    return found


async def _why(tx: Tx, desk: Desk, stop: Stop) -> str:
    task = await assignments.get(tx, stop.assignment_id)
    if task is None:
        return ""
    row = await desk.need_row(tx, stop.need_id)
    not_yet = task.state is AssignmentState.APPROVED
    fell = await fallen(tx, desk, row, task) if not_yet else await shut(tx, desk, row, task)
    if fell is not None:
        return str(fell)
    return PAIR_FIRST if not_yet and await lacks_second(tx, desk, row) else ""
