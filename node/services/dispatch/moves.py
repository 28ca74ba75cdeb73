"""Moving an assignment or a need inside a write, with all that follows: links, states, the audit."""

from dataclasses import replace
from datetime import date

from node.domain import assignment_lifecycle, need_lifecycle
from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING, ENDED, LIVE, AssignmentMove
from node.domain.catalogue import CheckLevel
from node.domain.exchange.referral import State, Way
from node.domain.ids import NeedId, PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch import wave_answers
from node.services.dispatch.call_about import left_alone
from node.services.matching import visiting
from node.services.matching.demands import asking
from node.store import assignments, needs, outbox, referrals, settings, visits
from node.store.db import Tx
from node.store.needs import NeedRow

HELP_HAPPENED = frozenset({CloseReason.COMPLETED, CloseReason.PARTLY_COMPLETED})
"""Closing with one of these says that the confirmed helpers have done it."""


async def move_assignment(
    tx: Tx,
    desk: Desk,
    actor: Actor,
    assignment: Assignment,
    move: AssignmentMove,
    *,
    why: str = "",
    over: bool = False,
) -> Assignment:
    """One move of the table, then the need follows. ``over``: the whole request ends, and nobody goes any more.

    Raises ``Conflict``: ``moved_on``, or as ``visiting.set_out`` does.
    """
    state = assignment_lifecycle.after(assignment.state, move)
    if move is AssignmentMove.CONTACT:
        await visiting.set_out(tx, desk, actor, assignment)
    staff = actor.id if actor.kind is ActorKind.STAFF else None
    moved = replace(assignment, state=state, changed_at=desk.now, by_staff=staff or assignment.by_staff)
    if move is AssignmentMove.APPROVE:
        moved = replace(moved, approved_by=staff)
    if state is AssignmentState.DONE:
        moved = links.closing(moved, desk.now, await settings.get(tx, settings.DETAILS_DAYS))
    else:
        moved = links.prolonged(moved, desk.now) if state in LIVE else links.closed(moved)
    await assignments.update(tx, moved)
    await desk.record(
        tx,
        actor,
        f"task.{move}",
        need_object(assignment.need_id),
        why=why,
        task=assignment.id,
        person=assignment.person_id,
        before=str(assignment.state),
        after=str(state),
    )
    await visits.end_others(tx, assignment.need_id, desk.now)
    off = assignment.state in COMING and state in ENDED and state is not AssignmentState.DONE
    if off or move is AssignmentMove.APPROVE:
        await nobody_was_told(tx, desk, assignment.need_id)
    await follow(tx, desk, actor, assignment.need_id)
    if off and not over:
        await left_alone(tx, desk, actor, assignment.need_id)
    return moved


async def nobody_was_told(tx: Tx, desk: Desk, need_id: NeedId) -> bool:
    """Whoever was announced to the person does not come, or not on that day, or somebody more comes: she has to be told
    again. Whether she had been told."""
    row = await desk.need_row(tx, need_id)
    if row.need.told_by_phone:
        await needs.update(tx, replace(row, need=replace(row.need, told_by_phone=False)))
    return row.need.told_by_phone


async def follow(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId) -> NeedState:
    """Brings the need's state in line with its assignments of the present round, and records a change."""
    row = await desk.need_row(tx, need_id)
    need = row.need
    tasks = await assignments.of_need(tx, need_id)
    if await wave_answers.settle(tx, desk, actor, need, tasks):
        tasks = await assignments.of_need(tx, need_id)
    states = [a.state for a in tasks if a.round == need.round]
    state = need_lifecycle.follow(need.state, states, need.helpers)
    if state is not need.state:
        await needs.update(tx, replace(row, need=replace(need, state=state, changed_at=desk.now)))
        await desk.record(
            tx, actor, "need.follows", need_object(need_id), before=str(need.state), after=str(state)
        )
    return state


