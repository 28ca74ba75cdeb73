"""Moving a round, or saying what became of a stop, inside a write. Tasks move only by their own moves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState, Fallen
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.dispatch.follow_up import ContactKind
from node.domain.ids import AssignmentId
from node.domain.matching.week import clash
from node.domain.need import Need, Point
from node.domain.people.records import point_from, point_record
from node.domain.rounds import run as rules
from node.domain.rounds.run import (
    HandOff,
    Run,
    RunDetails,
    RunMove,
    RunState,
    Stop,
    StopDetails,
    StopState,
    StopWord,
)
from node.errors import N_, Conflict, Invalid, NotFound, moved_on
from node.services import links
from node.services.desk import Desk, run_object
from node.services.dispatch.call_about import call_about
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.moves import move_assignment
from node.services.dispatch.undo import undoable
from node.services.matching.roster import Roster
from node.services.rounds.held_stops import held_stops
from node.store import assignments, runs
from node.store.db import Tx
from node.vault import Compartment

ROUND_ELSEWHERE = N_("This round was opened on another device. Use that one, or ask us for a new link.")


async def move_run(tx: Tx, desk: Desk, actor: Actor, run: Run, move: RunMove) -> Run:
    """One move of the table. Setting off says "on the way" for every stop to which somebody may go; the others stay as
    they are, and are to be rung about. Ending gives back what was not reached.

    Raises ``Conflict``: ``moved_on``, ``not_its_day``, ``no_stops``, ``all_held``.
    """
    state = rules.after(run.state, move)
    waiting = [stop for stop in await runs.stops(tx, run.id) if stop.state is StopState.WAITING]
    if move is RunMove.START:
        if not rules.on_its_day(run.day, desk.today):
            raise Conflict("not_its_day", N_("It cannot begin today: it is planned for another day."))
        if not waiting:
            raise Conflict("no_stops", N_("Nothing is left to deliver on this round."))
        held = await held_stops(tx, desk, waiting)
        if len(held) == len(waiting):
            raise Conflict(
                "all_held", N_("As things are nobody is to go to any of these stops. Each of them says why.")
            )
        await _ring_about(tx, desk, actor, held)
        for stop in waiting:
            if stop.task is AssignmentState.APPROVED and stop.assignment_id not in held:
                await _move_task(tx, desk, actor, stop, AssignmentMove.CONTACT)
    else:
        for stop in waiting:
            await _move_task(tx, desk, actor, stop, rules.GIVES_BACK[move])
    moved = replace(run, state=state, changed_at=desk.now)
    if state in rules.ENDED:
        moved = replace(moved, link_hash=None, device_hash=None)
    await runs.update(tx, moved)
    await desk.record(
        tx,
        actor,
        f"run.{move}",
        run_object(run.id),
        before=str(run.state),
        after=str(state),
        stops=len(waiting),
    )
    return moved


async def _ring_about(tx: Tx, desk: Desk, actor: Actor, held: Mapping[AssignmentId, str]) -> None:
    for id, why in held.items():
        task = await assignments.get(tx, id)
        if task is not None and why in set(Fallen):
            await call_about(tx, desk, actor, task, Fallen(why))


async def say(
    tx: Tx,
    desk: Desk,
    follow_up: FollowUp,
    actor: Actor,
    run: Run,
    stop: Stop,
    word: StopWord,
    note: str = "",
) -> None:
    """What became of one stop. Saying the same thing twice is no error and no second move.

    Nobody at home: the need looks for somebody again, and somebody rings tomorrow. Works while locked. Raises
    ``Conflict("moved_on")``.
    """
    if stop.said is word and stop.state.value == word.value:
        return
    if run.state is not RunState.UNDER_WAY or stop.state is not StopState.WAITING:
        raise moved_on()
    told = desk.seal_note("run_stops", stop.assignment_id, note)
    await runs.set_said(tx, stop.assignment_id, word, told)
    await _move_task(tx, desk, actor, stop, rules.TASK_MOVE[word], why=note)
    if word is StopWord.NOBODY_HOME:
        await follow_up.enter(tx, actor, stop.need_id, ContactKind.NO_ANSWER, note)
    await desk.record(tx, actor, f"run.{word}", run_object(run.id), task=stop.assignment_id)


async def the_run(tx: Tx, run_id: str) -> Run:
    """Raises ``NotFound``."""
    found = await runs.get(tx, run_id)
    if found is None:
        raise NotFound("no_such_run", N_("There is no such round."))
    return found


async def run_by(tx: Tx, token: str, today: date) -> Run:
    """The round behind a link. Raises the same ``NotFound`` for unknown, replaced, over and run out."""
    run = await runs.with_link(tx, links.round_hash(token)) if token else None
    if run is None or run.state in rules.ENDED or rules.past(run.day, today):
        raise links.closed_link()
    return run


def must_be_here(run: Run, device: str | None) -> None:
    """Raises ``Conflict("other_device")`` unless the round was opened on this device."""
    links.must_be_here(run.device_hash, device, ROUND_ELSEWHERE)


async def the_stop(tx: Tx, run_id: str, task: AssignmentId) -> Stop:
    """One stop of that round. Raises ``NotFound``."""
    for stop in await runs.stops(tx, run_id):
        if stop.assignment_id == task:
            return stop
    raise NotFound("no_such_stop", N_("There is no such stop on this round."))


async def _move_task(
    tx: Tx, desk: Desk, actor: Actor, stop: Stop, move: AssignmentMove, why: str = ""
) -> Assignment:
    assignment = await assignments.get(tx, stop.assignment_id)
    if assignment is None:
        raise NotFound("no_such_task", N_("There is no such task."))
    async with undoable(tx, desk, actor, stop.need_id, str(move)):
        return await move_assignment(tx, desk, actor, assignment, move, why=why)


def sealed_run(desk: Desk, run_id: str, details: RunDetails) -> bytes:
    """Works while locked."""
    record = {"start": details.start, "point": point_record(details.point), "note": details.note}
    return desk.vault.seal(Compartment.PEOPLE, "runs", run_id, record)


async def opened_run(tx: Tx, desk: Desk, run: Run) -> RunDetails:
    """Raises ``Locked``."""
    record = desk.vault.open(Compartment.PEOPLE, "runs", run.id, await runs.sealed(tx, run.id))
    return RunDetails(start=record["start"], point=point_from(record["point"]), note=record["note"])


def sealed_stop(desk: Desk, task: AssignmentId, details: StopDetails) -> bytes:
    """Works while locked."""
    record = {"hand_off": str(details.hand_off), "note": details.note}
    return desk.vault.seal(Compartment.PEOPLE, "run_stops", task, record)


def opened_stop(desk: Desk, stop: Stop) -> StopDetails:
    """Raises ``Locked``."""
    record = desk.vault.open(Compartment.PEOPLE, "run_stops", stop.assignment_id, stop.sealed)
    return StopDetails(hand_off=HandOff(record["hand_off"]), note=record["note"])


async def elsewhere_then(tx: Tx, roster: Roster, run: Run, need: Need) -> bool:
    """Whether whoever drives is sure to be somewhere else at the part of that day at which the need is wanted; its
    other stops are no such thing. Call ``Roster.ready`` first."""
    driver = roster.get(run.driver_id)
    if driver is None or not driver.booked:
        return False
    of_this_round = {stop.need_id for stop in await runs.stops(tx, run.id)}
    return clash(driver.booked, run.day, need.part_of_day, need.person_id, {need.id, *of_this_round})


async def points_of(tx: Tx, desk: Desk, stops: Sequence[Stop]) -> list[Point | None]:
    """Where each stop is; None where nobody knows. Raises ``Locked``."""
    return [desk.open_need(await desk.need_row(tx, stop.need_id)).point for stop in stops]


def check_note(note: str) -> None:
    """Raises ``Invalid`` (``note``) when it is too long."""
    if len(note) > rules.MAX_NOTE:
        raise Invalid(
            "run",
            N_("Some answers need another look."),
            fields={"note": N_("This is too long. Shorten it, please.")},
        )


def numbered(stops: Sequence[Stop]) -> dict[AssignmentId, int]:
    """Each stop that is on the round with its number from 1: what is off it leaves no gap."""
    there = (stop for stop in stops if stop.state is not StopState.OFF)
    return {stop.assignment_id: number for number, stop in enumerate(there, 1)}
