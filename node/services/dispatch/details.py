"""Changing how somebody is reached and where she lives, with a history that names the fields and seals the values."""

from dataclasses import replace

from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.intake.intake_rules import show_clear
from node.domain.need import NeedState, Point
from node.domain.people.details import changes, problems
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.errors import N_, Invalid
from node.services.desk import Desk, person_object
from node.services.matching.roster import Roster
from node.store import needs, persons, volunteers
from node.store.db import Tx


class Details:
    """The verb behind "Change this" beside name, phone and address."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def change(
        self, actor: Actor, person_id: PersonId, said: PersonDetails, why: str = ""
    ) -> tuple[str, ...]:
        """What is held becomes what was said, empty fields too; returns the names of the fields that changed.

        ``said.point`` counts only where the address is another one. Open requests that are for her own address
        move along. Raises ``Conflict`` (``one_record``), ``Invalid``, ``Locked``, ``NotFound``, ``NotAllowed``
        (volunteers take ``MANAGE_VOLUNTEERS``).
        """
        require(actor, Permission.TAKE_CALL)
        desk = self._desk
        desk.must_be_unlocked()
        found = problems(said)
        if found:
            raise Invalid("details", N_("Some answers need another look."), fields=found)
        async with desk.db.write() as tx:
            row = await desk.need_as_shown(tx, person_id)
            if await volunteers.get(tx, person_id) is not None:
                require(actor, Permission.MANAGE_VOLUNTEERS)
            held = desk.open_person(row)
            moved = said.address.strip() != held.address
            new = replace(said, point=said.point if moved else held.point)
            changed = changes(held, new)
            if not changed:
                return ()
            person = replace(row.person, updated_day=desk.today)
            await persons.update(tx, desk.person_row(replace(row, person=person), new))
            before = "; ".join(f"{name}: {old} → {now}" for name, (old, now) in changed.items())
            note = f"{why.strip()} ({before})" if why.strip() else before
            await desk.record(
                tx, actor, "person.changed", person_object(person_id), why=note, fields=" ".join(changed)
            )
            if moved:
                await self._needs_move_along(tx, person_id, new.point)
        await self._roster.refresh(person_id)
        return tuple(changed)

    async def _needs_move_along(self, tx: Tx, person_id: PersonId, point: Point | None) -> None:
        """A request for her own address is where she lives now, for matching and on the map of others."""
        desk = self._desk
        for row in await needs.of_person(tx, person_id):
            if row.need.state is NeedState.CLOSED or not row.sealed:
                continue
            details = desk.open_need(row)
            if details.place_text:
                continue
            details = replace(details, point=point)
            cell = desk.label(desk.catalogue.klass(details.category), point)
            need = show_clear(
                replace(row.need, cell=None, changed_at=desk.now), details, desk.catalogue, cell
            )
            await needs.update(tx, replace(row, need=need, sealed=desk.seal_need(need.id, details)))
