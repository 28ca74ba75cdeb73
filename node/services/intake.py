"""Taking a call, and the public form: one call becomes one need for each kind of help asked for."""

from dataclasses import dataclass, field, replace
from datetime import date

from node.domain.actors import ANONYMOUS, Actor, ActorKind
from node.domain.consents import Consent, Purpose
from node.domain.ids import NeedId, PersonId, new_id, new_reference
from node.domain.intake import KnownPerson, NewNeed, Taken
from node.domain.intake_rules import details_of, merged_person, problems, show_clear
from node.domain.need import Channel, CloseReason, Need, NeedState, due_day
from node.domain.need_lifecycle import WORKING
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.domain.reach import is_phone
from node.errors import N_, Invalid, Locked, NotAllowed
from node.services.desk import Desk, need_object, person_object
from node.services.roster import Roster
from node.store import consents, needs, persons
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment

_LAST_KINDS = 5
_INDEX_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a need stands when it comes in: for a call just new, for an imported row perhaps old or over."""

    posted_day: date | None = None
    """None: today."""
    state: NeedState | None = None
    """``new``, ``open`` or ``closed``; None: as the call says."""
    close_reason: CloseReason | None = None
    closed_day: date | None = None
    to_check: bool = False
    leftovers: dict[str, str] = field(default_factory=dict)
    import_key: bytes | None = None
    action: str = "need.taken"


class Intake:
    """The verbs of the intake page, the public form and imports."""

    def __init__(self, desk: Desk, roster: Roster) -> None:
        self._desk = desk
        self._roster = roster

    async def take(self, actor: Actor, new: NewNeed) -> Taken:
        """A call, typed by staff; works while locked, unless it names a known person.

        Raises ``Invalid`` with the fields, ``NotAllowed``, ``NotFound``, ``Locked``.
        """
        require(actor, Permission.TAKE_CALL)
        if new.start == "open":
            require(actor, Permission.TRIAGE)
        self.check(new)
        async with self._desk.db.write() as tx:
            taken = await self.store(tx, actor, new)
        await self._roster.refresh(taken.person_id)
        return taken

    async def ask(self, new: NewNeed) -> Taken:
        """The public form, without an account; works while locked. It always starts in the sorting tray."""
        asked = replace(new, channel=Channel.PAGE, start="new", known_person=None)
        self.check(asked)
        async with self._desk.db.write() as tx:
            return await self.store(tx, ANONYMOUS, asked)

    def check(self, new: NewNeed) -> None:
        """Raises ``Invalid`` with every field that does not fit."""
        found = problems(new, self._desk.catalogue)
        if found:
            raise Invalid("intake", N_("Some answers need another look."), fields=found)

    async def store(self, tx: Tx, actor: Actor, new: NewNeed, arrival: Arrival | None = None) -> Taken:
        """Writes person, needs, consents and audit rows inside the caller's transaction.

        ``new`` has been checked, and the caller has made sure that the actor may.
        """
        arrival = arrival or Arrival()
        person_id = await self._store_person(tx, actor, new)
        ids: list[NeedId] = []
        references: list[str] = []
        for category in dict.fromkeys(new.categories):
            row = await self._need_row(tx, actor, new, person_id, category, arrival)
            await needs.insert(tx, row)
            await self._store_consents(tx, actor, new, person_id, row.need.id)
            await self._desk.record(
                tx,
                actor,
                arrival.action,
                need_object(row.need.id),
                state=str(row.need.state),
                channel=str(new.channel),
                person=person_id,
            )
            ids.append(row.need.id)
            references.append(row.need.reference)
        return Taken(person_id=person_id, need_ids=tuple(ids), references=tuple(references))

    async def find_known(self, actor: Actor, phone: str) -> list[KnownPerson]:
        """Everybody reached by that number, while it is typed; each card shown is a recorded look.

        Raises ``Locked``; fewer than five digits find nobody.
        """
        require(actor, Permission.TAKE_CALL)
        require(actor, Permission.READ_PERSON)
        desk = self._desk
        if not desk.unlocked:
            raise Locked
        if not is_phone(phone):
            return []
        async with desk.db.read() as tx:
            rows = await persons.with_phone(tx, desk.vault.blind("phone", phone))
            found = [await self._card(tx, row) for row in rows]
        if found:
            async with desk.db.write() as tx:
                for card in found:
                    await desk.record(tx, actor, "look.card", person_object(card.person_id))
        return found

    async def complete_indexes(self, compartment: Compartment = Compartment.PEOPLE) -> int:
        """Makes the blind indexes of what came while locked; a callback of the vault's unlocking.

        Returns how many people were completed.
        """
        if compartment is not Compartment.PEOPLE:
            return 0
        desk, done = self._desk, 0
        while True:
            async with desk.db.write() as tx:
                rows = await persons.without_index(tx, _INDEX_BATCH)
                for row in rows:
                    details = desk.open_person(row)
                    await persons.set_indexes(
                        tx, row.person.id, desk.phone_index(details), desk.email_index(details)
                    )
            done += len(rows)
            if len(rows) < _INDEX_BATCH:
                return done

    async def on_unlock(self, compartment: Compartment) -> None:
        """``complete_indexes`` in the shape the vault calls."""
        await self.complete_indexes(compartment)

    async def _store_person(self, tx: Tx, actor: Actor, new: NewNeed) -> PersonId:
        desk, day = self._desk, self._desk.today
        if new.known_person is None:
            person = Person(
                id=PersonId(new_id(desk.random)), state=PersonState.ACTIVE, created_day=day, updated_day=day
            )
            fresh = PersonRow(person=person, sealed=b"")
            await persons.insert(tx, desk.person_row(fresh, merged_person(None, new)))
            return person.id
        if actor.kind is ActorKind.ANONYMOUS:
            raise NotAllowed("not_allowed", N_("Your account may not do this. Ask an admin of your group."))
        held = await desk.need_person(tx, new.known_person)
        details = merged_person(desk.open_person(held), new)
        changed = replace(held, person=replace(held.person, updated_day=day))
        await persons.update(tx, desk.person_row(changed, details))
        await desk.record(tx, actor, "person.asked_again", person_object(held.person.id))
        return held.person.id

    async def _need_row(
        self, tx: Tx, actor: Actor, new: NewNeed, person_id: PersonId, category: str, arrival: Arrival
    ) -> NeedRow:
        desk = self._desk
        posted = arrival.posted_day or desk.today
        state = arrival.state or NeedState(new.start)
        if state not in (NeedState.NEW, NeedState.CLOSED) and state not in WORKING[:1]:
            raise ValueError("a need arrives new, open or closed")
        details = details_of(new, category, desk.catalogue, arrival.leftovers)
        need = Need(
            id=NeedId(new_id(desk.random)),
            person_id=person_id,
            reference=await self._free_reference(tx),
            state=state,
            category=category,
            cell=None,
            urgency=new.urgency,
            window=new.window,
            part_of_day=new.part_of_day,
            helpers=new.helpers,
            remote=new.remote,
            repeats=new.repeats,
            keep_here=new.keep_here,
            to_check=arrival.to_check,
            channel=new.channel,
            posted_day=posted,
            due_day=due_day(new.urgency, new.window, posted),
            close_reason=arrival.close_reason,
            closed_day=(arrival.closed_day or desk.today) if state is NeedState.CLOSED else None,
            by_staff=actor.id if actor.kind is ActorKind.STAFF else None,
            created_at=desk.now,
            changed_at=desk.now,
        )
        cell = desk.label(desk.catalogue.klass(category), new.point)
        return NeedRow(
            need=show_clear(need, details, desk.catalogue, cell),
            sealed=desk.seal_need(need.id, details),
            import_key=arrival.import_key,
        )

    async def _free_reference(self, tx: Tx) -> str:
        while True:
            reference = new_reference(self._desk.random)
            if await needs.with_reference(tx, reference) is None:
                return reference

    async def _store_consents(
        self, tx: Tx, actor: Actor, new: NewNeed, person_id: PersonId, need_id: NeedId
    ) -> None:
        said = new.consents
        for purpose, answer in (
            (Purpose.HELP_YOU, said.help_you),
            (Purpose.GROUPS_SEE, said.groups_see),
            (Purpose.KEEP_DETAILS, said.keep_details),
        ):
            if answer is None:
                continue
            note = None
            if said.note.strip():
                note = self._desk.vault.seal(
                    Compartment.PEOPLE, "consents", need_id, {"note": said.note.strip()}
                )
            consent = Consent(
                purpose=purpose,
                answer=answer,
                wording=said.wording,
                at=self._desk.now,
                by_actor=actor.label,
            )
            await consents.add(tx, consent, person_id=person_id, need_id=need_id, note_sealed=note)

    async def _card(self, tx: Tx, row: PersonRow) -> KnownPerson:
        desk = self._desk
        details = desk.open_person(row)
        asked = await needs.of_person(tx, row.person.id)
        kinds = (desk.open_need(need).category for need in asked[:_LAST_KINDS])
        return KnownPerson(
            person_id=row.person.id,
            name=details.name,
            address=details.address,
            safe_to_ring=details.safe_to_ring,
            barred=row.person.state is PersonState.BARRED,
            last_categories=tuple(dict.fromkeys(kinds)),
            open_needs=sum(need.need.state is not NeedState.CLOSED for need in asked),
        )
