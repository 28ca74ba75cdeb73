"""The helper's side of a task, by its private link or signed in. Opening it never acts; each look is recorded."""

from dataclasses import replace

from node.domain.accounts.levels import helper_sees, kind_of
from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING, SHOWS_DETAILS, AssignmentMove, allowed
from node.domain.board.views import TaskDetails, TaskStage, TaskView
from node.domain.ids import AssignmentId, PersonId
from node.domain.need import NeedDetails
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch.claims import claim
from node.services.dispatch.doors import shut
from node.services.dispatch.heard import ends_soon, heard
from node.services.dispatch.its_day import on_its_round
from node.services.dispatch.moves import move_assignment
from node.services.dispatch.others import others_go
from node.services.dispatch.tying import tie
from node.services.dispatch.undo import hers_to_undo, slip
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, own_page, persons
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
SENT_DAYS = 30
"""So long it is remembered what a device sent: longer than any telephone is without a line."""


class Tasks:
    """See, say yes or no, confirm on this device, report. ``device`` is the value of the device's cookie."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def task_by_token(self, key: links.TaskKey, device: str | None) -> TaskView:
        """The task as it stands; changes nothing but the record of the look. Where it would end by itself within a day,
        her look is a sign of life.

        Details come only when confirmed by a coordinator, on the device that confirmed here, while unlocked.
        Raises ``NotFound("link_closed")``.
        """
        async with self._desk.db.read() as tx:
            assignment = await links.assignment_by(tx, key, self._desk.now)
            view = await self._view(tx, assignment, device)
            opened = view.stage in (TaskStage.OPEN, TaskStage.CONFIRM_HERE) and view.fallen is None
            ends = opened and await ends_soon(tx, assignment, self._desk.now)
        her = volunteer_actor(assignment.person_id)
        if view.details is not None:
            async with self._desk.db.write() as tx:
                await self._desk.record(
                    tx, her, "look.task", need_object(assignment.need_id), task=assignment.id
                )
        return replace(view, heard=ends and await self._still_hers(her, assignment.id))

    async def _still_hers(self, her: Actor, task_id: AssignmentId) -> bool:
        """It stays hers, unless it ended meanwhile."""
        async with self._desk.db.write() as tx:
            task = await assignments.get(tx, task_id)
            if task is None or task.state not in COMING:
                return False
            await heard(tx, self._desk, her, task)
            return True

    async def as_helper(self, actor: Actor, need_id: str, *, confirmed: bool) -> TaskView:
        """The page of whoever helps with this need, or would, before it is real: as somebody who was asked, or as the
        one confirmed. For the desk; a recorded look. Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            need = (await self._desk.need_row(tx, need_id)).need
            task = Assignment(
                id=AssignmentId(""),
                need_id=need.id,
                person_id=PersonId(""),
                state=AssignmentState.APPROVED if confirmed else AssignmentState.PROPOSED,
                created_at=self._desk.now,
                changed_at=self._desk.now,
                device_hash=links.device_hash("desk") if confirmed else None,
            )
            await self._desk.record(
                tx, actor, "look.as_helper", need_object(need_id), stage="confirmed" if confirmed else "asked"
            )
            return await self._view(tx, task, "desk")

    async def interest(self, key: links.TaskKey, device: str) -> TaskView:
        """Says "I can help", which also ties the task to this device. A second tap changes nothing."""
        await self.answer(key, device, AssignmentMove.INTEREST)
        return await self.task_by_token(key, device)

    async def confirm(self, key: links.TaskKey, device: str) -> TaskView:
        """Ties a task that was confirmed by phone to this device. ``Conflict`` if tied to another."""
        async with self._desk.db.write() as tx:
            assignment = await links.assignment_by(tx, key, self._desk.now)
            await tie(tx, self._desk, assignment, device, by_link=isinstance(key, str))
        return await self.task_by_token(key, device)

    async def answer(
        self, key: links.TaskKey, device: str, move: AssignmentMove, why: str = "", *, sent: str = ""
    ) -> TaskView | None:
        """One of ``HELPERS_MOVES``. None when the link closed with it (declined or given back).

        Saying the same thing twice is no error. ``sent``: a key of the device's own choice, if it may send this again
        (from a place without a line): what came with that key before is not done again, whatever happened since.
        Raises ``NotFound``, ``Conflict`` (``other_device``, ``moved_on``).
        """
        if move not in HELPERS_MOVES:
            raise ValueError(f"not the helper's move: {move}")
        if self._desk.unlocked:
            await self._roster.ready()
        async with self._desk.db.write() as tx:
            assignment = await links.assignment_by(tx, key, self._desk.now)
            assignment = await tie(tx, self._desk, assignment, device, by_link=isinstance(key, str))
            if await self._is_new(tx, assignment, sent):
                assignment = await self._moved(tx, assignment, move, why)
        await self._roster.refresh(assignment.person_id)
        return None if assignment.link_hash is None else await self.task_by_token(key, device)

    async def answer_by_text(
        self, person_id: PersonId, task_id: AssignmentId, move: AssignmentMove
    ) -> AssignmentState:
        """The same by a text from her number; where the task stands then. It ties no device, so it opens nothing:
        whoever holds her telephone learns no more than from our message. Of what is hers, "yes" is a sign of life.
        Raises ``NotFound``, ``Conflict``, ``Locked``.
        """
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            assignment = await links.assignment_by(tx, links.OwnTask(person_id, task_id), self._desk.now)
            if assignment.state in COMING and said_already(assignment.state, move):
                await heard(tx, self._desk, volunteer_actor(person_id), assignment)
            else:
                assignment = await self._moved(tx, assignment, move, "")
        await self._roster.refresh(person_id)
        return assignment.state

    async def _moved(self, tx: Tx, assignment: Assignment, move: AssignmentMove, why: str) -> Assignment:
        """After her word; her own yes is enough where the group lets it be. Said already, it changes nothing."""
        if said_already(assignment.state, move):
            return assignment
        actor = volunteer_actor(assignment.person_id)
        if move is not AssignmentMove.INTEREST:
            async with hers_to_undo(tx, self._desk, assignment):
                return await move_assignment(tx, self._desk, actor, assignment, move, why=why)
        moved = await move_assignment(tx, self._desk, actor, assignment, move, why=why)
        return await claim(tx, self._desk, self._roster, self._matching, actor, moved)

    async def _is_new(self, tx: Tx, assignment: Assignment, sent: str) -> bool:
        if not sent:
            return True
        id, now = links.sent_hash(assignment.id, sent), self._desk.now
        return await own_page.sent_first(tx, id, assignment.id, at=now, since=now - SENT_DAYS * links.DAY)

    async def _view(self, tx: Tx, assignment: Assignment, device: str | None) -> TaskView:
        desk = self._desk
        row = await desk.need_row(tx, assignment.need_id)
        need, stage = row.need, _stage(assignment, device)
        shown = stage in (TaskStage.OPEN, TaskStage.DONE)
        details = desk.open_need(row) if desk.unlocked and row.sealed else None
        # Until she has set out, a door opens only as long as her yes holds; "Done" in its place opens nothing.
        why = await shut(tx, desk, row, assignment) if shown else None
        held = why if stage is TaskStage.OPEN else None
        open_now = shown and why is None
        when, _ = await on_its_round(tx, need, assignment)
        return TaskView(
            stage=stage,
            assignment_id=assignment.id,
            state=assignment.state,
            reference=need.reference,
            category=details.category if details and shown else need.category,
            cell=need.cell,
            urgency=need.urgency,
            window=when.window,
            part_of_day=need.part_of_day,
            effort=str(need.effort) if need.effort else None,
            helpers=need.helpers,
            remote=need.remote,
            requires=details.requires if details and shown else need.requires,
            tags=details.tags if details and shown else need.tags,
            told_by_phone=need.told_by_phone,
            moves=()
            if stage is TaskStage.OTHER_DEVICE
            else tuple(
                move
                for move in allowed(assignment.state)
                if move in HELPERS_MOVES and not (held and move is AssignmentMove.CONTACT)
            ),
            details=await told_to_helper(tx, desk, row, details) if details and open_now else None,
            locked=open_now and details is None,
            fallen=held,
            undo=shown and await slip(tx, desk, assignment) is not None,
            expires_at=assignment.link_expires,
            others_go=await others_go(tx, need, assignment),
        )


async def told_to_helper(tx: Tx, desk: Desk, row: NeedRow, details: NeedDetails) -> TaskDetails:
    """What whoever was confirmed learns of the person and the door, by ``domain.levels``. Raises ``Locked``."""
    held = await persons.get(tx, row.need.person_id) if row.need.person_id else None
    person = desk.open_person(held) if held else PersonDetails()
    return helper_sees(details, person, kind_of(row.need, details, desk.catalogue))


def _stage(assignment: Assignment, device: str | None) -> TaskStage:
    if links.is_elsewhere(assignment.device_hash, device):
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


def said_already(state: AssignmentState, move: AssignmentMove) -> bool:
    """Whether a second tap on the same button found it done: that is no error and no second move."""
    return state in _AFTER_SAYING.get(move, frozenset())
