"""A round by its private link: whoever drives sees what the next door takes, says what became of it, and no more.

As with a task's link: opening it changes nothing, details open on the one device that it was opened on first, and
each look is recorded. The link ends with the round, and at the end of the day after its own at the latest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from node.domain.actors import volunteer_actor
from node.domain.ids import AssignmentId
from node.domain.rounds import run as rules
from node.domain.rounds.run import Run, RunMove, RunState, Stop, StopState, StopWord
from node.domain.rounds.run_views import DoorView, DriverStop, DriverView, Stage
from node.errors import N_, Conflict, moved_on
from node.services import links
from node.services.desk import Desk, need_object, run_object
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.tasks import told_to_helper
from node.services.matching.roster import Roster
from node.services.rounds.held_stops import held_stops
from node.services.rounds.run_moves import (
    ROUND_ELSEWHERE,
    check_note,
    move_run,
    must_be_here,
    numbered,
    opened_run,
    opened_stop,
    run_by,
    say,
    the_stop,
)
from node.store import runs
from node.store.db import Tx

STEPS = frozenset({RunMove.START, RunMove.FINISH})
"""What whoever drives may do to the round; the rest is the coordinator's."""


class RunLinks:
    """See, set off, report, finish. ``device`` is the value of the device's cookie.

    Every verb raises ``NotFound("link_closed")`` for a link that is unknown, replaced, or of a round that is over.
    """

    def __init__(self, desk: Desk, roster: Roster, follow_up: FollowUp) -> None:
        self._desk = desk
        self._roster = roster
        self._follow_up = follow_up

    async def view(self, token: str, device: str | None) -> DriverView:
        """The round as it stands; changes nothing."""
        async with self._desk.db.read() as tx:
            run = await run_by(tx, token, self._desk.today)
            stage = _stage(run, device)
            stops = [stop for stop in await runs.stops(tx, run.id) if stop.state is not StopState.OFF]
            held = await held_stops(tx, self._desk, stops)
            shown = (
                []
                if stage is Stage.OTHER_DEVICE
                else [await self._line(tx, run, stop, stops, held) for stop in stops]
            )
            own = stage in (Stage.PLANNED, Stage.UNDER_WAY)
            return DriverView(
                stage=stage,
                day=run.day,
                may_start=rules.on_its_day(run.day, self._desk.today),
                details=await opened_run(tx, self._desk, run) if own and self._desk.unlocked else None,
                stops=tuple(shown),
                locked=own and not self._desk.unlocked,
                following=_following(stops, None, held) if stage is Stage.UNDER_WAY else None,
            )

    async def open_here(self, token: str, device: str) -> None:
        """Ties the round to this device. Raises ``Conflict("other_device")``."""
        async with self._desk.db.write() as tx:
            await self._tie(tx, await run_by(tx, token, self._desk.today), device)

    async def step(self, token: str, device: str, move: RunMove) -> None:
        """Sets off, or says that it is over. Saying it twice is no error. Raises ``Conflict`` as ``move_run`` does."""
        if move not in STEPS:
            raise ValueError(f"not the driver's move: {move}")
        async with self._desk.db.write() as tx:
            run = await self._tie(tx, await run_by(tx, token, self._desk.today), device)
            if not (move is RunMove.START and run.state is RunState.UNDER_WAY):
                await move_run(tx, self._desk, volunteer_actor(run.driver_id), run, move)
        await self._roster.refresh(run.driver_id)

    async def door(self, token: str, device: str, task: AssignmentId) -> DoorView:
        """What the next door takes, a recorded look. Raises ``Conflict`` (``other_device``, ``moved_on``) and
        ``NotFound`` where there is nothing to read any more."""
        desk = self._desk
        async with desk.db.write() as tx:
            run = await run_by(tx, token, self._desk.today)
            must_be_here(run, device)
            stop = await the_stop(tx, run.id, task)
            if not rules.details_open(run, stop, desk.today):
                raise moved_on()
            stops = [each for each in await runs.stops(tx, run.id) if each.state is not StopState.OFF]
            held = await held_stops(tx, desk, stops)
            if task in held:
                raise Conflict(held[task], N_("Please do not go there yet: ring us first."))
            row = await desk.need_row(tx, stop.need_id)
            details = None
            if desk.unlocked:
                details = await told_to_helper(tx, desk, row, desk.open_need(row))
                await desk.record(
                    tx,
                    volunteer_actor(run.driver_id),
                    "look.task",
                    need_object(stop.need_id),
                    task=stop.assignment_id,
                    run=run.id,
                )
            noted = opened_stop(desk, stop) if desk.unlocked else rules.StopDetails()
            return DoorView(
                stop=await self._line(tx, run, stop, stops, held),
                of=len(stops),
                details=details,
                hand_off=noted.hand_off,
                note=noted.note,
                following=_following(stops, task, held),
            )

    async def at_door(
        self, token: str, device: str | None, task: AssignmentId, *, looks: bool = False
    ) -> AssignmentId:
        """That stop, for something that whoever drives does about it on the device of the round; also once it is done,
        and while locked. ``looks``: on whatever device. Raises ``Conflict("other_device")``, ``NotFound``."""
        async with self._desk.db.read() as tx:
            run = await run_by(tx, token, self._desk.today)
            if not looks:
                must_be_here(run, device)
            return (await the_stop(tx, run.id, task)).assignment_id

    async def said(
        self, token: str, device: str, task: AssignmentId, word: StopWord, note: str = ""
    ) -> AssignmentId | None:
        """What became of that stop; works while locked. Returns the next one, None when it was the last.

        Raises ``Conflict``, ``Invalid`` (``note``), ``NotFound``.
        """
        check_note(note)
        async with self._desk.db.write() as tx:
            run = await run_by(tx, token, self._desk.today)
            must_be_here(run, device)
            stop = await the_stop(tx, run.id, task)
            await say(tx, self._desk, self._follow_up, volunteer_actor(run.driver_id), run, stop, word, note)
            left = await runs.stops(tx, run.id)
            held = await held_stops(tx, self._desk, left)
        await self._roster.refresh(run.driver_id)
        return _following(left, task, held)

    async def _tie(self, tx: Tx, run: Run, device: str) -> Run:
        bound = links.tie(run.device_hash, device, ROUND_ELSEWHERE)
        if bound is None:
            return run
        tied = replace(run, device_hash=bound)
        await runs.update(tx, tied)
        await self._desk.record(tx, volunteer_actor(run.driver_id), "run.device", run_object(run.id))
        return tied

    async def _line(
        self, tx: Tx, run: Run, stop: Stop, stops: Sequence[Stop], held_back: Mapping[AssignmentId, str]
    ) -> DriverStop:
        row = await self._desk.need_row(tx, stop.need_id)
        why = held_back.get(stop.assignment_id, "")
        open_now = self._desk.unlocked and rules.details_open(run, stop, self._desk.today) and not why
        held = self._desk.open_need(row) if open_now else None
        return DriverStop(
            task=stop.assignment_id,
            number=numbered(stops)[stop.assignment_id],
            reference=row.need.reference,
            category=held.category if held else row.need.category,
            cell=row.need.cell,
            state=stop.state,
            items=held.items if held else (),
            held=why,
        )


def _stage(run: Run, device: str | None) -> Stage:
    if run.device_hash is None:
        return Stage.OPEN_HERE
    if links.is_elsewhere(run.device_hash, device):
        return Stage.OTHER_DEVICE
    return Stage.UNDER_WAY if run.state is RunState.UNDER_WAY else Stage.PLANNED


def _following(
    stops: Sequence[Stop], task: AssignmentId | None, held: Mapping[AssignmentId, str]
) -> AssignmentId | None:
    """The next that waits after ``task``, and to which somebody may go; behind the last one it begins again with those
    that were passed over."""
    order = [stop.assignment_id for stop in stops]
    at = order.index(task) + 1 if task in order else 0
    for stop in (*stops[at:], *stops[:at]):
        if stop.state is StopState.WAITING and stop.assignment_id not in {task, *held}:
            return stop.assignment_id
    return None
