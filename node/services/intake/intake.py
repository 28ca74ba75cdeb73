"""Taking a call, and the public form: one call becomes one need for each kind of help asked for."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from node.domain.actors import ANONYMOUS, Actor, ActorKind
from node.domain.consents import Consent, Purpose
from node.domain.ids import NeedId, PersonId, new_id, new_reference
from node.domain.intake.intake import KnownPerson, NewNeed, NewPerson, Taken
from node.domain.intake.intake_rules import (
    capped,
    details_of,
    is_about_money,
    merged_person,
    problems,
    same_name,
    show_clear,
)
from node.domain.money import Money, currency_of
from node.domain.need import Channel, CloseReason, Need, NeedState, Point, due_day
from node.domain.need_lifecycle import WORKING
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonDetails, PersonState
from node.domain.reach import is_phone
from node.errors import N_, Invalid, NotAllowed, NotFound
from node.services.desk import Desk, need_object, person_object
from node.services.intake import callers, cards, drafts
from node.services.matching.roster import Roster
from node.store import consents, needs, persons, settings
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment

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

    async def take(
        self,
        actor: Actor,
        new: NewNeed,
        draft: str = "",
        also: Callable[[Tx, Taken], Awaitable[None]] | None = None,
    ) -> Taken:
        """A call, typed by staff; works while locked, unless it names a known person. Its draft goes with it.
        ``also`` happens in the same write.

        Raises ``Invalid`` with the fields, ``NotAllowed``, ``NotFound``, ``Locked``, and ``Conflict("call_taken")``
        with the ``need`` it became where that draft was taken already.
        """
        require(actor, Permission.TAKE_CALL)
        if new.start == "open":
            require(actor, Permission.TRIAGE)
        self.check(new)
        async with self._desk.db.write() as tx:
            await drafts.not_taken(tx, actor, draft)
            taken = await self.store(tx, actor, new)
            if also is not None:
                await also(tx, taken)
            await drafts.taken(tx, self._desk, actor, draft, taken.need_ids[0])
        await self._roster.refresh(taken.person_id)
        return taken

    async def ask(self, new: NewNeed, also: Callable[[Tx, Taken], Awaitable[None]] | None = None) -> Taken:
        """The public form, without an account; works while locked. It always starts in the sorting tray. ``also``
        happens in the same write."""
        asked = replace(new, channel=Channel.PAGE, start="new", known_person=None)
        self.check(asked)
        async with self._desk.db.write() as tx:
            taken = await self.store(tx, ANONYMOUS, asked)
            if also is not None:
                await also(tx, taken)
        return taken

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
        new = await self._with_cap(tx, new)
        if new.known_person is not None and self._desk.unlocked:
            new = await callers.keep_theirs(tx, self._desk, new, new.known_person)
        person_id, point = await self._store_person(tx, actor, new)
        if new.point is None and not new.place_text.strip():
            new = replace(new, point=point)
        ids: list[NeedId] = []
        references: list[str] = []
        for category in dict.fromkeys(new.categories):
            row = await self._need_row(tx, actor, new, person_id, category, arrival)
            await needs.insert(tx, row)
            if self._desk.unlocked:
                await callers.note(tx, self._desk, row)
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

    async def asked_for(self, actor: Actor) -> Mapping[str, int]:
        """How often each kind of help was asked for, by the code that all groups know; what is private is in none."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.read() as tx:
            return await needs.counted_by_category(tx)

    async def money_cap(self) -> Money:
        """What the group gives at most, at once; ``most`` 0 where there is no cap."""
        async with self._desk.db.read() as tx:
            return await self._cap(tx)

    async def find_known(
        self, actor: Actor, reach: str, *, practice: bool = False, chosen: PersonId | None = None
    ) -> list[KnownPerson]:
        """Everybody reached by that number or e-mail address, while it is typed, and then those for whom it rang
        before; where there are several each in brief, but ``chosen`` (``cards``). Each is a recorded look.

        Raises ``Locked``; fewer than five digits find nobody.
        """
        require(actor, Permission.TAKE_CALL)
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        found = await cards.reached_by(self._desk, self._roster, reach, practice=practice, chosen=chosen)
        await self._looked(actor, found)
        return found

    async def find_like(self, actor: Actor, said: NewPerson) -> list[KnownPerson]:
        """Everybody of ours with that number, that e-mail address, or that name at that address; each card shown is a
        recorded look. Raises ``Locked``, ``NotAllowed``."""
        require(actor, Permission.READ_PERSON)
        desk, rows = self._desk, list[PersonRow]()
        desk.must_be_unlocked()
        said_index = desk.twin_index(PersonDetails(name=said.name, address=said.address))
        async with desk.db.read() as tx:
            if is_phone(said.phone):
                rows += await persons.with_phone(tx, desk.vault.blind("phone", said.phone))
            if said.email.strip():
                rows += await persons.with_email(tx, desk.vault.blind("email", said.email))
            if said_index != persons.NO_INDEX:
                rows += await persons.with_twin(tx, said_index)
            ours = {row.person.id: row for row in rows if await persons.peer_of(tx, row.person.id) is None}
            found = [await cards.card_of(tx, desk, row) for row in ours.values()]
        await self._looked(actor, found)
        return found

    async def _looked(self, actor: Actor, found: Sequence[KnownPerson]) -> None:
        if found:
            async with self._desk.db.write() as tx:
                for card in found:
                    look = (
                        "look.found" if card.brief else "look.card"
                    )  # a name alone, or what is held beside it
                    await self._desk.record(tx, actor, look, person_object(card.person_id))

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
                        tx,
                        row.person.id,
                        desk.phone_index(details),
                        desk.email_index(details),
                        desk.twin_index(details),
                    )
            done += len(rows)
            if len(rows) < _INDEX_BATCH:
                await callers.complete(desk)
                return done

    async def on_unlock(self, compartment: Compartment) -> None:
        """``complete_indexes`` in the shape the vault calls."""
        await self.complete_indexes(compartment)

    async def _cap(self, tx: Tx) -> Money:
        most = await settings.get(tx, settings.MONEY_MOST)
        return Money(most=100 * most, currency=currency_of(await settings.get(tx, settings.REGION)))

    async def _with_cap(self, tx: Tx, new: NewNeed) -> NewNeed:
        if not is_about_money(new):
            return new
        cap = await self._cap(tx)
        if cap.most and new.money.most > cap.most:
            message = N_("That is more than our group gives at once.")
            raise Invalid("money", message, fields={"money_most": message})
        return capped(new, cap.most, cap.currency)

    async def _store_person(self, tx: Tx, actor: Actor, new: NewNeed) -> tuple[PersonId, Point | None]:
        """Who it is for, and where she lives as far as that is known now."""
        desk, day = self._desk, self._desk.today
        if new.known_person is None:
            person = Person(
                id=PersonId(new_id(desk.random)),
                kind=new.person.kind,
                state=PersonState.ACTIVE,
                created_day=day,
                updated_day=day,
                practice=new.practice,
            )
            fresh = PersonRow(person=person, sealed=b"")
            await persons.insert(tx, desk.person_row(fresh, merged_person(None, new)))
            return person.id, new.point
        if actor.kind is ActorKind.ANONYMOUS:
            raise NotAllowed("not_allowed", N_("Your account may not do this. Ask an admin of your group."))
        held = await desk.need_person(tx, new.known_person)
        if held.person.practice is not new.practice:
            raise NotFound("no_such_person", N_("We know nobody by that number."))
        before = desk.open_person(held)
        if not new.renamed and not same_name(before.name, new.person.name):
            message = N_("You picked somebody we know by another name. Say which it is.")
            raise Invalid("intake", message, fields={"name": message})
        details = merged_person(before, new)
        changed = replace(held, person=replace(held.person, updated_day=day))
        await persons.update(tx, desk.person_row(changed, details))
        await desk.record(tx, actor, "person.asked_again", person_object(held.person.id))
        return held.person.id, details.point

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
            promised_at=new.promised_at,
            practice=new.practice,
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
                wording=said.wordings.get(purpose, said.wording),
                at=self._desk.now,
                by_actor=actor.label,
            )
            await consents.add(tx, consent, person_id=person_id, need_id=need_id, note_sealed=note)
