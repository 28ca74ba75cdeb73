"""What the answers make of a need's asking in waves; called inside every write that changes one of its tasks."""

from collections.abc import Sequence
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.assignment_lifecycle import after as task_after
from node.domain.dispatch.wave import Wave, WaveMove, WaveState, after, due, out_of_quiet
from node.domain.need import Need
from node.services import links
from node.services.desk import Desk, need_object
from node.store import assignments, settings, waves
from node.store.db import Tx


async def settle(tx: Tx, desk: Desk, actor: Actor, need: Need, tasks: Sequence[Assignment]) -> bool:
    """Brings the asking in line with the answers: the first yes ends it and thanks the others, a yes that fell away
    lets it go on, a need that is no longer open stops it. Whether tasks were ended by it.

    ``tasks``: all of the need's.
    """
    wave = await waves.get(tx, need.id)
    if wave is None or wave.round != need.round:
        return False
    present = [task for task in tasks if task.round == need.round]
    move = due(wave.state, need.state, [task.state for task in present], need.helpers)
    if move is None:
        return False
    wave = await moved(tx, desk, actor, wave, move)
    return bool(wave.state is not WaveState.ASKING and await thank_the_others(tx, desk, actor, need, present))


async def moved(tx: Tx, desk: Desk, actor: Actor, wave: Wave, move: WaveMove) -> Wave:
    """One move of the table, with its record. Raises ``Conflict("moved_on")``."""
    state = after(wave.state, move)
    next_at = None
    if state is WaveState.ASKING and wave.goes_on:
        next_at = await out_of_night(tx, desk, desk.now)
    wave = replace(wave, state=state, next_at=next_at, changed_at=desk.now)
    await waves.put(tx, wave)
    await desk.record(tx, actor, f"asking.{move}", need_object(wave.need_id), after=str(state))
    return wave


async def out_of_night(tx: Tx, desk: Desk, at: int) -> int:
    """``at``, or when the group's quiet hours end."""
    quiet_from = await settings.get(tx, settings.QUIET_FROM)
    return out_of_quiet(at, quiet_from, await settings.get(tx, settings.QUIET_UNTIL), desk.zone)


async def thank_the_others(
    tx: Tx, desk: Desk, actor: Actor, need: Need, present: Sequence[Assignment]
) -> bool:
    """Whoever was asked in waves and has not answered need not come: the task ends, and the link says thank you."""
    asked = await waves.asked(tx, need.id)
    waiting = [task for task in present if task.id in asked and task.state is AssignmentState.PROPOSED]
    for task in waiting:
        state = task_after(task.state, AssignmentMove.WITHDRAW)
        await assignments.update(tx, links.closed(replace(task, state=state, changed_at=desk.now)))
        await waves.thank(tx, task.id, desk.now)
        await desk.record(
            tx,
            actor,
            "task.thanked",
            need_object(need.id),
            task=task.id,
            person=task.person_id,
            before=str(task.state),
            after=str(state),
        )
    return bool(waiting)
