"""What every verb about people and needs works with, and the few steps they all share."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from node.clock import Clock, today, unix
from node.domain.actors import Actor
from node.domain.board.history import folded
from node.domain.board.views import HistoryRow
from node.domain.catalogue import Catalogue, Klass
from node.domain.ids import PersonId, Random
from node.domain.need import NeedDetails, Point
from node.domain.people.records import need_from, need_record, person_from, person_record
from node.domain.person import PersonDetails
from node.domain.zone import Zone
from node.errors import N_, Conflict, Locked, NotFound
from node.store import audit, needs, past, persons, staff
from node.store.db import Database, Tx, is_looking_only
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment, Vault
from protocol.cells import Partition

_T = TypeVar("_T")
_OPENED: ContextVar[dict[tuple[str, str, bytes], Any] | None] = ContextVar("opened", default=None)
"""What the page that is being made has opened: by table, row and the sealed record itself."""
LOOK_SECONDS = 3600
"""So long one look at a list, or at what was said about a request, stands for the clicks after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The group's database, vault, clock, randomness, kinds of help and partitions of the map."""

    db: Database
    vault: Vault
    clock: Clock
    random: Random
    catalogue: Catalogue
    partitions: Mapping[Klass, Partition]
    """For classes A and B; class C has none."""
    zone: Zone = field(default_factory=Zone)
    """Where the group's clocks stand."""

    @property
    def now(self) -> int:
        """Unix seconds."""
        return unix(self.clock)

    @property
    def today(self) -> date:
        """The group's own calendar day: due days, days off and everything people mean by a day."""
        return self.zone.day(self.now)

    @property
    def protocol_day(self) -> date:
        """The UTC day of what is signed, sent or expires between groups."""
        return today(self.clock)

    @property
    def unlocked(self) -> bool:
        """Whether the records of ``people`` can be read now."""
        return self.vault.is_open(Compartment.PEOPLE)

    def must_be_unlocked(self) -> None:
        """Raises ``Locked`` unless they can."""
        if not self.unlocked:
            raise Locked

    def label(self, klass: Klass, point: Point | None) -> str | None:
        """The area a need of that class is told under; None for class C and for an unknown place."""
        partition = self.partitions.get(klass)
        return None if partition is None or point is None else partition.label(point.lat, point.lon)

    @asynccontextmanager
    async def one_view(self) -> AsyncIterator[None]:
        """``Database.one_view``; and what many parts of the page open of it is opened once, and let go of with it."""
        async with self.db.one_view():
            token = _OPENED.set({} if (opened := _OPENED.get()) is None else opened)
            try:
                yield
            finally:
                _OPENED.reset(token)

    def _once(self, open_it: Callable[[], _T], table: str, row_id: str, sealed: bytes) -> _T:
        opened = _OPENED.get()
        if opened is None:
            return open_it()
        self.must_be_unlocked()
        which = (table, row_id, sealed)
        if which not in opened:
            opened[which] = open_it()
        found: _T = opened[which]
        return found

    def seal_person(self, person_id: str, details: PersonDetails) -> bytes:
        """Works while locked."""
        return self.vault.seal(Compartment.PEOPLE, "persons", person_id, person_record(details))

    def open_person(self, row: PersonRow) -> PersonDetails:
        """Raises ``Locked``."""
        which = "persons", row.person.id, row.sealed
        return self._once(lambda: person_from(self.vault.open(Compartment.PEOPLE, *which)), *which)

    def seal_need(self, need_id: str, details: NeedDetails) -> bytes:
        """Works while locked."""
        return self.vault.seal(Compartment.PEOPLE, "needs", need_id, need_record(details))

    def open_need(self, row: NeedRow) -> NeedDetails:
        """Raises ``Locked``. An erased need has nothing left but its clear category."""
        if not row.sealed:
            return NeedDetails(category=row.need.category)
        return self.open_sealed_need(row.need.id, row.sealed)

    def open_sealed_need(self, need_id: str, sealed: bytes) -> NeedDetails:
        """The same from the sealed record alone."""
        which = "needs", need_id, sealed
        return self._once(lambda: need_from(self.vault.open(Compartment.PEOPLE, *which)), *which)

    def phone_index(self, details: PersonDetails) -> bytes:
        """The blind index of the number the person is found by, ``NO_INDEX`` if there is none. Raises
        ``Locked``."""
        number = details.best_phone
        return self.vault.blind("phone", number) if number else persons.NO_INDEX

    def email_index(self, details: PersonDetails) -> bytes:
        """The same for the e-mail address."""
        return self.vault.blind("email", details.email) if details.email else persons.NO_INDEX

    def twin_index(self, details: PersonDetails) -> bytes:
        """The same for name and address together, by which two records of one person are found."""
        if not details.name.strip() or not details.address.strip():
            return persons.NO_INDEX
        return self.vault.blind("twin", f"{details.name}\n{details.address}")

    def person_row(self, row: PersonRow, details: PersonDetails) -> PersonRow:
        """``row`` with ``details`` sealed into it, and its indexes if they can be made now."""
        return PersonRow(
            person=row.person,
            sealed=self.seal_person(row.person.id, details),
            phone_index=self.phone_index(details) if self.unlocked else None,
            email_index=self.email_index(details) if self.unlocked else None,
            twin_index=self.twin_index(details) if self.unlocked else None,
        )

    def seal_note(self, table: str, row_id: str, note: str) -> bytes | None:
        """A few words about somebody, sealed for that row; None for none. Works while locked."""
        if not note.strip():
            return None
        return self.vault.seal(Compartment.PEOPLE, table, row_id, {"note": note.strip()})

    def open_note(self, table: str, row_id: str, sealed: bytes | None) -> str:
        """The words again; empty when there are none, and while locked."""
        if sealed is None or not self.unlocked:
            return ""
        return str(self.vault.open(Compartment.PEOPLE, table, row_id, sealed).get("note", ""))

    async def record(
        self, tx: Tx, actor: Actor, action: str, object: str, *, why: str = "", **codes: Any
    ) -> None:
        """One audit row inside the caller's write; ``why`` is sealed, ``codes`` hold codes and ids only."""
        note = None
        if why.strip():
            note = self.vault.seal(Compartment.PEOPLE, "audit", object, {"why": why.strip()})
        await audit.append(tx, self.clock, actor, action, object, codes, note)

    async def look(self, actor: Actor, action: str, object: str) -> None:
        """One audit row for a page that shows what people said without naming anybody, or lists names: once in
        ``LOOK_SECONDS``, not at every click. Not inside a write.
        """
        if is_looking_only():
            return  # that page was written down already, with whose eyes it was seen
        async with self.db.read() as tx:
            known = await audit.done_since(tx, actor, action, object, self.now - LOOK_SECONDS)
        if not known:
            await self.db.write_in_one_trip(lambda tx: self.record(tx, actor, action, object))

    async def history(self, tx: Tx, object: str) -> tuple[HistoryRow, ...]:
        """Everything recorded about one object, oldest first, its looks folded; reasons only while unlocked."""
        handles = await self.handles(tx)
        entries = (*await past.of_object(tx, object), *await audit.of_object(tx, object))
        return tuple(
            self._line(object, handles, entry, times)
            for entry, times in folded(entries, self.zone.day, _says_more)
        )

    def _line(self, object: str, handles: Mapping[str, str], entry: audit.Entry, times: int) -> HistoryRow:
        return HistoryRow(
            at=entry.at,
            actor=handles.get(entry.actor.removeprefix("staff:"), entry.actor),
            action=entry.action,
            codes={key: str(value) for key, value in entry.codes.items()} if entry.codes else {},
            why=self._why(object, entry.note_sealed) if entry.note_sealed else "",
            times=times,
        )

    def _why(self, object: str, note: bytes | None) -> str:
        if note is None or not self.unlocked:
            return ""
        return str(self.vault.open(Compartment.PEOPLE, "audit", object, note).get("why", ""))

    async def handles(self, tx: Tx) -> dict[str, str]:
        """Staff ids to their sign-in names; also of the node that this one was filled from."""
        return {**await past.handles(tx), **await staff.handles(tx)}

    async def need_row(self, tx: Tx, need_id: str) -> NeedRow:
        """Raises ``NotFound``."""
        row = await needs.get(tx, need_id)
        if row is None:
            raise NotFound("no_such_need", N_("There is no such request."))
        return row

    async def need_person(self, tx: Tx, person_id: str) -> PersonRow:
        """The whole record: of an id that was made one with another, that other. Whoever decides about somebody goes on
        with the id of what this gives: nothing is ever read of what is decided about a part. Raises ``NotFound``."""
        row = await self.need_record(tx, person_id)
        whole = row.person.merged_into
        return row if whole is None else await self.need_record(tx, whole)

    async def need_record(self, tx: Tx, person_id: str) -> PersonRow:
        """The record of that very id, a part too: for making one, parting and erasing. Raises ``NotFound``."""
        row = await persons.get(tx, person_id)
        if row is None:
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        return row

    async def need_as_shown(self, tx: Tx, person_id: str) -> PersonRow:
        """The same for what rests on a page that showed all of it. Raises ``Conflict`` (``one_record``) for a part:
        what was looked at is not what is held now. ``NotFound``."""
        row = await self.need_record(tx, person_id)
        if row.person.merged_into is not None:
            raise Conflict(
                "one_record",
                N_("This record is part of another one by now. Look at that one, and do it there."),
            )
        return row

    async def whole(self, tx: Tx, person_id: PersonId) -> PersonId:
        """The id of the whole record; that very id where we know nobody by it."""
        row = await persons.get(tx, person_id)
        return (row.person.merged_into if row else None) or person_id


def _says_more(entry: audit.Entry) -> bool:
    return bool(entry.codes) or entry.note_sealed is not None


def need_object(need_id: str) -> str:
    """How the audit names a need."""
    return f"need:{need_id}"


def person_object(person_id: str) -> str:
    """How the audit names a person."""
    return f"person:{person_id}"


def away_object(task_id: str) -> str:
    """How the audit names one of our volunteers' tasks for another group."""
    return f"away:{task_id}"


def run_object(run_id: str) -> str:
    """How the audit names a round."""
    return f"run:{run_id}"
