"""One person on a list of calls: in hospital until, off it because she says no, on it again, in which order."""

from dataclasses import replace
from datetime import date

from node.domain.actors import Actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import Entry, EntryMove, EntryState
from node.domain.consents import Consent, Purpose
from node.domain.permissions import Permission, require
from node.services.calls.call_steps import (
    check_note,
    must_come,
    sealed_entry,
    still_on,
    the_caller,
    the_entry,
    the_list,
)
from node.services.desk import Desk, person_object
from node.services.settings.texts import RINGING, Texts
from node.store import call_lists, consents, persons
from node.store.db import Tx


class CallEntries:
    """The verbs about one person on a list. All raise ``NotAllowed``, ``NotFound``."""

    def __init__(self, desk: Desk, texts: Texts) -> None:
        self._desk = desk
        self._texts = texts

    async def move(
        self, actor: Actor, list_id: str, entry_id: str, move: EntryMove, until: date | None = None
    ) -> None:
        """In hospital until, back, off the list because she says no, on it again. Raises ``Conflict("moved_on")``,
        ``Invalid`` (``until``), ``NotFound``."""
        require(actor, Permission.TRIAGE)
        must_come(until, self._desk.today)
        async with self._desk.db.write() as tx:
            await move_entry(tx, self._desk, actor, *await the_entry(tx, list_id, entry_id), move, until)

    async def describe(
        self, actor: Actor, list_id: str, entry_id: str, *, note: str, caller_id: str | None
    ) -> None:
        """The note for her calls, and who usually rings. Raises ``Invalid`` (``note``), ``NotFound``."""
        require(actor, Permission.DISPATCH)
        self._desk.must_be_unlocked()
        check_note(note)
        async with self._desk.db.write() as tx:
            entry, _ = await the_entry(tx, list_id, entry_id)
            if caller_id is not None:
                await the_caller(tx, list_id, caller_id)
            changed = replace(entry, caller_id=caller_id)
            await call_lists.put_entry(tx, changed, sealed_entry(self._desk, entry_id, note))
            await self._desk.record(
                tx, actor, "calls.described", person_object(entry.person_id), list=list_id
            )

    async def earlier(self, actor: Actor, list_id: str, entry_id: str) -> None:
        """One place earlier. The first stays where she is."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await the_entry(tx, list_id, entry_id)
            held = [each for each in await call_lists.entries(tx, list_id) if still_on(each[0])]
            at = next((at for at, (each, _) in enumerate(held) if each.id == entry_id), 0)
            if at:
                held[at - 1], held[at] = held[at], held[at - 1]
            for place, (each, sealed) in enumerate(held):
                if each.place != place:
                    await call_lists.put_entry(tx, replace(each, place=place), sealed)

    async def said_yes(self, actor: Actor, list_id: str, entry_id: str, *, yes: bool) -> None:
        """She was asked whether we may ring her. No takes her off the list."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.read() as tx:
            language = (await the_list(tx, list_id))[0].language
        wording = await wording_of(self._texts, language)
        async with self._desk.db.write() as tx:
            entry, sealed = await the_entry(tx, list_id, entry_id)
            await agree(tx, self._desk, actor, entry, sealed, yes=yes, wording=wording)


async def wording_of(texts: Texts, language: str) -> str:
    """The version of the question that is asked in the language of the list."""
    return (await texts.said(RINGING[Purpose.HELP_YOU], language or "en")).version


async def move_entry(
    tx: Tx,
    desk: Desk,
    actor: Actor,
    entry: Entry,
    sealed: bytes,
    move: EntryMove,
    until: date | None = None,
) -> None:
    """One move of the table, inside a write. What waits for a coordinator because of her stays."""
    state = rules.after_entry(entry.state, move)
    again = desk.today if state is EntryState.ON else None
    since = until if state is EntryState.PAUSED else again
    await call_lists.put_entry(tx, replace(entry, state=state, paused_until=since), sealed)
    # She is still known to us from that day on, whatever the rule about people for whom nothing is open says.
    await persons.touched(tx, entry.person_id, desk.today)
    await desk.record(tx, actor, f"calls.{move}", person_object(entry.person_id), list=entry.list_id)


async def agree(
    tx: Tx, desk: Desk, actor: Actor, entry: Entry, sealed: bytes, *, yes: bool, wording: str
) -> None:
    """Her answer to being rung, with the words it was given to; no takes her off the list."""
    consent = Consent(
        purpose=Purpose.HELP_YOU, answer=yes, wording=wording, at=desk.now, by_actor=actor.label
    )
    await consents.add(tx, consent, person_id=entry.person_id, need_id=None)
    answered = replace(entry, agreed=yes)
    await call_lists.put_entry(tx, answered, sealed)
    await desk.record(
        tx,
        actor,
        "calls.said_yes" if yes else "calls.said_no",
        person_object(entry.person_id),
        list=entry.list_id,
    )
    if not yes and entry.state is not EntryState.OFF:
        await move_entry(tx, desk, actor, answered, sealed, EntryMove.TAKE_OFF)
