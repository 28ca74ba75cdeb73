"""Who is on, and what one shift tells the next. The rota is clear; notes are sealed and wait while locked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.board.shifts import (
    MAX_NOTE,
    NOTE_DAYS,
    ROTA_DAYS,
    Shift,
    ShiftNote,
    ShiftNoteView,
    a_week_later,
    monday,
    of_day,
    part_at,
)
from node.domain.ids import StaffId, new_id
from node.domain.need import PartOfDay
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, NotFound
from node.services.desk import Desk
from node.store import shifts, staff
from node.store.db import Tx

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Two weeks from this Monday on. ``shifts`` name staff ids, ``handles`` everybody who may be put on."""

    first: date
    days: tuple[date, ...]
    shifts: tuple[Shift, ...]
    handles: dict[str, str]


class Shifts:
    """The rota and the notes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def rota(self, actor: Actor) -> Rota:
        """This week and the next."""
        require(actor, Permission.READ_BOARD)
        first = monday(self._desk.today)
        days = tuple(first + timedelta(days=number) for number in range(ROTA_DAYS))
        async with self._desk.db.read() as tx:
            found = await shifts.between(tx, days[0], days[-1])
            active = {row.id: row.handle for row in await staff.all_of(tx) if row.state == "active"}
        return Rota(
            first=first,
            days=days,
            shifts=tuple(shift for shift in found if shift.staff_id in active),
            handles={str(id): handle for id, handle in active.items()},
        )

    async def set_week(
        self, actor: Actor, staff_id: StaffId, first: date, on: Iterable[tuple[date, PartOfDay]]
    ) -> None:
        """When one person is on in the week that begins on the Monday ``first``: exactly ``on``, nothing else.

        Raises ``Invalid`` for another week than this and the next, ``NotFound`` for nobody of ours.
        """
        require(actor, Permission.TRIAGE)
        week = self._week(first)
        chosen = {Shift(day=day, part=part, staff_id=staff_id) for day, part in on if day in week}
        async with self._desk.db.write() as tx:
            await self._known(tx, staff_id)
            await shifts.remove(tx, staff_id, week[0], week[-1])
            await shifts.add(tx, sorted(chosen))
            await self._desk.record(
                tx, actor, "rota.set", f"staff:{staff_id}", week=first.isoformat(), parts=len(chosen)
            )

    async def same_again(self, actor: Actor) -> int:
        """Next week as this one, for everybody; whoever is on there already stays on. Returns how many shifts."""
        require(actor, Permission.TRIAGE)
        first = monday(self._desk.today)
        async with self._desk.db.write() as tx:
            again = a_week_later(await shifts.between(tx, first, first + timedelta(days=6)))
            await shifts.add(tx, sorted(again))
            await self._desk.record(tx, actor, "rota.same_again", "rota", parts=len(again))
        return len(again)

    async def on_now(self, actor: Actor) -> tuple[str, ...]:
        """Handles of whoever is on at this moment."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            handles = await self._desk.handles(tx)
            return tuple(handles[each] for each in sorted(await present(tx, self._desk)) if each in handles)

    async def leave_note(self, actor: Actor, text: str) -> None:
        """A note for the next shift; works while locked. Raises ``Invalid`` for an empty or overlong one."""
        require(actor, Permission.TRIAGE)
        if not 0 < len(text.strip()) <= MAX_NOTE:
            problem = N_("Please fill this in.") if not text.strip() else N_("That is too long.")
            raise Invalid("shift_note", problem, fields={"text": problem})
        note_id = new_id(self._desk.random)
        sealed = self._desk.seal_note("shift_notes", note_id, text)
        async with self._desk.db.write() as tx:
            await shifts.insert_note(
                tx, ShiftNote(id=note_id, at=self._desk.now, by_staff=actor.id or "", sealed=sealed or b"")
            )

    async def notes(self, actor: Actor) -> list[ShiftNoteView]:
        """The notes of the last days, newest first."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = await shifts.notes(tx, self._desk.now - NOTE_DAYS * DAY)
            read, handles = await shifts.readers(tx), await self._desk.handles(tx)
        return [
            ShiftNoteView(
                id=note.id,
                at=note.at,
                by=handles.get(note.by_staff, ""),
                text=self._desk.open_note("shift_notes", note.id, note.sealed),
                locked=not self._desk.unlocked,
                unread=note.by_staff != actor.id and actor.id not in read.get(note.id, ()),
                read_by=tuple(handles[each] for each in read.get(note.id, ()) if each in handles),
            )
            for note in found
        ]

    async def have_read(self, actor: Actor, note_id: str) -> None:
        """The reader has read it; saying so twice is no error. Raises ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.write() as tx:
            known = [note.id for note in await shifts.notes(tx, 0)]
            if note_id not in known:
                raise NotFound("no_such_note", N_("There is no such note any more."))
            await shifts.read(tx, note_id, actor.id or "", self._desk.now)

    async def tidy(self) -> int:
        """The job: old notes and weeks go. Returns how many notes went."""
        async with self._desk.db.write() as tx:
            await shifts.forget_before(tx, monday(self._desk.today) - timedelta(days=7))
            return await shifts.forget_notes_before(tx, self._desk.now - NOTE_DAYS * DAY)

    def _week(self, first: date) -> Sequence[date]:
        this = monday(self._desk.today)
        if first not in (this, this + timedelta(days=7)):
            raise Invalid("rota", N_("Only this week and the next can be changed."))
        return [first + timedelta(days=number) for number in range(7)]

    async def _known(self, tx: Tx, staff_id: str) -> None:
        row = await staff.get(tx, staff_id)
        if row is None or row.state != "active":
            raise NotFound("no_such_member", N_("Nobody of that name works here."))


async def present(tx: Tx, desk: Desk) -> frozenset[str]:
    """Staff ids of whoever is on now and works here; empty when nobody is, or no rota is kept."""
    today = desk.today
    on = of_day(await shifts.between(tx, today, today), today)[part_at(desk.zone.moment(desk.now).hour)]
    active = await staff.active_ids(tx)
    return frozenset(str(each) for each in on if each in active)
