"""Lists of calls: made from names and numbers, changed, paused, handed on. What a day brings is ``CallDay``."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.calls import call_lines
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import CallList, Entry, EntryMove, EntryState, ListDetails, Rhythm
from node.domain.calls.call_views import Added, Known, NewList, Pick, Reading
from node.domain.dispatch.series import SeriesMove, SeriesState, after_series
from node.domain.ids import PersonId, new_id
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.intake.intake_rules import merged_person
from node.domain.permissions import Permission, require
from node.domain.person import Person, PersonState
from node.errors import N_, Invalid
from node.services.calls.call_steps import (
    going_on,
    list_object,
    must_come,
    sealed_entry,
    sealed_list,
    the_list,
)
from node.services.calls.callers import put_caller, share_out
from node.services.calls.entries import agree, move_entry, wording_of
from node.services.desk import Desk, person_object
from node.services.matching.roster import Roster
from node.services.settings.texts import Texts
from node.store import call_lists, persons
from node.store.db import Tx
from node.store.persons import PersonRow


class CallLists:
    """The verbs that make and change lists. All raise ``NotAllowed``; those about people raise ``Locked``."""

    def __init__(self, desk: Desk, roster: Roster, texts: Texts) -> None:
        self._desk = desk
        self._roster = roster
        self._texts = texts

    # --- names and numbers

    async def read(self, actor: Actor, text: str, list_id: str | None = None) -> tuple[Reading, ...]:
        """The pasted lines, and beside each whoever we know by its number: offered, never chosen by itself. Each known
        person shown is a recorded look."""
        require(actor, Permission.DISPATCH)
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        async with self._desk.db.write() as tx:
            on_it = {entry.person_id for entry, _ in await call_lists.entries(tx, list_id or "")}
            found = []
            for line in call_lines.read(text[: call_lines.MAX_TEXT], self._desk.vault.region):
                known = () if line.problem else await self._known(tx, line, on_it)
                for each in known:
                    await self._desk.record(tx, actor, "look.card", person_object(each.person_id))
                found.append(Reading(line=line, known=known))
        return tuple(found)

    async def begin(self, actor: Actor, new: NewList, picks: Sequence[Pick]) -> Added:
        """A new list with these people and callers, shared out in blocks.

        Raises ``Invalid`` (``name``, ``weekdays``, ``last_day``, ``note``, ``people``), ``Conflict``
        (``not_suitable``), ``NotFound``.
        """
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        desk = self._desk
        found = rules.problems(new.rhythm, new.name, new.note, desk.today)
        if found:
            raise Invalid("calls", N_("Some answers need another look."), fields=found)
        self._check(picks)
        wording = await wording_of(self._texts, new.language)
        await self._roster.ready()
        each = CallList(
            id=new_id(desk.random),
            state=SeriesState.RUNNING,
            rhythm=new.rhythm,
            language=new.language,
            by_staff=actor.id or "",
            created_at=desk.now,
        )
        details = ListDetails(name=new.name.strip(), note=new.note.strip())
        async with desk.db.write() as tx:
            await call_lists.insert(tx, each, sealed_list(desk, each.id, details))
            await desk.record(tx, actor, "calls.begun", list_object(each.id), people=len(picks))
            for key in dict.fromkeys(new.callers):
                await put_caller(tx, desk, self._roster, actor, each.id, key)
            added = await self._put_on(tx, actor, each, picks, agreed=new.agreed, wording=wording)
            await share_out(tx, each.id)
        return added

    async def add(self, actor: Actor, list_id: str, picks: Sequence[Pick], *, agreed: bool) -> Added:
        """More people; whoever is on it already stays as she is, whoever was taken off is on it again."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        self._check(picks)
        async with self._desk.db.read() as tx:
            language = (await the_list(tx, list_id))[0].language
        wording = await wording_of(self._texts, language)
        async with self._desk.db.write() as tx:
            each, _ = await going_on(tx, list_id)
            return await self._put_on(tx, actor, each, picks, agreed=agreed, wording=wording)

    # --- the list itself

    async def change(
        self, actor: Actor, list_id: str, *, name: str, note: str, rhythm: Rhythm, language: str
    ) -> None:
        """Name, note and rhythm anew. Raises ``Invalid`` as ``begin`` does, ``Conflict`` for a list that is over."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        found = rules.problems(rhythm, name, note, self._desk.today)
        if found:
            raise Invalid("calls", N_("Some answers need another look."), fields=found)
        async with self._desk.db.write() as tx:
            each, _ = await going_on(tx, list_id)
            details = ListDetails(name=name.strip(), note=note.strip())
            # What is missing of calls is judged by the rhythm of the day: a new one begins today, as after a pause.
            anew = rhythm != each.rhythm and each.state is not SeriesState.PAUSED
            since = self._desk.today if anew else each.paused_until
            changed = replace(each, rhythm=rhythm, language=language, paused_until=since)
            await call_lists.update(tx, changed, sealed_list(self._desk, list_id, details))
            await self._desk.record(tx, actor, "calls.changed", list_object(list_id))

    async def move(self, actor: Actor, list_id: str, move: SeriesMove, until: date | None = None) -> None:
        """Pauses it (until that day, or until somebody says so), lets it go on, or ends it: every link is closed then.

        Raises ``Conflict("moved_on")``, ``Invalid`` (``until``), ``NotFound``."""
        require(actor, Permission.DISPATCH)
        desk = self._desk
        must_come(until, desk.today)
        async with desk.db.write() as tx:
            each, sealed = await the_list(tx, list_id)
            since = desk.today if move is SeriesMove.RESUME else until
            moved = replace(each, state=after_series(each.state, move), paused_until=since)
            await call_lists.update(tx, moved, sealed)
            if moved.state is SeriesState.ENDED:
                for caller in await call_lists.callers(tx, list_id):
                    await call_lists.put_caller(tx, replace(caller, link_hash=None, device_hash=None))
            await desk.record(tx, actor, f"calls.{move}", list_object(list_id))

    # --- inside a write

    async def _known(self, tx: Tx, line: call_lines.Line, on_it: set[PersonId]) -> tuple[Known, ...]:
        desk = self._desk
        rows = await persons.with_phone(tx, desk.vault.blind("phone", line.phone))
        found = []
        for row in rows:
            name = desk.open_person(row).name
            found.append(
                Known(
                    person_id=row.person.id,
                    name=name,
                    same_name=name.casefold().split() == line.name.casefold().split(),
                    barred=row.person.state is PersonState.BARRED,
                    on_list=row.person.id in on_it,
                )
            )
        return tuple(found)

    def _check(self, picks: Sequence[Pick], there: int = 0) -> None:
        problem = ""
        if not picks:
            problem = N_("Write at least one name with its telephone number.")
        elif any(pick.line.problem or (pick.line.doubt and not pick.sure) for pick in picks):
            problem = N_("Some lines need another look.")
        elif len(picks) + there > rules.MOST_ENTRIES:
            problem = N_("That is more than one list can hold. Make two of it.")
        if problem:
            raise Invalid("calls", problem, fields={"people": problem})

    async def _put_on(
        self, tx: Tx, actor: Actor, each: CallList, picks: Sequence[Pick], *, agreed: bool, wording: str
    ) -> Added:
        desk, added, there = self._desk, 0, 0
        held = {entry.person_id: (entry, sealed) for entry, sealed in await call_lists.entries(tx, each.id)}
        self._check(picks, len(held))
        place = max((entry.place for entry, _ in held.values()), default=-1) + 1
        for pick in picks:
            person_id = await self._person(tx, actor, each, pick)
            if person_id in held:
                entry, sealed = held[person_id]
                if entry.state is EntryState.OFF:
                    await move_entry(tx, desk, actor, entry, sealed, EntryMove.PUT_BACK)
                    added += 1
                else:
                    there += 1
                continue
            entry = Entry(
                id=new_id(desk.random),
                list_id=each.id,
                person_id=person_id,
                place=place,
                since_day=desk.today,
            )
            place += 1
            sealed = sealed_entry(desk, entry.id, pick.line.note)
            await call_lists.put_entry(tx, entry, sealed)
            held[person_id] = (entry, sealed)
            await desk.record(tx, actor, "calls.on", person_object(person_id), list=each.id)
            if agreed:
                await agree(tx, desk, actor, entry, sealed, yes=True, wording=wording)
            added += 1
        return Added(list_id=each.id, added=added, there=there)

    async def _person(self, tx: Tx, actor: Actor, each: CallList, pick: Pick) -> PersonId:
        desk, line = self._desk, pick.line
        if pick.person_id is not None:
            return (await desk.need_person(tx, pick.person_id)).person.id
        person = Person(
            id=PersonId(new_id(desk.random)),
            state=PersonState.ACTIVE,
            created_day=desk.today,
            updated_day=desk.today,
        )
        said = NewPerson(
            name=line.name, phone=line.phone, languages=(each.language,) if each.language else ()
        )
        row = desk.person_row(PersonRow(person=person, sealed=b""), merged_person(None, NewNeed(person=said)))
        await persons.insert(tx, row)
        await desk.record(tx, actor, "person.added", person_object(person.id), list=each.id)
        return person.id