async def move_need(
    tx: Tx,
    desk: Desk,
    actor: Actor,
    row: NeedRow,
    move: NeedMove,
    *,
    why: str = "",
    reason: CloseReason | None = None,
    until: date | None = None,
    duplicate_of: NeedId | None = None,
) -> NeedState:
    """One move of the table with its record; live assignments end with a close, then the state follows.

    Raises ``Conflict("moved_on")``, and ``taken_back`` for one that another group had given us and has again.
    """
    need = row.need
    if move is NeedMove.REOPEN and await _taken_back(tx, need.id):
        raise Conflict(
            "taken_back",
            N_(
                "The group that gave us this took it back. It is kept only while a record is held, and is not ours "
                "to open."
            ),
        )
    state = need_lifecycle.after(need.state, move)
    if move in (NeedMove.CLOSE, NeedMove.REFER):
        await _end_assignments(tx, desk, actor, need.id, helped=reason in HELP_HAPPENED)
        row = await desk.need_row(tx, need.id)
    if need.state is NeedState.REFERRED and move is NeedMove.CLOSE:
        await _call_home(tx, desk, need.id)
    if move is NeedMove.REOPEN:
        await _shut_links(tx, need.id)
    moved = replace(
        need,
        state=state,
        changed_at=desk.now,
        hold_until=until if state is NeedState.ON_HOLD else None,
        close_reason=reason if state is NeedState.CLOSED else None,
        duplicate_of=duplicate_of if state is NeedState.CLOSED else None,
        closed_day=desk.today if state is NeedState.CLOSED else None,
        round=need.round + 1 if move is NeedMove.REOPEN else need.round,
        told_by_phone=row.need.told_by_phone and move is not NeedMove.REOPEN,
        to_check=need.to_check and move is not NeedMove.OPEN,
    )
    await needs.update(tx, replace(row, need=moved))
    codes = {"before": str(need.state), "after": str(state)}
    if reason is not None:
        codes["reason"] = str(reason)
    if until is not None:
        codes["until"] = until.isoformat()
    if duplicate_of is not None:
        codes["duplicate_of"] = duplicate_of
    await desk.record(tx, actor, f"need.{move}", need_object(need.id), why=why, **codes)
    return await follow(tx, desk, actor, need.id)


async def _taken_back(tx: Tx, need_id: NeedId) -> bool:
    found = await referrals.of_need(tx, need_id)
    return any(each.way is Way.IN and each.state is State.TAKEN_BACK for each in found)


async def _end_assignments(tx: Tx, desk: Desk, actor: Actor, need_id: NeedId, *, helped: bool) -> None:
    for assignment in await assignments.of_need(tx, need_id):
        if assignment.state not in LIVE:
            continue
        done = helped and (assignment.state, AssignmentMove.DONE) in assignment_lifecycle.MOVES
        move = AssignmentMove.DONE if done else AssignmentMove.WITHDRAW
        await move_assignment(tx, desk, actor, assignment, move, over=True)


async def _call_home(tx: Tx, desk: Desk, need_id: NeedId) -> None:
    """What was handed on and is over here goes on nowhere: the rows owe the other group the word to delete it."""
    for referral in await referrals.of_need(tx, need_id):
        if referral.way is Way.OUT and referral.state in (State.ASKED, State.ACCEPTED):
            await referrals.update(tx, replace(referral, state=State.TAKEN_BACK, changed_at=desk.now))
            await outbox.recall(tx, referral.peer, "referral", need=None, at=referral.created_at)


async def _shut_links(tx: Tx, need_id: NeedId) -> None:
    """A new round: whoever helped in an earlier one is off it, and reads on no longer."""
    for assignment in await assignments.of_need(tx, need_id):
        if assignment.link_hash is not None:
            await assignments.update(tx, links.closed(assignment))


async def withdraw_all(tx: Tx, desk: Desk, actor: Actor, person_id: str, *, why: str = "") -> list[NeedId]:
    """Takes every live task back from one volunteer; returns the needs touched."""
    touched: list[NeedId] = []
    for assignment in await assignments.of_person(tx, person_id):
        if assignment.state in LIVE:
            await move_assignment(tx, desk, actor, assignment, AssignmentMove.WITHDRAW, why=why)
            touched.append(assignment.need_id)
    return touched


