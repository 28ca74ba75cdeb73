"""What all verbs about calls share inside a read or a write: boxes, who rings on a day, saying what came of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.actors import Actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import (
    KIND,
    Caller,
    CallList,
    CallTask,
    CallWord,
    Entry,
    EntryState,
    ListDetails,
    Said,
    TaskEnd,
    TaskKind,
)
from node.domain.calls.call_views import SaidView
from node.domain.catalogue import CheckLevel
from node.domain.dispatch.series import SeriesState
from node.domain.ids import PersonId, new_id
from node.domain.matching.matching import Gate, Helper, Wanted, must_not
from node.domain.person import PersonDetails, PhoneKind
from node.domain.volunteer import paused_on
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import LOOK_SECONDS, Desk, person_object
from node.services.matching.demands import asking
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import audit, call_lists, call_words, merges, needs, persons, settings, staff
from node.store.db import Tx
from node.vault import Compartment

LOOK = "look.calls"


@dataclass(frozen=True, slots=True, kw_only=True)
class TheDay:
    """One list on one day: who is due, who rings them, and who is there to ring."""

    rings: bool
    due: tuple[tuple[Entry, bytes], ...]
    shares: Mapping[str, str | None]
    """Entry -> caller."""
    there: tuple[Caller, ...]


def list_object(list_id: str) -> str:
    """How the audit names a list."""
    return f"calls:{list_id}"


def check_note(note: str) -> None:
    """Raises ``Invalid`` (``note``) when it is too long."""
    if len(note) > rules.MAX_NOTE:
        message = N_("This is too long. Shorten it, please.")
        raise Invalid("calls", N_("Some answers need another look."), fields={"note": message})


def must_come(until: date | None, today: date) -> None:
    """Raises ``Invalid`` (``until``) for a first day again that is not to come."""
    if until is not None and until <= today:
        message = N_("This day is past.")
        raise Invalid("calls", message, fields={"until": message})


def still_on(entry: Entry) -> bool:
    """Whether she is on the list, be it paused."""
    return entry.state is not EntryState.OFF


async def the_list(tx: Tx, list_id: str) -> tuple[CallList, bytes]:
    """Raises ``NotFound``."""
    found = await call_lists.get(tx, list_id)
    if found is None:
        raise NotFound("no_such_list", N_("There is no such list."))
    return found


async def going_on(tx: Tx, list_id: str) -> tuple[CallList, bytes]:
    """A list that is not over. Raises ``Conflict("list_over")``, ``NotFound``."""
    found = await the_list(tx, list_id)
    if found[0].state is SeriesState.ENDED:
        raise Conflict("list_over", N_("This list is over."))
    return found


async def the_entry(tx: Tx, list_id: str, entry_id: str) -> tuple[Entry, bytes]:
    """Somebody on that list. Raises ``NotFound``."""
    found = await call_lists.entry(tx, entry_id)
    if found is None or found[0].list_id != list_id:
        raise NotFound("no_such_entry", N_("Nobody like that is on this list."))
    return found


async def the_caller(tx: Tx, list_id: str, caller_id: str) -> Caller:
    """Somebody who rings on that list. Raises ``NotFound``."""
    found = await call_lists.caller(tx, caller_id)
    if found is None or found.list_id != list_id:
        raise NotFound("no_such_caller", N_("Nobody like that rings on this list."))
    return found


def sealed_list(desk: Desk, list_id: str, details: ListDetails) -> bytes:
    """Works while locked."""
    record = {"name": details.name, "note": details.note}
    return desk.vault.seal(Compartment.PEOPLE, "call_lists", list_id, record)


def opened_list(desk: Desk, list_id: str, sealed: bytes) -> ListDetails:
    """Raises ``Locked``."""
    record = desk.vault.open(Compartment.PEOPLE, "call_lists", list_id, sealed)
    return ListDetails(name=record["name"], note=record["note"])


def sealed_entry(desk: Desk, entry_id: str, note: str) -> bytes:
    """Works while locked."""
    return desk.vault.seal(Compartment.PEOPLE, "call_entries", entry_id, {"note": note.strip()})


def opened_entry(desk: Desk, entry_id: str, sealed: bytes) -> str:
    """Raises ``Locked``."""
    return str(desk.vault.open(Compartment.PEOPLE, "call_entries", entry_id, sealed)["note"])


async def asked_of_callers(tx: Tx, desk: Desk, day: date) -> Wanted:
    """What a call asks of whoever rings, before it is known whom."""
    kind = (await asking(tx, desk)).category(KIND)
    unmet_may = await settings.get(tx, settings.NEWCOMERS) == "pairs"
    return Wanted(
        category=KIND,
        check=CheckLevel(kind.check),
        needs=frozenset(),
        languages=frozenset(),
        soft_languages=frozenset(),
        point=None,
        remote=True,
        day=day,
        days=(day,),
        part=None,
        slots=frozenset(),
        contactless=unmet_may and kind.contactless,
        paired=False,
        requester=None,
        not_with=frozenset(),
        unseen=await merges.unseen(tx),
        helped_before={},
    )


def against(helper: Helper | None, wanted: Wanted) -> Gate | None:
    """What stands against somebody as a caller that day; nobody can overrule it. None if nothing does."""
    if helper is None:
        return Gate.NOT_VOLUNTEER
    return must_not(helper, wanted) or (Gate.PAUSED if paused_on(helper.volunteer, wanted.day) else None)


async def the_day(
    tx: Tx, desk: Desk, roster: Roster, matching: Matching, each: CallList, day: date
) -> TheDay:
    """Worked out from the rows alone. While locked nobody is left out for whom they must not meet: there is nothing to
    read then. Call ``Roster.ready`` before if unlocked."""
    rings = rules.list_rings(each, day, await settings.holidays(tx))
    barred = await call_lists.barred_of(tx, each.id)
    due = tuple(
        held
        for held in await call_lists.entries(tx, each.id)
        if rings and rules.is_on(held[0], day) and held[0].id not in barred
    )
    there = await _there(tx, desk, roster, each.id, day)
    unfit = await _unfit(tx, desk, matching, [entry for entry, _ in due], there)
    moved = await call_lists.moved(tx, each.id, day)
    shares = rules.share_out([entry for entry, _ in due], [caller.id for caller in there], moved, unfit)
    return TheDay(rings=rings, due=due, shares=shares, there=there)


async def _there(tx: Tx, desk: Desk, roster: Roster, list_id: str, day: date) -> tuple[Caller, ...]:
    active = {row.id for row in await staff.all_of(tx) if row.state == "active"}
    wanted = await asked_of_callers(tx, desk, day)

    def can(caller: Caller) -> bool:
        if day.weekday() not in caller.weekdays:
            return False
        if caller.person_id is None:
            return caller.staff_id in active
        return not desk.unlocked or against(roster.get(caller.person_id), wanted) is None

    return tuple(caller for caller in await call_lists.callers(tx, list_id) if can(caller))


async def _unfit(
    tx: Tx, desk: Desk, matching: Matching, entries: Iterable[Entry], callers: Sequence[Caller]
) -> Collection[tuple[str, str]]:
    found = set()
    volunteers = [caller for caller in callers if caller.person_id is not None]
    for entry in entries if volunteers and desk.unlocked else ():
        not_with = await matching.not_with(tx, entry.person_id)
        found |= {
            (entry.id, caller.id)
            for caller in volunteers
            if caller.person_id == entry.person_id or caller.person_id in not_with
        }
    return found


async def say(
    tx: Tx, desk: Desk, actor: Actor, entry: Entry, day: date, word: CallWord, note: str = ""
) -> None:
    """What came of one call. The same word twice is one; every other word is kept, whoever says it. Works while
    locked."""
    before = [said for said, _ in await call_words.of_entry(tx, entry.id)]
    if rules.is_echo(before, word, day, desk.now) and not note.strip():
        return
    said = Said(
        id=new_id(desk.random), entry_id=entry.id, day=day, word=word, at=desk.now, by_actor=actor.label
    )
    await call_words.add(tx, said, desk.seal_note("call_words", said.id, note))
    if word in rules.SETTLES and rules.in_order([*before, said])[-1] == said:
        for task in await call_words.open_of_entry(tx, entry.id):
            if task.kind is TaskKind.NO_ANSWER:
                await call_words.end_task(tx, task.id, TaskEnd.ANSWERED, said.at, actor.label)
    await raise_from(tx, desk, entry, said)
    await desk.record(
        tx, actor, f"call.{word}", person_object(entry.person_id), list=entry.list_id, day=day.isoformat()
    )


async def take_back(tx: Tx, desk: Desk, actor: Actor, entry: Entry, said: Said) -> None:
    """That word was a slip: what it raised is over, and what it had ended stands again."""
    if said.taken_back:
        return
    await call_words.take_back(tx, said.id)
    for task in await call_words.open_of_entry(tx, entry.id):
        if task.said_id == said.id:
            await call_words.end_task(tx, task.id, TaskEnd.SLIP, desk.now, actor.label)
    if said.word in rules.SETTLES:
        await call_words.open_again(tx, entry.id, said.at)
    await raise_from(tx, desk, entry, said)
    await desk.record(
        tx, actor, "call.slip", person_object(entry.person_id), list=entry.list_id, word=str(said.word)
    )


async def raise_from(tx: Tx, desk: Desk, entry: Entry, said: Said) -> None:
    """What that word and those after it raise. What came before it has been seen to."""
    order = rules.in_order([each for each, _ in await call_words.of_entry(tx, entry.id)])
    seen_to = {each.id for each in order[: [each.id for each in order].index(said.id)]}
    for word, kind in rules.raised_by(order)[1]:
        if word.id in seen_to:
            continue
        if kind is TaskKind.WANTS:
            await _end_met(tx, desk, entry)
        task = CallTask(
            id=new_id(desk.random), entry_id=entry.id, kind=kind, said_id=word.id, raised_at=desk.now
        )
        await call_words.raise_task(tx, task)


async def is_met(tx: Tx, task: CallTask, person_id: PersonId) -> bool:
    """Whether what she wanted has become a request since."""
    if task.kind is not TaskKind.WANTS:
        return False
    asked = await needs.of_person(tx, person_id)
    return any(row.need.created_at >= task.raised_at and not row.need.practice for row in asked)


async def _end_met(tx: Tx, desk: Desk, entry: Entry) -> None:
    for task in await call_words.open_of_entry(tx, entry.id):
        if await is_met(tx, task, entry.person_id):
            await call_words.end_task(tx, task.id, TaskEnd.REQUEST, desk.now, "system")


async def look_at(tx: Tx, desk: Desk, actor: Actor, list_id: str, people: Iterable[PersonId]) -> None:
    """One row for each person whose name is shown, once an hour, inside the caller's write."""
    since = desk.now - LOOK_SECONDS
    for person_id in people:
        object = person_object(person_id)
        if not await audit.done_since(tx, actor, LOOK, object, since):
            await desk.record(tx, actor, LOOK, object, list=list_id)


async def by_name(tx: Tx, desk: Desk, actors: Iterable[str]) -> Mapping[str, str]:
    """Labels of actors to the names that pages show: a handle, a volunteer's name. Raises ``Locked``."""
    handles = await desk.handles(tx)
    found = {}
    for label in set(actors):
        kind, _, id = label.partition(":")
        held = await persons.get(tx, id) if kind == "volunteer" else None
        found[label] = desk.open_person(held).name if held else handles.get(id, "")
    return found


def told(desk: Desk, said: Said, note: bytes | None, names: Mapping[str, str]) -> SaidView:
    """One word as a page shows it."""
    return SaidView(
        id=said.id,
        word=said.word,
        day=said.day,
        at=said.at,
        by=names.get(said.by_actor, ""),
        note=desk.open_note("call_words", said.id, note),
        taken_back=said.taken_back,
    )


def phone_kind(person: PersonDetails) -> str:
    """Whose number it is that she is rung on."""
    return str(person.door.kind if person.door else PhoneKind.OWN)
