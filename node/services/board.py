"""What the coordinator looks at: one queue with saved filters, and one need at a time. Works while locked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from node.domain import assignment_lifecycle, need_lifecycle
from node.domain.actors import Actor, ActorKind
from node.domain.assignment import Assignment
from node.domain.ids import NeedId
from node.domain.need import Need, NeedDetails, NeedState
from node.domain.need_lifecycle import PUBLISHED_AS
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails, PersonState
from node.domain.views import AssignmentView, NeedView, QueueFilter, QueueRow
from node.errors import Locked
from node.services.desk import Desk, need_object, person_object
from node.store import assignments, consents, needs, persons
from node.store.db import Tx
from node.store.needs import NeedRow, QueuedNeed
from node.vault import Compartment

PAGE_ROWS = 200
_MOST_REMEMBERED = 5_000
_OVER = (NeedState.CLOSED, NeedState.REFERRED)


class Board:
    """The verbs of the board page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._said: dict[NeedId, tuple[int, str, str]] = {}
        """need -> (changed_at, exact category, place as said), while unlocked: a board is drawn often."""

    def on_lock(self, compartment: Compartment) -> None:
        """A callback of the vault: nothing of it stays in memory."""
        if compartment is Compartment.PEOPLE:
            self._said.clear()

    async def queue(
        self, actor: Actor, which: QueueFilter | str = QueueFilter.ALL_OPEN, limit: int = PAGE_ROWS
    ) -> list[QueueRow]:
        """One saved filter, by due day, urgency, age. ``ValueError`` for an unknown filter."""
        require(actor, Permission.READ_BOARD)
        today = self._desk.today
        async with self._desk.db.read() as tx:
            rows = await needs.queue(
                tx, QueueFilter(which), today=today, staff_id=_staff_id(actor), limit=limit
            )
            if self._desk.unlocked:
                await self._remember(tx, rows)
            else:
                self._said.clear()
        return [self._row(row, today) for row in rows]

    async def counts(self, actor: Actor) -> dict[str, int]:
        """How many needs each saved filter holds."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = await needs.counts(tx, today=self._desk.today, staff_id=_staff_id(actor))
        return {str(which): number for which, number in found.items()}

    async def need(self, actor: Actor, need_id: NeedId, reveal: bool = False) -> NeedView:
        """One need with its history. ``reveal`` shows the person and caller, and is a recorded look.

        Raises ``NotFound``, ``NotAllowed``; with ``reveal`` also ``Locked``.
        """
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
            if not self._desk.unlocked:
                raise Locked
        async with self._desk.db.read() as tx:
            view = await self._view(tx, await self._desk.need_row(tx, need_id), reveal=reveal)
        if reveal:
            async with self._desk.db.write() as tx:
                await self._desk.record(tx, actor, "look.need", need_object(need_id))
                if view.need.person_id:
                    await self._desk.record(
                        tx, actor, "look.person", person_object(view.need.person_id), need=need_id
                    )
        return view

    async def by_reference(self, actor: Actor, reference: str) -> NeedId | None:
        """The need somebody reads nine digits of, with or without spaces; None if there is none."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            row = await needs.with_reference(tx, "".join(c for c in reference if c.isdecimal()))
        return row.need.id if row else None

    def _row(self, need: QueuedNeed, today: date) -> QueueRow:
        category, place = self._said[need.id][1:] if need.id in self._said else (need.category, "")
        due = need.hold_until or need.due_day
        return QueueRow(
            need_id=need.id,
            reference=need.reference,
            state=need.state,
            category=category,
            cell=need.cell,
            place=place,
            urgency=need.urgency,
            due_day=need.due_day,
            overdue=due is not None and due < today and need.state not in _OVER,
            posted_day=need.posted_day,
            hold_until=need.hold_until,
            helpers=need.helpers,
            filled=need.filled,
            waiting=need.waiting,
            keep_here=need.keep_here,
            to_check=need.to_check,
            told_by_phone=need.told_by_phone,
            changed_at=need.changed_at,
        )

    async def _remember(self, tx: Tx, rows: Sequence[QueuedNeed]) -> None:
        """Opens what is not remembered, or has changed since."""
        fresh = {
            need.id: need.changed_at
            for need in rows
            if need.id not in self._said or self._said[need.id][0] != need.changed_at
        }
        if not fresh:
            return
        if len(self._said) >= _MOST_REMEMBERED:
            self._said.clear()
            fresh = {need.id: need.changed_at for need in rows}
        for need_id, sealed in (await needs.sealed_of(tx, tuple(fresh))).items():
            if sealed:
                details = self._desk.open_sealed_need(need_id, sealed)
                self._said[need_id] = (fresh[need_id], details.category, details.place_text)
            else:
                self._said.pop(need_id, None)

    async def _view(self, tx: Tx, row: NeedRow, *, reveal: bool) -> NeedView:
        desk, need = self._desk, row.need
        details = desk.open_need(row) if desk.unlocked else None
        held = await persons.get(tx, need.person_id) if need.person_id else None
        person = desk.open_person(held) if reveal and held else None
        return NeedView(
            need=need,
            category=details.category if details else need.category,
            details=details if details is None or reveal else _covered(details),
            moves=need_lifecycle.allowed(need.state),
            assignments=await self._assignments(tx, need),
            history=await desk.history(tx, need_object(need.id)),
            consents=tuple(await consents.of_need(tx, need.id)),
            published_as=PUBLISHED_AS[need.state],
            person_name=person.name if person else None,
            person=person,
            safe_to_ring=person.safe_to_ring if person else "",
            barred=held is not None and held.person.state is PersonState.BARRED,
            locked=not desk.unlocked,
        )

    async def _assignments(self, tx: Tx, need: Need) -> tuple[AssignmentView, ...]:
        handles = await self._desk.handles(tx)
        return tuple(
            [
                AssignmentView(
                    id=assignment.id,
                    person_id=assignment.person_id,
                    name=await self._name(tx, assignment),
                    state=assignment.state,
                    moves=assignment_lifecycle.allowed(assignment.state),
                    created_at=assignment.created_at,
                    changed_at=assignment.changed_at,
                    approved_by=handles.get(assignment.approved_by or "", ""),
                    has_link=assignment.link_hash is not None
                    and (assignment.link_expires or 0) > self._desk.now,
                    confirmed_device=assignment.device_hash is not None,
                )
                for assignment in await assignments.of_need(tx, need.id)
            ]
        )

    async def _name(self, tx: Tx, assignment: Assignment) -> str:
        row = await persons.get(tx, assignment.person_id) if self._desk.unlocked else None
        return self._desk.open_person(row).name if row else PersonDetails().name


def _covered(details: NeedDetails) -> NeedDetails:
    """The details without what names or finds anybody."""
    return replace(details, caller=None, doorstep_word="", point=None, leftovers={})


def _staff_id(actor: Actor) -> str | None:
    return actor.id if actor.kind is ActorKind.STAFF else None
