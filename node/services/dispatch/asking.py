"""Beginning and confirming a task inside a caller's write: what one, several, a wave and a plan have in common."""

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.matching.matching import Gate
from node.domain.need import NeedState
from node.domain.need_lifecycle import WORKING, NeedMove
from node.errors import N_, Conflict, moved_on, not_suitable
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import (
    follow,
    move_assignment,
    move_need,
    refuse_first_again,
    refuse_if_filled,
)
from node.services.matching.matching import Matching
from node.services.matching.visiting import make_room
from node.services.settings import practice
from node.store import assignments, persons, waves
from node.store.db import Tx


async def begin(
    tx: Tx,
    desk: Desk,
    matching: Matching,
    actor: Actor,
    need_id: NeedId,
    person_id: PersonId,
    state: AssignmentState,
    why: str = "",
) -> Assignment:
    """A task that begins as asked or offered; a need still in the sorting tray is opened by it.

    Call ``Roster.ready`` before, and ``Roster.refresh`` for that person after the write. Raises as
    ``Dispatch.propose`` does.
    """
    row = await desk.need_row(tx, need_id)
    practice.refuse(row.need)
    if row.need.state is NeedState.NEW:
        await move_need(tx, desk, actor, row, NeedMove.OPEN)
        row = await desk.need_row(tx, need_id)
    if row.need.state not in WORKING:
        raise moved_on()
    row = await make_room(tx, desk, actor, row)
    await refuse_if_filled(tx, desk, row)
    refuse(await matching.must_not(tx, row, person_id, asking=True))
    assignment = Assignment(
        id=AssignmentId(new_id(desk.random)),
        need_id=need_id,
        person_id=person_id,
        state=state,
        created_at=desk.now,
        changed_at=desk.now,
        round=row.need.round,
        by_staff=actor.id,
    )
    await assignments.insert(tx, assignment)
    await desk.record(
        tx,
        actor,
        f"task.{state}",
        need_object(need_id),
        why=why,
        task=assignment.id,
        person=person_id,
        after=str(state),
    )
    await follow(tx, desk, actor, need_id)
    return assignment


async def approve(
    tx: Tx, desk: Desk, matching: Matching, actor: Actor, assignment: Assignment, why: str = ""
) -> NeedState:
    """The yes to a task, up to the number of helpers asked for. Raises as ``Dispatch.approve`` does."""
    row = await desk.need_row(tx, assignment.need_id)
    if row.need.state not in WORKING or assignment.state not in LIVE:
        raise moved_on()
    row = await make_room(tx, desk, actor, row)
    await refuse_if_filled(tx, desk, row, assignment)
    refuse(await matching.must_not(tx, row, assignment.person_id, asking=False))
    await refuse_first_again(tx, desk, actor, row, assignment)
    await move_assignment(tx, desk, actor, assignment, AssignmentMove.APPROVE, why=why)
    return (await desk.need_row(tx, assignment.need_id)).need.state


async def new_link(tx: Tx, desk: Desk, actor: Actor, assignment: Assignment) -> str:
    """A fresh token for the private link ``/t/<token>``; the one before stops working. ``Conflict`` when the task is
    over, or another group's volunteer does it."""
    if assignment.state not in LIVE:
        raise moved_on()
    if await persons.peer_of(tx, assignment.person_id) is not None:
        raise Conflict("other_group", N_("That group gives its volunteer a link of its own."))
    token = links.new_token(desk.random)
    linked = links.with_new_link(assignment, token, desk.now)
    await assignments.update(tx, linked)
    await waves.told(tx, assignment.id, links.token_hash(token), desk.now)
    await desk.record(tx, actor, "task.link", need_object(assignment.need_id), task=assignment.id)
    return token


def refuse(shut: Gate | None) -> None:
    """Raises ``Conflict`` for a gate that nobody may overrule; why somebody is not suitable is not said."""
    if shut is None:
        return
    if shut is Gate.NOT_SUITABLE:
        raise not_suitable()
    raise Conflict(
        "gate",
        N_("This helper cannot be asked for this. Look at the reason beside the name."),
        gate=str(shut),
    )
