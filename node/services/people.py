"""People and volunteers: adding, looking, pausing, barring, keeping apart, erasing."""

from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.ids import PersonId, new_id
from node.domain.intake import NewNeed
from node.domain.intake_rules import merged_person
from node.domain.matching import this_week
from node.domain.need import NeedState
from node.domain.newcomer import NewVolunteer, problems, volunteer_of
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.domain.views import PersonView, VolunteerRow
from node.domain.volunteer import Volunteer, VolunteerState
from node.errors import N_, Invalid, Locked, NotFound
from node.services.desk import Desk, person_object
from node.services.erasing import erase_person, sweep_pairs
from node.services.moves import move_assignment, withdraw_all
from node.services.roster import Roster
from node.store import apart, assignments, consents, needs, persons, volunteers
from node.store.db import Tx
from node.store.persons import PersonRow
from node.vault import Compartment


class People:
    """The verbs of the people page."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def on_unlock(self, compartment: Compartment) -> None:
        """A callback of the vault: pairs of people erased while locked (by a restore) go now."""
        if compartment is Compartment.PEOPLE:
            async with self._desk.db.write() as tx:
                await sweep_pairs(tx, self._desk)

    async def add_volunteer(self, actor: Actor, new: NewVolunteer) -> PersonId:
        """Somebody new, or somebody we know, also helps. Raises ``Invalid``, ``Locked``, ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        found = problems(new, desk.catalogue)
        if found:
            raise Invalid("volunteer", N_("Some answers need another look."), fields=found)
        self._must_be_open()
        said = NewNeed(person=new.person, point=new.point)
        async with desk.db.write() as tx:
            if new.known_person is None:
                person = Person(
                    id=PersonId(new_id(desk.random)),
                    state=PersonState.ACTIVE,
                    created_day=desk.today,
                    updated_day=desk.today,
                )
                fresh = PersonRow(person=person, sealed=b"")
                await persons.insert(tx, desk.person_row(fresh, merged_person(None, said)))
            else:
                held = await desk.need_person(tx, new.known_person)
                person = replace(held.person, updated_day=desk.today)
                details = merged_person(desk.open_person(held), said)
                await persons.update(tx, desk.person_row(replace(held, person=person), details))
            await volunteers.put(tx, volunteer_of(new, person.id))
            await desk.record(tx, actor, "volunteer.added", person_object(person.id))
        await self._roster.refresh(person.id)
        return person.id

    async def change_volunteer(self, actor: Actor, volunteer: Volunteer, why: str = "") -> None:
        """Writes abilities, limits and cleared checks; the state stays. Raises ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        async with self._desk.db.write() as tx:
            held = await self._volunteer(tx, volunteer.person_id)
            await volunteers.put(tx, replace(volunteer, state=held.state, paused_until=held.paused_until))
            await self._desk.record(
                tx, actor, "volunteer.changed", person_object(volunteer.person_id), why=why
            )
        await self._roster.refresh(volunteer.person_id)

    async def list_volunteers(self, actor: Actor) -> list[VolunteerRow]:
        """Every volunteer by name. Raises ``Locked``."""
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        now = self._desk.now
        rows = [
            VolunteerRow(
                person_id=helper.person_id,
                name=helper.name,
                volunteer=helper.volunteer,
                barred=helper.barred,
                this_week=this_week(helper, now),
            )
            for helper in self._roster.all_of_them()
        ]
        return sorted(rows, key=lambda row: (row.name.casefold(), row.person_id))

    async def person(self, actor: Actor, person_id: PersonId, why: str = "") -> PersonView:
        """Everything about one person but whom she must not meet; a recorded look.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_PERSON)
        self._must_be_open()
        desk = self._desk
        async with desk.db.write() as tx:
            row = await desk.need_person(tx, person_id)
            await desk.record(tx, actor, "look.person", person_object(person_id), why=why)
            return PersonView(
                person=row.person,
                details=desk.open_person(row),
                volunteer=await volunteers.get(tx, person_id),
                needs=tuple(need.need for need in await needs.of_person(tx, person_id)),
                consents=tuple(await consents.of_person(tx, person_id)),
                history=await desk.history(tx, person_object(person_id)),
            )

    async def keep_apart(self, actor: Actor, a: PersonId, b: PersonId, why: str = "") -> None:
        """These two must not meet: matching heeds it, and nothing ever shows it.

        Live tasks between them are taken back. Raises ``Locked``, ``NotFound``, ``Invalid`` (same person).
        """
        require(actor, Permission.KEEP_APART)
        self._must_be_open()
        if a == b:
            raise Invalid(
                "apart", N_("Some answers need another look."), fields={"other": N_("Choose two people.")}
            )
        desk = self._desk
        row_id = new_id(desk.random)
        async with desk.db.write() as tx:
            for person_id in (a, b):
                await desk.need_person(tx, person_id)
            sealed = desk.vault.seal(
                Compartment.PEOPLE, "apart", row_id, {"a": a, "b": b, "why": why.strip()}
            )
            await apart.insert(tx, row_id, sealed)
            # The record names the pair nowhere: who reads the audit must not learn it.
            await desk.record(tx, actor, "apart.added", f"apart:{row_id}")
            for helper, asked_by in ((a, b), (b, a)):
                await self._withdraw_between(tx, actor, helper, asked_by)
        await self._roster.refresh_apart()
        for person_id in (a, b):
            await self._roster.refresh(person_id)

    async def pause(
        self, actor: Actor, person_id: PersonId, until: date | None = None, why: str = ""
    ) -> None:
        """No new tasks until that day (None: until further notice); what is confirmed goes on."""
        if until is not None and until <= self._desk.today:
            raise Invalid(
                "pause", N_("Some answers need another look."), fields={"until": N_("This day is past.")}
            )
        await self._set(actor, person_id, VolunteerState.PAUSED, until, why)

    async def resume(self, actor: Actor, person_id: PersonId, why: str = "") -> None:
        """Back from a pause or a suspension."""
        await self._set(actor, person_id, VolunteerState.ACTIVE, None, why)

    async def leave(self, actor: Actor, person_id: PersonId, why: str = "") -> None:
        """No longer a volunteer; live tasks are taken back."""
        await self._set(actor, person_id, VolunteerState.LEFT, None, why)

    async def suspend(self, actor: Actor, person_id: PersonId, why: str) -> None:
        """Out of every match at once, live tasks taken back, until somebody looks into it."""
        require(actor, Permission.BAR)
        await self._set(actor, person_id, VolunteerState.SUSPENDED, None, why)

    async def bar(self, actor: Actor, person_id: PersonId, why: str) -> None:
        """Overrides everything at once, as helper and as the one helped: live tasks on both sides end."""
        require(actor, Permission.BAR)
        desk = self._desk
        touched: set[PersonId] = {person_id}
        async with desk.db.write() as tx:
            await desk.need_person(tx, person_id)
            await persons.set_state(tx, person_id, PersonState.BARRED, desk.today)
            await desk.record(tx, actor, "person.barred", person_object(person_id), why=why)
            await withdraw_all(tx, desk, actor, person_id)
            for need in await needs.of_person(tx, person_id):
                for assignment in await assignments.of_need(tx, need.need.id):
                    if assignment.state in LIVE:
                        await move_assignment(tx, desk, actor, assignment, AssignmentMove.WITHDRAW)
                        touched.add(assignment.person_id)
        for touched_id in touched:
            await self._roster.refresh(touched_id)

    async def unbar(self, actor: Actor, person_id: PersonId, why: str) -> None:
        """Lifts a bar; what was taken back stays taken back."""
        require(actor, Permission.BAR)
        desk = self._desk
        async with desk.db.write() as tx:
            await desk.need_person(tx, person_id)
            await persons.set_state(tx, person_id, PersonState.ACTIVE, desk.today)
            await desk.record(tx, actor, "person.unbarred", person_object(person_id), why=why)
        await self._roster.refresh(person_id)

    async def erase(self, actor: Actor, person_id: PersonId) -> None:
        """Everything that names or finds the person is gone; her needs end as removed; ledger and audit stay.

        Raises ``NotFound``, ``Locked`` (who must not meet whom cannot be cleaned while locked).
        """
        require(actor, Permission.ERASE)
        self._must_be_open()
        async with self._desk.db.write() as tx:
            touched = await erase_person(tx, self._desk, actor, person_id)
        await self._desk.db.fold()
        for touched_id in (person_id, *touched):
            await self._roster.refresh(touched_id)
        await self._roster.refresh_apart()

    async def _set(
        self, actor: Actor, person_id: PersonId, state: VolunteerState, until: date | None, why: str
    ) -> None:
        require(
            actor, Permission.MANAGE_VOLUNTEERS if state is not VolunteerState.SUSPENDED else Permission.BAR
        )
        desk = self._desk
        async with desk.db.write() as tx:
            held = await self._volunteer(tx, person_id)
            if held.state is VolunteerState.SUSPENDED and state is not VolunteerState.SUSPENDED:
                require(actor, Permission.BAR)
            await volunteers.put(tx, replace(held, state=state, paused_until=until))
            codes = {"until": until.isoformat()} if until else {}
            await desk.record(tx, actor, f"volunteer.{state}", person_object(person_id), why=why, **codes)
            if state in (VolunteerState.SUSPENDED, VolunteerState.LEFT):
                await withdraw_all(tx, desk, actor, person_id)
        await self._roster.refresh(person_id)

    async def _withdraw_between(self, tx: Tx, actor: Actor, helper: PersonId, asked_by: PersonId) -> None:
        for assignment in await assignments.of_person(tx, helper):
            if assignment.state not in LIVE:
                continue
            row = await self._desk.need_row(tx, assignment.need_id)
            if row.need.person_id == asked_by and row.need.state is not NeedState.CLOSED:
                await move_assignment(tx, self._desk, actor, assignment, AssignmentMove.WITHDRAW)

    async def _volunteer(self, tx: Tx, person_id: PersonId) -> Volunteer:
        found = await volunteers.get(tx, person_id)
        if found is None:
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        return found

    def _must_be_open(self) -> None:
        if not self._desk.unlocked:
            raise Locked
