"""What came of calls, said at the desk, and what waits for a coordinator because of it."""

from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.calls import call_list as rules
from node.domain.calls.call_list import CallTask, CallWord, Entry, TaskEnd
from node.domain.calls.call_views import NotRungLine, TaskLine, TaskView
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, NotFound
from node.services.calls.call_steps import (
    by_name,
    check_note,
    is_met,
    list_object,
    look_at,
    opened_entry,
    opened_list,
    phone_kind,
    say,
    take_back,
    the_caller,
    the_entry,
    the_list,
    told,
)
from node.services.desk import Desk, person_object
from node.store import call_lists, call_misses, call_words, settings, staff
from node.store.db import Tx

LAST_WORDS = 5
"""So many of the latest words about one person are shown."""
KEEP_WORDS_DAYS = 90
"""What came of calls is kept so long: enough to see how a winter went, no longer."""


class CallDays:
    """The verbs of the desk about a day. All raise ``NotAllowed``; what names anybody raises ``Locked``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def said(
        self, actor: Actor, list_id: str, entry_id: str, day: date, word: CallWord, note: str = ""
    ) -> str | None:
        """What came of one call; works while locked. Returns the task that now waits because of it, if there is one.

        Raises ``Conflict("not_its_day")``, ``Invalid`` (``note``), ``NotFound``.
        """
        require(actor, Permission.TRIAGE)
        check_note(note)
        desk = self._desk
        async with desk.db.write() as tx:
            each, _ = await the_list(tx, list_id)
            entry, _ = await the_entry(tx, list_id, entry_id)
            due = rules.list_rings(each, day, await settings.holidays(tx)) and rules.is_on(entry, day)
            if not due or not rules.on_its_day(day, desk.today):
                raise Conflict("not_its_day", N_("Nobody is rung there on that day."))
            await say(tx, desk, actor, entry, day, word, note)
            waiting = await call_words.open_of_entry(tx, entry_id)
            return waiting[0].id if waiting and word is not CallWord.FINE else None

    async def slip(self, actor: Actor, list_id: str, said_id: str) -> None:
        """That word was a slip. Works while locked. Raises ``NotFound``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            held = await call_words.word(tx, said_id)
            if held is None:
                raise NotFound("no_such_word", N_("There is no such entry any more."))
            entry, _ = await the_entry(tx, list_id, held[0].entry_id)
            await take_back(tx, self._desk, actor, entry, held[0])

    async def give(self, actor: Actor, list_id: str, entry_id: str, day: date, caller_id: str) -> None:
        """Somebody else rings her on that day alone. Raises ``NotFound``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            await the_entry(tx, list_id, entry_id)
            await the_caller(tx, list_id, caller_id)
            await call_lists.move_for_day(tx, entry_id, day, caller_id)
            await self._desk.record(
                tx, actor, "calls.given", list_object(list_id), caller=caller_id, day=day.isoformat()
            )

    # --- what waits for a coordinator

    async def to_see_to(self, actor: Actor) -> tuple[TaskLine, ...]:
        """What waits, worries first; without a name. Works while locked."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            found = []
            for task in await call_words.open_tasks(tx):
                entry = await call_lists.entry(tx, task.entry_id)
                if entry is not None and not await is_met(tx, task, entry[0].person_id):
                    found.append(await self._task_line(tx, task, entry[0]))
            return tuple(found)

    async def not_rung(self, actor: Actor) -> tuple[NotRungLine, ...]:
        """Lists on which somebody was not rung on the days before today, the one that waits longest first. Works while
        locked: then without the list's name."""
        require(actor, Permission.READ_BOARD)
        desk = self._desk
        async with desk.db.read() as tx:
            return tuple(
                NotRungLine(
                    missing=each,
                    list_name=opened_list(desk, each.list_id, sealed).name if desk.unlocked else "",
                    red=each.is_red(desk.today),
                )
                for each, sealed in await call_misses.all_of_them(tx, desk.today)
            )

    async def task(self, actor: Actor, task_id: str, *, reveal: bool = False) -> TaskView:
        """One thing to see to; ``reveal``: whom it is about and what was said lately, a recorded look. Raises
        ``NotFound``."""
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() if reveal else desk.db.read() as tx:
            task, entry, note = await self._task(tx, task_id)
            line = await self._task_line(tx, task, entry)
            if not reveal:
                return TaskView(line=line, revealed=False, list_id=entry.list_id, person_id=entry.person_id)
            person = desk.open_person(await desk.need_person(tx, entry.person_id))
            words = (await call_words.of_entry(tx, entry.id))[-LAST_WORDS:]
            names = await by_name(tx, desk, [said.by_actor for said, _ in words])
            await look_at(tx, desk, actor, entry.list_id, [entry.person_id])
            return TaskView(
                line=line,
                revealed=True,
                list_id=entry.list_id,
                person_id=entry.person_id,
                name=person.name,
                phone=person.best_phone,
                phone_kind=phone_kind(person),
                safe_to_ring=person.safe_to_ring,
                note=opened_entry(desk, entry.id, note),
                said=[told(desk, said, sealed, names) for said, sealed in reversed(words)],
            )

    async def take(self, actor: Actor, task_id: str) -> None:
        """The actor looks after it. Raises ``NotFound``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            task, entry, _ = await self._task(tx, task_id)
            await call_words.take_task(tx, task.id, actor.id or "")
            await self._desk.record(tx, actor, "calls.taken", person_object(entry.person_id), task=task.id)

    async def end(self, actor: Actor, task_id: str, why: str = "") -> None:
        """It is seen to; twice is no error. ``why``: what was done, sealed. Raises ``NotFound``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.write() as tx:
            task, entry, _ = await self._task(tx, task_id)
            if task.ended is None:
                await call_words.end_task(tx, task.id, TaskEnd.DONE, self._desk.now, actor.label)
                await self._desk.record(
                    tx, actor, "calls.seen_to", person_object(entry.person_id), why=why, task=task.id
                )

    async def tidy(self) -> int:
        """The job, by a trusted clock: words of calls long past go. Returns how many."""
        async with self._desk.db.write() as tx:
            return await call_words.delete_before(tx, self._desk.today - timedelta(days=KEEP_WORDS_DAYS))

    async def _task(self, tx: Tx, task_id: str) -> tuple[CallTask, Entry, bytes]:
        task = await call_words.task(tx, task_id)
        held = await call_lists.entry(tx, task.entry_id) if task is not None else None
        if task is None or held is None:
            raise NotFound("no_such_call_task", N_("There is nothing to see to any more."))
        return task, *held

    async def _task_line(self, tx: Tx, task: CallTask, entry: Entry) -> TaskLine:
        each, sealed = await the_list(tx, entry.list_id)
        active = {str(row.id): row.handle for row in await staff.all_of(tx) if row.state == "active"}
        return TaskLine(
            task=task,
            list_name=opened_list(self._desk, each.id, sealed).name if self._desk.unlocked else "",
            keeper=active.get(task.taken_by or "") or active.get(each.by_staff, ""),
            taken=task.taken_by in active,
        )
