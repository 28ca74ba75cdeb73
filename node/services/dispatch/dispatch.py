"""The coordinator's verbs on needs and their helpers. Each move is recorded: who, when, why."""

from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.board.watch import Word
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.need_lifecycle import NeedMove
from node.domain.permissions import Permission, require
from node.domain.person import ContactBy
from node.errors import N_, Conflict, Invalid, NotFound, moved_on
from node.services.desk import Desk, need_object
from node.services.dispatch import asking
from node.services.dispatch.heard import heard
from node.services.dispatch.moves import move_assignment, move_need
from node.services.dispatch.undo import undoable
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, needs, watches
from node.store.db import Tx


class Dispatch:
    """Sorting, holding, closing; asking, confirming and taking back. The helper's side is ``Tasks``."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def open(self, actor: Actor, need_id: NeedId, why: str = "") -> NeedState:
        """Out of the sorting tray, or off hold: volunteers may see it. Works while locked."""
        require(actor, Permission.TRIAGE)
        return await self._move(actor, need_id, NeedMove.OPEN, why=why)

    async def hold(self, actor: Actor, need_id: NeedId, until: date, why: str = "") -> NeedState:
        """No answer, call back: always with a date that is not past (``Invalid``)."""
        require(actor, Permission.TRIAGE)
        if until < self._desk.today:
            raise Invalid(
                "hold", N_("Some answers need another look."), fields={"until": N_("This day is past.")}
            )
        return await self._move(actor, need_id, NeedMove.HOLD, why=why, until=until)

    async def close(
        self,
        actor: Actor,
        need_id: NeedId,
        reason: CloseReason,
        note: str = "",
        duplicate_of: NeedId | None = None,
    ) -> NeedState:
        """Always with a reason; ``duplicate`` names the other need, ``signposted`` the service in its note.
        Raises ``Invalid``, ``NotFound``.

        Live tasks end: as done if the reason says that help came and they were confirmed, else withdrawn.
        """
        require(actor, Permission.DISPATCH)
        if (reason is CloseReason.DUPLICATE) != (duplicate_of is not None) or duplicate_of == need_id:
            raise Invalid(
                "close",
                N_("Some answers need another look."),
                fields={"duplicate_of": N_("Say which request this one doubles.")},
            )
        if reason is CloseReason.SIGNPOSTED and not note.strip():
            raise Invalid(
                "close",
                N_("Some answers need another look."),
                fields={"note": N_("Say which service you told them about.")},
            )
        return await self._move(
            actor, need_id, NeedMove.CLOSE, why=note, reason=reason, duplicate_of=duplicate_of
        )

    async def reopen(self, actor: Actor, need_id: NeedId, why: str = "") -> NeedState:
        """Any closed need can be, unless erased; a new round begins, so earlier helpers do not count."""
        require(actor, Permission.DISPATCH)
        return await self._move(actor, need_id, NeedMove.REOPEN, why=why)

    async def keep_here(self, actor: Actor, need_id: NeedId, keep: bool, why: str = "") -> None:
        """Whether this one need stays in the group, whatever its category's setting."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            await needs.update(
                tx, replace(row, need=replace(row.need, keep_here=keep, changed_at=self._desk.now))
            )
            await self._desk.record(tx, actor, "need.keep_here", need_object(need_id), why=why, keep=keep)

    async def propose(
        self, actor: Actor, need_id: NeedId, person_id: PersonId, why: str = ""
    ) -> AssignmentId:
        """Asks one volunteer; a need still in the sorting tray is opened by it.

        Raises ``Conflict`` (``already_taken`` with ``values["who"]``, ``not_suitable`` without any reason,
        ``gate`` with ``values["gate"]``, ``moved_on``), ``Locked``, ``NotFound``.
        """
        return await self._ask(actor, need_id, person_id, AssignmentState.PROPOSED, why)

    async def offered(
        self, actor: Actor, need_id: NeedId, person_id: PersonId, why: str = ""
    ) -> AssignmentId:
        """A volunteer rang and said she would: as ``propose``, but the answer is in already."""
        return await self._ask(actor, need_id, person_id, AssignmentState.INTERESTED, why)

    async def approve(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> NeedState:
        """The coordinator's yes, up to the number of helpers asked for. Of two at once exactly one wins.

        Raises ``Conflict``: ``already_taken`` (``values["who"]`` names who was quicker), ``not_suitable``,
        ``gate``, ``moved_on``; ``Locked``.
        """
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            assignment = await self._assignment(tx, assignment_id)
            async with undoable(tx, self._desk, actor, assignment.need_id, "confirm"):
                state = await asking.approve(tx, self._desk, self._matching, actor, assignment, why)
        await self._roster.refresh(assignment.person_id)
        return state

    async def assign(self, actor: Actor, need_id: NeedId, person_id: PersonId, why: str = "") -> AssignmentId:
        """Asked and confirmed in one step, for the volunteer who is on the other line; all or nothing.

        Raises as ``propose`` and ``approve`` do.
        """
        await self._roster.ready()
        async with self._desk.db.write() as tx:
            person_id = await self._desk.whole(tx, person_id)
            task = await self.assign_in(tx, actor, need_id, person_id, why)
        await self._roster.refresh(person_id)
        return task

    async def assign_in(
        self, tx: Tx, actor: Actor, need_id: NeedId, person_id: PersonId, why: str = ""
    ) -> AssignmentId:
        """The same inside a caller's write, which calls ``Roster.ready`` before and ``Roster.refresh`` after it."""
        require(actor, Permission.DISPATCH)
        live = [
            a for a in await assignments.of_need(tx, need_id) if a.person_id == person_id and a.state in LIVE
        ]
        async with undoable(tx, self._desk, actor, need_id, "assign"):
            assignment = (
                live[0]
                if live
                else await asking.begin(
                    tx, self._desk, self._matching, actor, need_id, person_id, AssignmentState.INTERESTED, why
                )
            )
            await asking.approve(tx, self._desk, self._matching, actor, assignment, why)
        return assignment.id

    async def decline(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """A no before the yes: ours to an offer, or hers told by phone."""
        await self._move_task(actor, assignment_id, AssignmentMove.DECLINE, why)

    async def withdraw(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """Taken back by us."""
        await self._move_task(actor, assignment_id, AssignmentMove.WITHDRAW, why)

    async def release(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """Given back by her, told by phone."""
        await self._move_task(actor, assignment_id, AssignmentMove.RELEASE, why)

    async def contacted(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """On the way or spoken to, told by phone."""
        await self._move_task(actor, assignment_id, AssignmentMove.CONTACT, why)

    async def report_done(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """Done, told by phone."""
        await self._move_task(actor, assignment_id, AssignmentMove.DONE, why)

    async def told_by_phone(
        self, actor: Actor, need_id: NeedId, why: str = "", *, how: ContactBy = ContactBy.PHONE
    ) -> None:
        """The person was told who comes and when, ``how`` she likes. Raises ``Conflict`` while nobody is confirmed."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            sure = [
                a
                for a in await assignments.of_need(tx, need_id)
                if a.state in (AssignmentState.APPROVED, AssignmentState.CONTACTED)
            ]
            if not sure:
                raise moved_on()
            async with undoable(tx, self._desk, actor, need_id, "told"):
                await needs.update(
                    tx, replace(row, need=replace(row.need, told_by_phone=True, changed_at=self._desk.now))
                )
                await self._desk.record(
                    tx, actor, "need.told_by_phone", need_object(need_id), why=why, how=str(how)
                )

    async def task_link(self, actor: Actor, assignment_id: AssignmentId) -> str:
        """A fresh token for the private link ``/t/<token>``; the one before stops working.

        Raises ``Conflict`` when the task is over.
        """
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            return await asking.new_link(tx, self._desk, actor, await self._assignment(tx, assignment_id))

    async def heard(self, actor: Actor, assignment_id: AssignmentId, why: str = "") -> None:
        """She gave a sign of life, and nothing else changed: nobody has to ask for a while. ``Conflict`` when the
        task is over."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            assignment = await self._assignment(tx, assignment_id)
            if assignment.state not in LIVE:
                raise moved_on()
            await heard(tx, self._desk, actor, assignment, why)

    async def expire_waiting(self, actor: Actor) -> int:
        """The job: tasks of which nothing was heard for as long as ``domain.watch`` allows end, and their needs are
        open again. Returns how many."""
        require(actor, Permission.PUBLISH)
        expired: list[PersonId] = []
        async with self._desk.db.write() as tx:
            over = {task.id for task in await watches.tasks(tx) if task.word(self._desk.now) is Word.OVER}
            for assignment in await assignments.live(tx):
                if assignment.id in over:
                    await move_assignment(tx, self._desk, actor, assignment, AssignmentMove.EXPIRE)
                    expired.append(assignment.person_id)
        for person_id in expired:
            await self._roster.refresh(person_id)
        return len(expired)

    async def _ask(
        self, actor: Actor, need_id: NeedId, person_id: PersonId, state: AssignmentState, why: str
    ) -> AssignmentId:
        require(actor, Permission.DISPATCH)
        await self._roster.ready()
        move = "ask" if state is AssignmentState.PROPOSED else "offered"
        async with (
            self._desk.db.write() as tx,
            undoable(tx, self._desk, actor, need_id, move),
        ):
            person_id = await self._desk.whole(tx, person_id)
            assignment = await asking.begin(
                tx, self._desk, self._matching, actor, need_id, person_id, state, why
            )
        await self._roster.refresh(person_id)
        return assignment.id

    async def _move(
        self,
        actor: Actor,
        need_id: NeedId,
        move: NeedMove,
        *,
        why: str = "",
        reason: CloseReason | None = None,
        until: date | None = None,
        duplicate_of: NeedId | None = None,
    ) -> NeedState:
        async with self._desk.db.write() as tx:
            row = await self._desk.need_row(tx, need_id)
            if duplicate_of is not None:
                other = await self._desk.need_row(tx, duplicate_of)
                if other.need.practice and not row.need.practice:
                    text = N_(
                        "That one is a practice call, and goes. Say which real request this one doubles."
                    )
                    raise Invalid("close", text, fields={"duplicate_of": text})
            if move is NeedMove.REOPEN and not row.sealed:
                raise Conflict("erased", N_("What was asked has been erased. Take it as a new call."))
            touched = [a.person_id for a in await assignments.of_need(tx, need_id) if a.state in LIVE]
            async with undoable(tx, self._desk, actor, need_id, str(move)):
                state = await move_need(
                    tx,
                    self._desk,
                    actor,
                    row,
                    move,
                    why=why,
                    reason=reason,
                    until=until,
                    duplicate_of=duplicate_of,
                )
        for person_id in touched:
            await self._roster.refresh(person_id)
        return state

    async def _move_task(
        self, actor: Actor, assignment_id: AssignmentId, move: AssignmentMove, why: str
    ) -> None:
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            assignment = await self._assignment(tx, assignment_id)
            async with undoable(tx, self._desk, actor, assignment.need_id, str(move)):
                await move_assignment(tx, self._desk, actor, assignment, move, why=why)
        await self._roster.refresh(assignment.person_id)

    async def _assignment(self, tx: Tx, assignment_id: AssignmentId) -> Assignment:
        found = await assignments.get(tx, assignment_id)
        if found is None:
            raise NotFound("no_such_task", N_("There is no such task."))
        return found
