"""One of our volunteers on another group's task, by its private link or signed in: the same page, the same care as at
home."""

from dataclasses import replace
from datetime import date

from node.domain.actors import volunteer_actor
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import LIVE, SHOWS_DETAILS, AssignmentMove, allowed
from node.domain.board.views import TaskDetails, TaskStage, TaskView
from node.domain.exchange.away_task import AwayTask, is_kept_back
from node.domain.exchange.handover import HandOver
from node.domain.ids import AssignmentId
from node.domain.need import PartOfDay, Urgency, Window
from node.errors import moved_on
from node.services import links
from node.services.desk import Desk, away_object
from node.services.dispatch.tasks import said_already
from node.services.exchange.away_board import opened
from node.services.exchange.away_tasks import AwayTasks
from node.store import away_tasks, peers
from node.store.db import Tx

MOVES = frozenset(
    {AssignmentMove.CONTACT, AssignmentMove.DONE, AssignmentMove.RELEASE, AssignmentMove.DECLINE}
)
"""What the volunteer may do herself; the yes is the other group's."""


class AwayLinks:
    """See, open on this device, report. Details open for the one volunteer and nobody else of our group."""

    def __init__(self, desk: Desk, tasks: AwayTasks) -> None:
        self._desk = desk
        self._tasks = tasks

    async def knows(self, key: links.TaskKey) -> bool:
        """Whether that is a task for another group."""
        async with self._desk.db.read() as tx:
            return await self._found(tx, key) is not None

    async def task_by_token(self, key: links.TaskKey, device: str | None) -> TaskView:
        """The task as it stands; changes nothing but the record of the look. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.read() as tx:
            task = await self._task(tx, key)
            view = await self._view(tx, task, device)
        if view.details is not None and task.person_id is not None:
            async with self._desk.db.write() as tx:
                await self._desk.record(
                    tx, volunteer_actor(task.person_id), "look.task", away_object(task.id), peer=task.peer
                )
        return view

    async def confirm(self, key: links.TaskKey, device: str) -> TaskView:
        """Ties the task to this device. ``Conflict`` if tied to another."""
        async with self._desk.db.write() as tx:
            await self._tie(tx, await self._task(tx, key), device)
        return await self.task_by_token(key, device)

    async def answer(
        self, key: links.TaskKey, device: str, move: AssignmentMove, why: str = ""
    ) -> TaskView | None:
        """One of ``MOVES``; None when the link closed with it. Saying the same twice is no error.

        Raises ``NotFound``, ``Conflict`` (``other_device``, ``moved_on``).
        """
        async with self._desk.db.write() as tx:
            task = await self._tie(tx, await self._task(tx, key), device)
            if task.person_id is None or (move not in MOVES and not said_already(task.state, move)):
                raise moved_on()
            if not said_already(task.state, move):
                task = await self._tasks.move(tx, volunteer_actor(task.person_id), task, move)
        return None if task.link_hash is None else await self.task_by_token(key, device)

    async def _found(self, tx: Tx, key: links.TaskKey) -> AwayTask | None:
        if isinstance(key, links.OwnTask):
            found = await away_tasks.get(tx, key.assignment_id)
            return found if found is not None and found.person_id == key.person_id else None
        return await away_tasks.with_link(tx, links.token_hash(key)) if key else None

    async def _task(self, tx: Tx, key: links.TaskKey) -> AwayTask:
        found = await self._found(tx, key)
        if found is None:
            raise links.closed_link()
        open_still = found.link_expires is not None and found.link_expires > self._desk.now
        if not open_still and not (isinstance(key, links.OwnTask) and found.state in LIVE):
            raise links.closed_link()
        return found

    async def _tie(self, tx: Tx, task: AwayTask, device: str) -> AwayTask:
        bound = links.tie(task.device_hash, device)
        if bound is None or task.person_id is None:
            return task
        tied = replace(task, device_hash=bound)
        if tied.link_hash is None:
            tied = links.with_nobodys_link(tied, self._desk.random, self._desk.now)
        await away_tasks.update(tx, tied)
        await self._desk.record(tx, volunteer_actor(task.person_id), "task.device", away_object(task.id))
        return tied

    async def _view(self, tx: Tx, task: AwayTask, device: str | None) -> TaskView:
        desk, seen = self._desk, task.seen
        record = opened(desk, task)
        if record is not None and is_kept_back(record):
            task, record = replace(task, sealed=None), None
        stage = _stage(task, device)
        shown = stage in (TaskStage.OPEN, TaskStage.DONE)
        peer = await peers.get(tx, task.peer)
        details = HandOver.of(record) if record is not None and shown and not task.doubted else None
        days = tuple(date.fromisoformat(day) for day in seen.window) if seen.window else ()
        return TaskView(
            stage=stage,
            assignment_id=AssignmentId(task.id),
            state=task.state,
            reference="",
            group=peer.name if peer else "",
            category=details.category if details else seen.category,
            cell=seen.cell,
            urgency=Urgency(seen.urgency),
            window=Window(first=days[0], last=days[1]) if days else None,
            part_of_day=PartOfDay(seen.part_of_day) if seen.part_of_day else None,
            effort=seen.effort,
            helpers=1,
            remote=seen.remote,
            requires=details.requires if details else seen.requires,
            tags=details.tags if details else seen.tags,
            told_by_phone=False,
            moves=()
            if stage is TaskStage.OTHER_DEVICE
            else tuple(move for move in allowed(task.state) if move in MOVES),
            details=_details(details) if details else None,
            locked=shown and task.sealed is not None and not task.doubted and details is None,
            expires_at=task.link_expires,
        )


def _details(details: HandOver) -> TaskDetails:
    return TaskDetails(
        first_name=details.first_name,
        safe_to_ring=details.safe_to_ring,
        phone=details.phone,
        phone_kind=details.phone_kind,
        address=details.address,
        doorstep_word=details.doorstep_word,
        notes=details.notes,
        languages=details.languages,
    )


def _stage(task: AwayTask, device: str | None) -> TaskStage:
    if links.is_elsewhere(task.device_hash, device):
        return TaskStage.OTHER_DEVICE
    match task.state:
        case AssignmentState.INTERESTED:
            return TaskStage.WAITING
        case state if state not in SHOWS_DETAILS:
            return TaskStage.OTHER_DEVICE
        case _ if (task.sealed is None or task.doubted) and task.state is not AssignmentState.DONE:
            return TaskStage.WAITING
        case _ if task.device_hash is None:
            return TaskStage.CONFIRM_HERE
        case AssignmentState.DONE:
            return TaskStage.DONE
        case _:
            return TaskStage.OPEN
