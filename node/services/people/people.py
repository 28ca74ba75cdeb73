"""People and volunteers: adding, looking, pausing, barring, keeping apart, erasing."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from node.domain.actors import SYSTEM, Actor
from node.domain.answers import together
from node.domain.board.views import KeptAway, VolunteerRow
from node.domain.ids import PersonId, new_id
from node.domain.intake.intake import NewNeed
from node.domain.intake.intake_rules import merged_person
from node.domain.matching.matching import this_week
from node.domain.people import journey
from node.domain.people.journey import (
    ENDS_TASKS,
    ONWARDS,
    WHO,
    JourneyMove,
    Standing,
    StopReason,
    moved,
    standing,
)
from node.domain.people.newcomer import NewVolunteer, problems, volunteer_of
from node.domain.people.portraits import PersonView
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.domain.volunteer import Volunteer, VolunteerState
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk, person_object
from node.services.dispatch.moves import withdraw_both_sides
from node.services.matching.roster import Roster
from node.services.people.directory import Directory
from node.services.people.keeping_away import end_work, take_off_lists
from node.services.people.kept_apart import bring_apart, pairs_of, point_at_the_whole
from node.services.people.portrait import portrait
from node.services.people.two_people import two_people
from node.services.rights.erasing import erase_person, sweep_pairs
from node.services.safety.vetting import note_seen
from node.store import apart, merges, persons, volunteers
from node.store.db import Tx
from node.store.persons import PersonRow
from node.vault import Compartment


class People:
    """The verbs of the people page."""

    def __init__(self, desk: Desk, roster: Roster, directory: Directory) -> None:
        self._desk = desk
        self._roster = roster
        self._directory = directory

    async def on_unlock(self, compartment: Compartment) -> None:
        """A callback of the vault: pairs of people erased while locked (by a restore) go now, pairs that name
        a part name the whole, and whatever still brings a pair together ends."""
        if compartment is Compartment.PEOPLE:
            async with self._desk.db.write() as tx:
                await sweep_pairs(tx, self._desk)
                await point_at_the_whole(tx, self._desk)
                await bring_apart(tx, self._desk, SYSTEM)

    async def add_volunteer(
        self, actor: Actor, new: NewVolunteer, not_these: Collection[PersonId] = ()
    ) -> PersonId:
        """Somebody new, or somebody we know, also helps; ``not_these``: whom she looks like and is not, as whoever adds
        her says, so that nobody is asked about them again.

        Raises ``Invalid``, ``Locked``, ``NotFound``, and for somebody we know ``Conflict``: ``helps_already`` (or did),
        ``kept_away``.
        """
        require(actor, Permission.MANAGE_VOLUNTEERS)
        desk = self._desk
        found = problems(new, desk.catalogue)
        if found:
            raise Invalid("volunteer", N_("Some answers need another look."), fields=found)
        self._desk.must_be_unlocked()
        said = NewNeed(person=new.person, point=new.point)
        async with desk.db.write() as tx:
            if new.known_person is None:
                person = Person(
                    id=PersonId(new_id(desk.random)),
                    state=PersonState.ACTIVE,
                    kind=new.kind,
                    created_day=desk.today,
                    updated_day=desk.today,
                )
                fresh = PersonRow(person=person, sealed=b"")
                details = merged_person(None, said)
                details = replace(details, contact_name=new.contact_name.strip(), about=new.about.strip())
                details = replace(details, answers=new.answers)
                await persons.insert(tx, desk.person_row(fresh, details))
            else:
                held = await desk.need_person(tx, new.known_person)
                await _may_help_too(tx, held)
                person = replace(held.person, updated_day=desk.today)
                before = desk.open_person(held)
                details = replace(
                    merged_person(before, said),
                    contact_name=new.contact_name.strip() or before.contact_name,
                    about=new.about.strip() or before.about,
                    answers=together(before.answers, new.answers),
                )
                await persons.update(tx, desk.person_row(replace(held, person=person), details))
            await volunteers.put(tx, replace(volunteer_of(new, person.id), cleared=()))
            await note_seen(tx, desk, actor, person.id, new.cleared)
            await desk.record(tx, actor, "volunteer.added", person_object(person.id))
            for other in not_these:
                await two_people(tx, desk, actor, person.id, (await desk.need_person(tx, other)).person.id)
        await self._roster.refresh(person.id)
        return person.id

    async def change_volunteer(self, actor: Actor, volunteer: Volunteer, why: str = "") -> None:
        """Writes abilities and limits; the state and what was checked stay. Raises ``Conflict`` (``one_record``),
        ``NotFound``."""
        require(actor, Permission.MANAGE_VOLUNTEERS)
        async with self._desk.db.write() as tx:
            await self._desk.need_as_shown(tx, volunteer.person_id)
            held = await self._volunteer(tx, volunteer.person_id)
            kept = replace(volunteer, state=held.state, paused_until=held.paused_until, cleared=held.cleared)
            await volunteers.put(tx, kept)
            await self._desk.record(
                tx, actor, "volunteer.changed", person_object(volunteer.person_id), why=why
            )
        await self._roster.refresh(volunteer.person_id)

    async def list_volunteers(self, actor: Actor) -> list[VolunteerRow]:
        """Every volunteer by name, but whoever is kept away (``kept_away``); a recorded look. Raises ``Locked``."""
        require(actor, Permission.READ_BOARD)
        await self._roster.ready()
        await self._desk.look(actor, "look.list", "volunteers")
        today = self._desk.today
        rows = [
            VolunteerRow(
                person_id=helper.person_id,
                name=helper.name,
                volunteer=helper.volunteer,
                this_week=this_week(helper, today),
                organisation=helper.organisation,
            )
            for helper in self._roster.all_of_them()
            if not helper.barred
        ]
        return sorted(rows, key=lambda row: (row.name.casefold(), row.person_id))

    async def kept_away(self, actor: Actor) -> list[KeptAway]:
        """Whoever is barred or suspended, by name: the one list they stand on; a recorded look. Raises ``Locked``."""
        require(actor, Permission.BAR)
        await self._roster.ready()
        async with self._desk.db.read() as tx:
            found = [
                KeptAway(
                    person_id=row.person.id,
                    name=self._desk.open_person(row).name,
                    since=row.person.updated_day,
                )
                for row in await persons.barred(tx)
            ]
        barred = {each.person_id for each in found}
        found += [
            KeptAway(person_id=helper.person_id, name=helper.name, since=None)
            for helper in self._roster.all_of_them()
            if helper.volunteer.state is VolunteerState.SUSPENDED and helper.person_id not in barred
        ]
        if found:
            await self._desk.look(actor, "look.list", "volunteers")
        return sorted(found, key=lambda row: (row.since is None, row.name.casefold(), row.person_id))

    async def whole(self, person_id: PersonId) -> PersonId:
        """As ``Desk.whole``: ids only, so it is no look."""
        async with self._desk.db.read() as tx:
            return await self._desk.whole(tx, person_id)

    async def person(self, actor: Actor, person_id: PersonId, why: str = "") -> PersonView:
        """Everything about one person but whom she must not meet; a recorded look.

        Raises ``Locked``, ``NotFound``, ``NotAllowed``.
        """
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        desk = self._desk
        async with desk.db.write() as tx:
            row = await desk.need_person(tx, person_id)
            person_id = row.person.id
            await desk.record(tx, actor, "look.person", person_object(person_id), why=why)
            return await portrait(tx, desk, row, await self._directory.at_the_same_address(tx, person_id))

    async def keep_apart(self, actor: Actor, a: PersonId, b: PersonId, why: str = "") -> None:
        """These two must not meet, nor whoever lives with them: matching heeds it, and no list shows it. Whoever
        takes a call may infer it: where one of them rings, nothing of the other is shown (``intake.cards``).

        What brings them together now ends (``kept_apart.bring_apart``). Raises ``Locked``, ``NotFound``,
        ``Invalid`` (same person).
        """
        require(actor, Permission.KEEP_APART)
        self._desk.must_be_unlocked()
        desk = self._desk
        row_id = new_id(desk.random)
        async with desk.db.write() as tx:
            a, b = [(await desk.need_person(tx, each)).person.id for each in (a, b)]
            if a == b:
                raise Invalid(
                    "apart", N_("Some answers need another look."), fields={"other": N_("Choose two people.")}
                )
            sealed = desk.vault.seal(
                Compartment.PEOPLE, "apart", row_id, {"a": a, "b": b, "why": why.strip()}
            )
            await apart.insert(tx, row_id, sealed)
            # The record names the pair nowhere: who reads the audit must not learn it.
            await desk.record(tx, actor, "apart.added", f"apart:{row_id}")
            touched = await bring_apart(tx, desk, actor, (a, b))
        await self._roster.refresh_apart()
        for person_id in touched:
            await self._roster.refresh(person_id)

    async def may_meet(self, actor: Actor, a: PersonId, b: PersonId, why: str) -> None:
        """The way back: whoever noted the pair, or was told of it, names both once more and says why.

        The answer is the same whether there was such a pair: nothing can be learnt by trying. What was taken back stays
        so. Raises ``Locked``, ``NotFound``, ``Invalid`` (``other``: the same person; ``why``: no reason).
        """
        require(actor, Permission.KEEP_APART)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            a, b = [(await self._desk.need_person(tx, each)).person.id for each in (a, b)]
            problems = {} if a != b else {"other": N_("Choose two people.")}
            if not why.strip():
                problems["why"] = N_("Say why: it is kept with the record.")
            if problems:
                raise Invalid("apart", N_("Some answers need another look."), fields=problems)
            for row_id, pair in (await pairs_of(tx, self._desk)).items():
                if set(pair) == {a, b}:
                    await apart.delete(tx, row_id)
                    await self._desk.record(tx, actor, "apart.lifted", f"apart:{row_id}", why=why)
        await self._roster.refresh_apart()

    async def move(
        self,
        actor: Actor,
        person_id: PersonId,
        move: JourneyMove,
        *,
        until: date | None = None,
        reason: StopReason | None = None,
        why: str = "",
    ) -> Standing:
        """One move of a volunteer's journey; a suspension and a goodbye take her live tasks back, links and all.

        ``until``: the first day back, for a break; ``reason``: for the record, its words in ``why`` are sealed.
        Raises ``NotAllowed``, ``NotFound``, ``Conflict`` (``moved_on``; ``looks_known``: she signed up, and nobody said
        yet whether she is somebody we know), ``Invalid`` (``until`` is not in the future).
        """
        require(actor, WHO[move])
        desk = self._desk
        if until is not None and until <= desk.today:
            raise Invalid(
                "pause", N_("Some answers need another look."), fields={"until": N_("This day is past.")}
            )
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            held = await self._volunteer(tx, person_id)
            at = standing(held)
            if at is Standing.APPLIED and move in ONWARDS and person_id in await merges.unseen(tx):
                raise Conflict(
                    "looks_known",
                    N_("They look like somebody we know. First say on their page whether it is one person."),
                )
            for permission in journey.needs(at, move):
                require(actor, permission)
            volunteer = moved(held, move, until=until)
            await volunteers.put(tx, replace(volunteer, cleared=held.cleared))
            await note_seen(
                tx, desk, actor, person_id, [each for each in volunteer.cleared if each not in held.cleared]
            )
            codes = {"before": str(at), "after": str(standing(volunteer))}
            codes |= {"until": until.isoformat()} if until else {}
            codes |= _reason(reason)
            await desk.record(tx, actor, f"volunteer.{move}", person_object(person_id), why=why, **codes)
            if move in ENDS_TASKS:
                await end_work(tx, desk, actor, person_id)
        await self._roster.refresh(person_id)
        return standing(volunteer)

    async def pause(
        self, actor: Actor, person_id: PersonId, until: date | None = None, why: str = ""
    ) -> None:
        """No new tasks until that day (None: until further notice); what is confirmed goes on."""
        await self.move(actor, person_id, JourneyMove.REST, until=until, why=why)

    async def resume(self, actor: Actor, person_id: PersonId, why: str = "") -> None:
        """Back from a break, a suspension or a goodbye, to where she was before."""
        async with self._desk.db.read() as tx:
            person_id = (await self._desk.need_person(tx, person_id)).person.id
            at = standing(await self._volunteer(tx, person_id))
        back = {Standing.SUSPENDED: JourneyMove.LIFT, Standing.LEFT: JourneyMove.RETURN}
        await self.move(actor, person_id, back.get(at, JourneyMove.RESUME), why=why)

    async def leave(self, actor: Actor, person_id: PersonId, why: str = "") -> None:
        """No longer a volunteer; live tasks are taken back."""
        await self.move(actor, person_id, JourneyMove.LEAVE, why=why)

    async def suspend(self, actor: Actor, person_id: PersonId, why: str) -> None:
        """Out of every match at once, live tasks taken back, until somebody looks into it."""
        await self.move(actor, person_id, JourneyMove.SUSPEND, why=why)

    async def bar(
        self, actor: Actor, person_id: PersonId, why: str = "", reason: StopReason | None = None
    ) -> None:
        """Overrides everything at once, as helper and as the one helped: live tasks on both sides end, links close, and
        she leaves her street teams."""
        require(actor, Permission.BAR)
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            await persons.set_state(tx, person_id, PersonState.BARRED, desk.today)
            await desk.record(
                tx, actor, "person.barred", person_object(person_id), why=why, **_reason(reason)
            )
            touched = await withdraw_both_sides(tx, desk, actor, person_id)
            await end_work(tx, desk, actor, person_id)
            await take_off_lists(tx, desk, actor, person_id)
        for touched_id in touched:
            await self._roster.refresh(touched_id)

    async def unbar(
        self, actor: Actor, person_id: PersonId, why: str = "", reason: StopReason | None = None
    ) -> None:
        """Lifts a bar; what was taken back stays taken back."""
        require(actor, Permission.BAR)
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            await persons.set_state(tx, person_id, PersonState.ACTIVE, desk.today)
            await desk.record(
                tx, actor, "person.unbarred", person_object(person_id), why=why, **_reason(reason)
            )
        await self._roster.refresh(person_id)

    async def erase(self, actor: Actor, person_id: PersonId) -> None:
        """Everything that names or finds the person is gone; her needs end as removed; ledger and audit stay.

        Raises ``Conflict`` (``held``; ``one_record``: there is more of her than the page showed), ``NotFound``,
        ``Locked`` (who must not meet whom cannot be cleaned while locked).
        """
        require(actor, Permission.ERASE)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            await self._desk.need_as_shown(tx, person_id)
            touched = await erase_person(tx, self._desk, actor, person_id)
        await self._desk.db.fold()
        for touched_id in (person_id, *touched):
            await self._roster.refresh(touched_id)
        await self._roster.refresh_apart()

    async def _volunteer(self, tx: Tx, person_id: PersonId) -> Volunteer:
        found = await volunteers.get(tx, person_id)
        if found is None:
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        return found


def _reason(reason: StopReason | None) -> dict[str, str]:
    return {"reason": str(reason)} if reason else {}


async def _may_help_too(tx: Tx, held: PersonRow) -> None:
    """A second row of a volunteer would take the place of the first, and of what was checked."""
    if held.person.state is PersonState.BARRED:
        raise Conflict("kept_away", N_("This is somebody whom we keep away. Ask whoever looks after safety."))
    if await volunteers.get(tx, held.person.id) is not None:
        raise Conflict(
            "helps_already",
            N_("They help already, or did before. What they do is changed on their own page."),
            person=held.person.id,
        )
    if held.person.practice or await persons.peer_of(tx, held.person.id) is not None:
        raise NotFound("no_such_person", N_("We know nobody by that number."))
