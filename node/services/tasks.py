"""The helper's side of a task, by its private link. Opening it never acts; each look is recorded."""

from dataclasses import replace

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import SHOWS_DETAILS, AssignmentMove, allowed
from node.domain.catalogue import Klass
from node.domain.need import NeedDetails
from node.domain.person import PersonDetails, PhoneKind
from node.domain.views import TaskDetails, TaskStage, TaskView
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk, need_object
from node.services.moves import move_assignment
from node.services.roster import Roster
from node.store import assignments, persons
from node.store.db import Tx
from node.store.needs import NeedRow

HELPERS_MOVES = frozenset(
    {
        AssignmentMove.INTEREST,
        AssignmentMove.DECLINE,
        AssignmentMove.CONTACT,
        AssignmentMove.DONE,
        AssignmentMove.RELEASE,
    }
)
"""What a helper may do herself; the rest is the coordinator's."""


class Tasks:
    """See, say yes or no, confirm on this device, report. ``device`` is the value of the device's cookie."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def task_by_token(self, token: str, device: str | None) -> TaskView:
        """The task as it stands; changes nothing but the record of the look.

        Details come only when confirmed by a coordinator, on the device that confirmed here, while unlocked.
        Raises ``NotFound("link_closed")``.
        """
        async with self._desk.db.read() as tx:
            assignment = await links.assignment_by(tx, token, self._desk.now)
            view = await self._view(tx, assignment, device)
        if view.details is not None:
            async with self._desk.db.write() as tx:
                await self._desk.record(
                    tx,
                    volunteer_actor(assignment.person_id),
                    "look.task",
                    need_object(assignment.need_id),
                    task=assignment.id,
                )
        return view

    async def interest(self, token: str, device: str) -> TaskView:
        """Says "I can help", which also ties the task to this device. A second tap changes nothing."""
        await self.answer(token, device, AssignmentMove.INTEREST)
        return await self.task_by_token(token, device)

    async def confirm(self, token: str, device: str) -> TaskView:
        """Ties a task that was confirmed by phone to this device. ``Conflict`` if tied to another."""
        async with self._desk.db.write() as tx:
            assignment = await links.assignment_by(tx, token, self._desk.now)
            await self._tie(tx, assignment, device)
        return await self.task_by_token(token, device)

    async def answer(self, token: str, device: str, move: AssignmentMove, why: str = "") -> TaskView | None:
        """One of ``HELPERS_MOVES``. None when the link closed with it (declined or given back).

        Saying the same thing twice is no error. Raises ``NotFound``, ``Conflict`` (``other_device``,
        ``moved_on``).
        """
        if move not in HELPERS_MOVES:
            raise ValueError(f"not the helper's move: {move}")
        async with self._desk.db.write() as tx:
            assignment = await links.assignment_by(tx, token, self._desk.now)
            assignment = await self._tie(tx, assignment, device)
            if not _said_already(assignment.state, move):
                actor = volunteer_actor(assignment.person_id)
                assignment = await move_assignment(tx, self._desk, actor, assignment, move, why=why)
        await self._roster.refresh(assignment.person_id)
        return None if assignment.link_hash is None else await self.task_by_token(token, device)

    async def _tie(self, tx: Tx, assignment: Assignment, device: str) -> Assignment:
        if links.bound_elsewhere(assignment, device) or not device:
            raise Conflict(
                "other_device",
                N_("This task was confirmed on another device. Use that one, or ask us for a new link."),
            )
        if assignment.device_hash is not None:
            return assignment
        tied = replace(assignment, device_hash=links.device_hash(device))
        await assignments.update(tx, tied)
        actor: Actor = volunteer_actor(assignment.person_id)
        await self._desk.record(tx, actor, "task.device", need_object(assignment.need_id), task=assignment.id)
        return tied

    async def _view(self, tx: Tx, assignment: Assignment, device: str | None) -> TaskView:
        desk = self._desk
        row = await desk.need_row(tx, assignment.need_id)
        need, stage = row.need, _stage(assignment, device)
        shown = stage in (TaskStage.OPEN, TaskStage.DONE)
        details = desk.open_need(row) if desk.unlocked and row.sealed else None
        return TaskView(
            stage=stage,
            assignment_id=assignment.id,
            state=assignment.state,
            reference=need.reference,
            category=details.category if details and (shown or self._harmless(details)) else need.category,
            cell=need.cell,
            urgency=need.urgency,
            window=need.window,
            part_of_day=need.part_of_day,
            effort=str(need.effort) if need.effort else None,
            helpers=need.helpers,
            remote=need.remote,
            requires=details.requires if details and shown else need.requires,
            tags=details.tags if details and shown else need.tags,
            told_by_phone=need.told_by_phone,
            moves=()
            if stage is TaskStage.OTHER_DEVICE
            else tuple(move for move in allowed(assignment.state) if move in HELPERS_MOVES),
            details=await self._details(tx, row, details) if details and shown else None,
            locked=shown and details is None,
            expires_at=assignment.link_expires,
        )

    def _harmless(self, details: NeedDetails) -> bool:
        return self._desk.catalogue.klass(details.category) is Klass.A

    async def _details(self, tx: Tx, row: NeedRow, details: NeedDetails) -> TaskDetails:
        held = await persons.get(tx, row.need.person_id) if row.need.person_id else None
        person = self._desk.open_person(held) if held else PersonDetails()
        phone = person.door if person.door and person.door.number else person.screen
        return TaskDetails(
            first_name=person.first_name,
            safe_to_ring=person.safe_to_ring,
            phone=phone.number if phone else "",
            phone_kind=str(phone.kind if phone else PhoneKind.NONE),
            address=details.place_text or person.address,
            doorstep_word=details.doorstep_word,
            notes=details.notes,
            languages=details.languages or person.languages,
        )


def _stage(assignment: Assignment, device: str | None) -> TaskStage:
    if links.bound_elsewhere(assignment, device):
        return TaskStage.OTHER_DEVICE
    match assignment.state:
        case AssignmentState.PROPOSED:
            return TaskStage.ASKED
        case AssignmentState.INTERESTED:
            return TaskStage.WAITING
        case state if state not in SHOWS_DETAILS:
            return TaskStage.OTHER_DEVICE
        case _ if assignment.device_hash is None:
            return TaskStage.CONFIRM_HERE
        case AssignmentState.DONE:
            return TaskStage.DONE
        case _:
            return TaskStage.OPEN


_AFTER_SAYING = {
    AssignmentMove.INTEREST: frozenset(
        {
            AssignmentState.INTERESTED,
            AssignmentState.APPROVED,
            AssignmentState.CONTACTED,
            AssignmentState.DONE,
        }
    ),
    AssignmentMove.CONTACT: frozenset({AssignmentState.CONTACTED, AssignmentState.DONE}),
    AssignmentMove.DONE: frozenset({AssignmentState.DONE}),
}


def _said_already(state: AssignmentState, move: AssignmentMove) -> bool:
    """Whether a second tap on the same button found it done: that is no error and no second move."""
    return state in _AFTER_SAYING.get(move, frozenset())