async def withdraw_between(tx: Tx, desk: Desk, actor: Actor, helper: str, asked_by: str) -> bool:
    """Takes back what the one does for the other, and closes the links of what is done: nothing of hers is read on.
    Whether there was any."""
    touched = False
    for assignment in await assignments.of_person(tx, helper):
        live = assignment.state in LIVE
        if not live and assignment.link_hash is None:
            continue
        row = await desk.need_row(tx, assignment.need_id)
        if row.need.person_id != asked_by:
            continue
        if live:
            await move_assignment(tx, desk, actor, assignment, AssignmentMove.WITHDRAW)
        else:
            await assignments.update(tx, links.closed(assignment))
            # A line of its own, so that no undo brings the link back.
            await desk.record(
                tx, actor, "task.link_shut", need_object(row.need.id), task=assignment.id, person=helper
            )
        touched = True
    return touched


async def withdraw_beside(tx: Tx, desk: Desk, actor: Actor, one: str, other: str) -> set[PersonId]:
    """Where both are confirmed on one need, the one who came to it later is taken off. Whoever was."""
    touched: set[PersonId] = set()
    for assignment in await assignments.of_person(tx, one):
        if assignment.state not in COMING:
            continue
        on_it = [a for a in await assignments.of_need(tx, assignment.need_id) if a.state in COMING]
        if any(a.person_id == other for a in on_it):
            later = [a for a in on_it if a.person_id in (one, other)][-1]
            await move_assignment(tx, desk, actor, later, AssignmentMove.WITHDRAW)
            touched.add(later.person_id)
    return touched


async def withdraw_both_sides(tx: Tx, desk: Desk, actor: Actor, person_id: PersonId) -> set[PersonId]:
    """Takes back every live task of that person and every one for her. Returns whose tasks were touched."""
    touched = {person_id}
    await withdraw_all(tx, desk, actor, person_id)
    for row in await needs.of_person(tx, person_id):
        for assignment in await assignments.of_need(tx, row.need.id):
            if assignment.state in LIVE:
                await move_assignment(tx, desk, actor, assignment, AssignmentMove.WITHDRAW)
                touched.add(assignment.person_id)
    return touched


async def refuse_if_filled(tx: Tx, desk: Desk, row: NeedRow, assignment: Assignment | None = None) -> None:
    """Raises ``Conflict("already_taken")`` with who confirmed whom first: ``values["who"]`` is the handle."""
    filled = [
        a
        for a in await assignments.of_need(tx, row.need.id)
        if a.round == row.need.round and a.state in assignment_lifecycle.FILLS_A_PLACE
    ]
    again = assignment is not None and any(a.id == assignment.id for a in filled)
    if not again and len(filled) < row.need.helpers:
        return
    last = max(filled, key=lambda a: (a.changed_at, a.id))
    if last.approved_by is None:
        raise Conflict(
            "already_taken",
            N_("A helper was quicker: this is already taken. The next best are shown below."),
            who="",
            need_id=row.need.id,
            same=again,
        )
    handles = await desk.handles(tx)
    raise Conflict(
        "already_taken",
        N_("%(who)s was quicker: this is already taken. The next best are shown below."),
        who=handles.get(last.approved_by, "?"),
        need_id=row.need.id,
        same=again,
    )


async def refuse_first_again(tx: Tx, desk: Desk, actor: Actor, row: NeedRow, assignment: Assignment) -> None:
    """Where the group wants two people to decide (``second_yes``) and the kind of help needs a safety check: whoever
    asked the volunteer - or, if she came by herself, took the request - does not confirm her.

    Raises ``Conflict`` (``second_yes``); ``Locked``.
    """
    if await settings.get(tx, settings.SECOND_YES) != "two":
        return
    kind = (await asking(tx, desk)).category(desk.open_need(row).category)
    first = assignment.by_staff or row.need.by_staff
    if kind.check is not CheckLevel.NONE and first is not None and first == actor.id:
        raise Conflict(
            "second_yes",
            N_("For this kind of help two people decide. Ask another coordinator to confirm it."),
        )
