"""Did it happen? Asked of the one it was for, and of the helper when she says that it is done."""

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.dispatch.follow_up import MAX_NOTE, Answer, ContactKind, Feedback, FeedbackView
from node.domain.ids import AssignmentId, NeedId, new_id
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, moved_on
from node.services import links
from node.services.desk import Desk
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.moves import move_need
from node.services.dispatch.undo import undoable
from node.services.matching.roster import Roster
from node.store import assignments, feedback, persons
from node.store.db import Tx

REASON = {Answer.WELL: CloseReason.COMPLETED, Answer.PARTLY: CloseReason.PARTLY_COMPLETED}
"""What each answer of the one who asked closes the need as. ``not``: nobody came, and it is open again."""

_ASKED_ABOUT = (NeedState.ASSIGNED, NeedState.IN_PROGRESS, NeedState.REPORTED)


class Outcome:
    """How it went, and what follows from it."""

    def __init__(self, desk: Desk, roster: Roster, follow_up: FollowUp) -> None:
        self._desk = desk
        self._roster = roster
        self._follow_up = follow_up

    async def of_need(self, actor: Actor, need_id: NeedId) -> tuple[FeedbackView, ...]:
        """Every answer about one need, oldest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            tasks = {task.id: task for task in await assignments.of_need(tx, need_id)}
            return tuple(
                [
                    FeedbackView(
                        answer=each.answer,
                        at=each.at,
                        helper=await self._helper(tx, tasks.get(each.assignment_id))
                        if each.assignment_id
                        else None,
                        note=self._desk.open_note("feedback", each.id, each.note_sealed),
                    )
                    for each in await feedback.of_need(tx, need_id)
                ]
            )

    async def asked(self, actor: Actor, need_id: NeedId, answer: Answer, note: str = "") -> NeedState:
        """She was rung and said how it went: well or partly closes the need, not at all opens it again for somebody
        else. The call is in the contact log. Raises ``Conflict("moved_on")`` when nobody was to come, ``Invalid``.
        """
        require(actor, Permission.DISPATCH)
        _check(note)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await desk.need_row(tx, need_id)
            if row.need.state not in _ASKED_ABOUT:
                raise moved_on()
            touched = [
                task.person_id for task in await assignments.of_need(tx, need_id) if task.state in LIVE
            ]
            async with undoable(tx, desk, actor, need_id, f"happened_{answer}"):
                reason = REASON.get(answer, CloseReason.COULD_NOT_COMPLETE)
                state = await move_need(tx, desk, actor, row, NeedMove.CLOSE, why=note, reason=reason)
                if answer is Answer.NOT:
                    closed = await desk.need_row(tx, need_id)
                    state = await move_need(tx, desk, actor, closed, NeedMove.REOPEN)
            await self._put(tx, need_id, None, answer, actor, note)
            await self._follow_up.enter(tx, actor, need_id, ContactKind.SPOKE, "")
        for person_id in touched:
            await self._roster.refresh(person_id)
        return state

    async def by_helper(self, key: links.TaskKey, device: str | None, answer: Answer, note: str = "") -> None:
        """The helper says how it went, after "done", on her own device; a second answer replaces the first.

        Raises ``NotFound("link_closed")``, ``Conflict`` (``other_device``, ``moved_on``), ``Invalid``.
        """
        _check(note)
        async with self._desk.db.write() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            links.must_be_here(task.device_hash, device)
            if task.state is not AssignmentState.DONE:
                raise moved_on()
            await self._put(tx, task.need_id, task.id, answer, volunteer_actor(task.person_id), note)

    async def said_by_link(self, key: links.TaskKey, device: str | None) -> Answer | None:
        """What the helper has said already, on her own device."""
        async with self._desk.db.read() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            if not links.is_here(task.device_hash, device):
                return None
            said = await feedback.of_task(tx, task.id)
        return said.answer if said else None

    async def _put(
        self, tx: Tx, need_id: NeedId, task: AssignmentId | None, answer: Answer, actor: Actor, note: str
    ) -> None:
        row_id = new_id(self._desk.random)
        await feedback.insert(
            tx,
            Feedback(
                id=row_id,
                need_id=need_id,
                assignment_id=task,
                answer=answer,
                at=self._desk.now,
                by_actor=actor.label,
                note_sealed=self._desk.seal_note("feedback", row_id, note),
            ),
        )

    async def _helper(self, tx: Tx, task: Assignment | None) -> str:
        row = await persons.get(tx, task.person_id) if task and self._desk.unlocked else None
        return self._desk.open_person(row).name if row else ""


def _check(note: str) -> None:
    if len(note) > MAX_NOTE:
        raise Invalid("feedback", N_("That is too long."), fields={"note": N_("That is too long.")})
