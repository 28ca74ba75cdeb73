"""Visits by somebody alone: going, staying longer, being back, and ringing whoever is late. Works while locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING, AssignmentMove
from node.domain.ids import AssignmentId, NeedId
from node.domain.permissions import Permission, require
from node.domain.safety.visits import MORE_MINUTES, Ended, Visit, expected, more, no_answer, over, red_first
from node.errors import N_, Conflict, NotFound, moved_on
from node.services import links
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import move_assignment
from node.services.matching.visiting import begin
from node.store import assignments, persons, visits
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One line about somebody who is out. ``name``: empty while locked; ``late``: minutes since she was expected."""

    visit: Visit
    reference: str
    name: str
    late: int
    overdue: bool


class Visits:
    """The verbs of a coordinator, and those of a volunteer by her private link."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # --- at the desk

    async def out(self, actor: Actor) -> Sequence[VisitRow]:
        """Everybody who is out alone, overdue ones first; with names, a recorded look."""
        require(actor, Permission.READ_BOARD)
        desk = self._desk
        async with desk.db.read() as tx:
            references = {visit.id: (visit, reference) for visit, reference in await visits.out(tx)}
            found = []
            for visit in red_first([visit for visit, _ in references.values()], desk.now):
                held = await persons.get(tx, visit.person_id) if desk.unlocked else None
                found.append(
                    VisitRow(
                        visit=visit,
                        reference=references[visit.id][1],
                        name=desk.open_person(held).name if held else "",
                        late=visit.late_minutes(desk.now),
                        overdue=visit.overdue(desk.now),
                    )
                )
        if any(each.name for each in found):
            await desk.look(actor, "look.list", "volunteers")
        return found

    async def of_need(self, actor: Actor, need_id: NeedId) -> Mapping[AssignmentId, Visit]:
        """Who is out for one need, by task."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return {visit.assignment_id: visit for visit in await visits.of_need(tx, need_id)}

    async def set_out(self, actor: Actor, assignment_id: AssignmentId, minutes: int) -> None:
        """She goes now, told by phone. Raises ``Conflict`` (``moved_on``, ``pair_first``), ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            found = await assignments.get(tx, assignment_id)
            if found is None:
                raise NotFound("no_such_task", N_("There is no such task."))
            await self._go(tx, actor, found, minutes)

    async def longer(self, actor: Actor, visit_id: str, minutes: int = MORE_MINUTES) -> None:
        """She answered, or rang herself, and stays longer. Raises ``Conflict("visit_over")``, ``NotFound``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            visit = await self._visit(tx, visit_id)
            await self._write(tx, actor, more(visit, minutes, self._desk.now), "visit.longer")

    async def rang(self, actor: Actor, visit_id: str) -> None:
        """We rang, and nobody answered. Raises as ``longer`` does."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            visit = await self._visit(tx, visit_id)
            await self._write(tx, actor, no_answer(visit, self._desk.now), "visit.no_answer")

    async def back(self, actor: Actor, visit_id: str) -> None:
        """She is back: she said so, or somebody saw her. A second time changes nothing."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            await self._end(tx, actor, await self._visit(tx, visit_id))

    # --- by the private link, on the device that opened the task

    async def hers(self, key: links.TaskKey, device: str | None) -> Visit | None:
        """The visit that goes on for the task behind a link; None if there is none. Raises ``NotFound``."""
        async with self._desk.db.read() as tx:
            task = await links.assignment_by(tx, key, self._desk.now)
            return None if links.is_elsewhere(task.device_hash, device) else await visits.of_task(tx, task.id)

    async def says(self, key: links.TaskKey, device: str, what: str, minutes: int = MORE_MINUTES) -> None:
        """``going`` (back in so many minutes), ``longer`` (so many more) or ``back``.

        Raises ``NotFound``, ``Conflict`` (``other_device``, ``moved_on``, ``pair_first``).
        """
        desk = self._desk
        async with desk.db.write() as tx:
            task = await links.assignment_by(tx, key, desk.now)
            links.must_be_here(task.device_hash, device)
            actor, visit = volunteer_actor(task.person_id), await visits.of_task(tx, task.id)
            if what == "going":
                await self._go(tx, actor, task, minutes)
            elif visit is None:
                raise Conflict("visit_over", N_("They are back already."))
            elif what == "longer":
                await self._write(tx, actor, more(visit, minutes, desk.now), "visit.longer")
            else:
                await self._end(tx, actor, visit)

    # --- shared

    async def _go(self, tx: Tx, actor: Actor, task: Assignment, minutes: int) -> None:
        desk = self._desk
        if task.state is AssignmentState.APPROVED:
            task = await move_assignment(tx, desk, actor, task, AssignmentMove.CONTACT)
        if task.state not in COMING:
            raise moved_on()
        visit = await visits.of_task(tx, task.id)
        if visit is None:
            await begin(tx, desk, actor, task, minutes)
        else:
            # The move has begun one with the usual time: hers counts.
            await self._write(
                tx,
                actor,
                expected(replace(visit, expected_at=desk.now), desk.now + minutes * 60),
                "visit.begun",
            )

    async def _end(self, tx: Tx, actor: Actor, visit: Visit) -> None:
        if visit.ended_at is None:
            await self._write(tx, actor, over(visit, self._desk.now, Ended.BACK), "visit.back")

    async def _write(self, tx: Tx, actor: Actor, visit: Visit, action: str) -> None:
        await visits.update(tx, visit)
        await self._desk.record(
            tx,
            actor,
            action,
            need_object(visit.need_id),
            task=visit.assignment_id,
            expected=visit.expected_at,
        )

    async def _visit(self, tx: Tx, visit_id: str) -> Visit:
        found = await visits.get(tx, visit_id)
        if found is None:
            raise NotFound("no_such_visit", N_("There is no such visit."))
        return found
