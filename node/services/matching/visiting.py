"""What hangs on somebody's setting out: the timer of a visit alone, and that two go where two are asked for."""

from dataclasses import replace

from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import COMING
from node.domain.catalogue import Going
from node.domain.ids import new_id
from node.domain.safety.visits import USUAL_MINUTES, Visit
from node.errors import N_, Conflict
from node.services.desk import Desk, need_object
from node.services.matching.demands import asking
from node.services.matching.standing import must_stand
from node.store import assignments, needs, visits
from node.store.db import Tx
from node.store.needs import NeedRow

PAIR = 2


async def going(tx: Tx, desk: Desk, row: NeedRow) -> Going:
    """How somebody goes to this need; ``ALONE`` where nobody goes at all. While locked a kind that cannot be told
    counts as one with a timer."""
    if row.need.remote:
        return Going.ALONE
    kinds = await asking(tx, desk)
    code = desk.open_need(row).category if desk.unlocked else row.need.category
    return kinds.category(code).going if code in kinds else Going.TIMER


async def make_room(tx: Tx, desk: Desk, actor: Actor, row: NeedRow) -> NeedRow:
    """Where two go together, the need has two places, whatever was asked for on the call."""
    if row.need.helpers >= PAIR or await going(tx, desk, row) is not Going.PAIR:
        return row
    wider = replace(row, need=replace(row.need, helpers=PAIR, changed_at=desk.now))
    await needs.update(tx, wider)
    await desk.record(tx, actor, "need.pair", need_object(row.need.id))
    return wider


async def set_out(tx: Tx, desk: Desk, actor: Actor, task: Assignment) -> None:
    """She is on her way: alone, with a timer, where the kind asks for one. Nothing for another group's volunteer, whose
    own group looks after her. Raises ``Conflict("pair_first")`` where two go and only one is confirmed, and the codes
    of ``standing.Fallen`` where what her yes was given for holds no longer.
    """
    if actor.kind is ActorKind.SYSTEM:
        return
    row = await desk.need_row(tx, task.need_id)
    await must_stand(tx, desk, actor, row, task)
    how = await going(tx, desk, row)
    if how is Going.ALONE:
        return
    if await _coming(tx, row) >= PAIR:
        return
    if how is Going.PAIR:
        raise Conflict("pair_first", N_("Here two people go together. First confirm a second one."))
    await begin(tx, desk, actor, task, USUAL_MINUTES)


async def lacks_second(tx: Tx, desk: Desk, row: NeedRow) -> bool:
    """Whether two go to this need, and fewer are confirmed."""
    return await going(tx, desk, row) is Going.PAIR and await _coming(tx, row) < PAIR


async def _coming(tx: Tx, row: NeedRow) -> int:
    on_it = await assignments.of_need(tx, row.need.id)
    return sum(each.state in COMING and each.round == row.need.round for each in on_it)


async def begin(tx: Tx, desk: Desk, actor: Actor, task: Assignment, minutes: int) -> Visit:
    """The timer of a visit that begins now."""
    visit = Visit(
        id=new_id(desk.random),
        assignment_id=task.id,
        need_id=task.need_id,
        person_id=task.person_id,
        started_at=desk.now,
        expected_at=desk.now + minutes * 60,
    )
    await visits.insert(tx, visit)
    await desk.record(
        tx, actor, "visit.begun", need_object(task.need_id), task=task.id, expected=visit.expected_at
    )
    return visit
