"""Requests, volunteers and help that happened as sheets, with headings that come in again. A look at everybody."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.domain.sheets.mapping import Sort
from node.domain.sheets.sheet_hours import write_hours
from node.domain.sheets.sheet_table import Table
from node.domain.volunteer import Volunteer
from node.services.desk import Desk
from node.services.sheets import taking_out
from node.store import assignments, needs, persons, volunteers
from node.store.db import Tx

_HEADINGS: Mapping[Sort, tuple[str, ...]] = {
    Sort.NEEDS: (
        "Reference", "Timestamp", "Status", "Date closed", "Name", "Phone", "Email", "Address", "Area", "Need",
        "Urgency", "When it is safe to ring", "Languages", "Notes",
    ),
    Sort.VOLUNTEERS: (
        "Name", "Phone", "Email", "Address", "How can you help?", "Transport", "How far?", "Per week",
        "When can you help?", "Languages", "Status", "Notes",
    ),
    Sort.MATCHES: (
        "Reference", "Timestamp", "Date of help", "Status", "Name", "Phone", "Email", "What", "Volunteer",
        "Volunteer phone", "Volunteer email",
    ),
}  # fmt: skip


class SheetsOut:
    """Writes them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def table(self, actor: Actor, sort: Sort, why: str) -> Table:
        """Every row of that sort; practice and other groups' people aside. ``why`` goes on record, sealed.

        Raises ``NotAllowed``, ``Locked``, ``Conflict`` (``second_yes``).
        """
        require(actor, Permission.EXPORT)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            await taking_out.use(tx, desk, actor, str(sort))
            await desk.record(tx, actor, "look.everybody", f"sheet:{sort}", why=why)
        async with desk.db.read() as tx:
            if sort is Sort.VOLUNTEERS:
                rows = await self._volunteers(tx)
            else:
                rows = await (self._needs(tx) if sort is Sort.NEEDS else self._matches(tx))
        return Table(headings=_HEADINGS[sort], rows=rows)

    async def _people(self, tx: Tx) -> dict[str, PersonDetails]:
        return {row.person.id: self._desk.open_person(row) for row in await persons.all_of_ours(tx)}

    def _kind(self, code: str) -> str:
        known = code in self._desk.catalogue
        return self._desk.catalogue.category(code).name("en") if known else code

    async def _needs(self, tx: Tx) -> list[tuple[str, ...]]:
        people = await self._people(tx)
        found: list[tuple[str, ...]] = []
        for row in await needs.in_states(tx, list(NeedState)):
            need = row.need
            if need.practice:
                continue
            details = self._desk.open_need(row)
            who = people.get(need.person_id or "", PersonDetails())
            found.append(
                (
                    need.reference,
                    need.posted_day.isoformat(),
                    _status(need.state, need.close_reason),
                    _day(need.closed_day),
                    who.name,
                    who.best_phone,
                    who.email,
                    who.address,
                    details.place_text,
                    self._kind(details.category),
                    str(need.urgency),
                    who.safe_to_ring,
                    " ".join(who.languages),
                    "\n".join(
                        [details.notes, *(f"{key}: {text}" for key, text in details.leftovers.items())]
                    ).strip(),
                )
            )
        return sorted(found, key=lambda row: (row[1], row[0]))

    async def _volunteers(self, tx: Tx) -> list[tuple[str, ...]]:
        people = await self._people(tx)
        found: list[tuple[str, ...]] = []
        for person_id, who in people.items():
            held = await volunteers.get(tx, person_id)
            if held is not None:
                found.append(self._volunteer(who, held))
        return sorted(found)

    def _volunteer(self, who: PersonDetails, held: Volunteer) -> tuple[str, ...]:
        return (
            who.name,
            who.best_phone,
            who.email,
            who.address,
            "; ".join(self._kind(code) for code in held.abilities),
            str(held.transport),
            f"{held.radius_km:g} km",
            str(held.max_per_week or ""),
            write_hours(held.hours),
            " ".join(held.languages),
            str(held.state),
            who.notes,
        )

    async def _matches(self, tx: Tx) -> list[tuple[str, ...]]:
        people = await self._people(tx)
        found: list[tuple[str, ...]] = []
        for row in await needs.in_states(tx, list(NeedState)):
            if row.need.practice:
                continue
            for task in await assignments.of_need(tx, row.need.id):
                if task.state is not AssignmentState.DONE:
                    continue
                who = people.get(row.need.person_id or "", PersonDetails())
                helper = people.get(task.person_id, PersonDetails())
                found.append(
                    (
                        row.need.reference,
                        row.need.posted_day.isoformat(),
                        self._desk.zone.day(task.changed_at).isoformat(),
                        "done",
                        who.name,
                        who.best_phone,
                        who.email,
                        self._kind(self._desk.open_need(row).category),
                        helper.name,
                        helper.best_phone,
                        helper.email,
                    )
                )
        return sorted(found, key=lambda row: (row[2], row[0]))


def _status(state: NeedState, reason: Any) -> str:
    return (
        _CLOSED.get(str(reason), "closed")
        if state is NeedState.CLOSED
        else "new"
        if state is NeedState.NEW
        else "open"
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


_CLOSED = {
    "completed": "completed",
    "partly_completed": "partly completed",
    "could_not_complete": "could not complete",
    "no_longer_needed": "no longer needed",
    "withdrawn": "withdrawn",
    "duplicate": "duplicate",
    "unreachable": "unable to reach",
    "signposted": "referred",
}
"""Reason -> the word that an import knows (``domain.sheet_guess``)."""
