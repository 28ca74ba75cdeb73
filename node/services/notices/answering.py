"""Texts that come in: kept sealed, read once the records are open, and done through the same verbs as the private link.

A yes by text says who would come, and opens nothing: details stay behind the link, on her device.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import COMING
from node.domain.ids import PersonId, new_id
from node.domain.notices.answering import LONGEST_TEXT, MOVING, Incoming, Reply, Word, reply_to, word_of
from node.domain.notices.notice import DAY, LASTS, MINUTE, Kind, Notice, State, Way
from node.domain.notices.tasks import task_of
from node.domain.permissions import Permission, require
from node.domain.person import PersonState
from node.errors import N_, Conflict, Invalid, NotFound, TooMany
from node.services.desk import Desk
from node.services.dispatch.tasks import Tasks
from node.services.notices.choosing import Choosing
from node.services.notices.text_settings import TextSettings
from node.store import assignments, away_tasks, notice_choices, notices, persons, texts_in
from node.store.db import Tx
from node.store.notices import NoticeRow
from node.store.persons import PersonRow
from node.store.texts_in import TextRow, TextState
from node.vault import Compartment

MOST_A_MINUTE = 60
MOST_WAITING = 500
"""Texts that are kept unread while nobody has signed in."""
MOST_REPLIES = 6
"""To one person in a day: two machines do not talk with each other for long."""
ANSWERABLE = 3 * DAY
"""So long after a message an answer is taken to be about it."""
AT_ONCE = 50
SHOWN = 50
KEPT_DONE, KEPT = DAY, 30 * DAY
_TABLE = "texts_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnclearText:
    """A text for a coordinator to read. Name, number and words are empty until somebody looks; the number also where we
    know whose it is."""

    id: str
    at: int
    person_id: PersonId | None
    name: str
    number: str
    text: str


class Answering:
    """What comes in by the gateway."""

    def __init__(self, desk: Desk, choosing: Choosing, texts: TextSettings, tasks: Tasks) -> None:
        self._desk = desk
        self._choosing = choosing
        self._texts = texts
        self._tasks = tasks

    async def take(self, token: str, came: Incoming) -> None:
        """Keeps it, sealed; ``work`` does the rest. Works while locked. Raises ``NotFound`` for a wrong secret,
        ``Invalid`` for what is no text, ``TooMany``."""
        desk = self._desk
        if not await self._texts.is_inbound(token):
            raise NotFound("no_such_gateway", N_("There is nothing at this address."))
        if not came.number.strip() or not came.text.strip():
            raise Invalid("no_text", N_("A text has a number and words."))
        async with desk.db.write() as tx:
            many = await texts_in.came_since(tx, desk.now - MINUTE)
            if many >= MOST_A_MINUTE or await texts_in.count(tx, TextState.NEW) >= MOST_WAITING:
                raise TooMany("busy", N_("Too many texts at once. Send it again in a minute."))
            text_id = new_id(desk.random)
            record = {"number": came.number.strip()[:40], "text": came.text.strip()[:LONGEST_TEXT]}
            sealed = desk.vault.seal(Compartment.PEOPLE, _TABLE, text_id, record)
            await texts_in.insert(tx, text_id, desk.now, sealed)

    async def work(self) -> int:
        """Does what the new ones say; how many. Nothing while locked."""
        if not self._desk.unlocked:
            return 0
        async with self._desk.db.read() as tx:
            rows = await texts_in.listed(tx, TextState.NEW, AT_ONCE)
        for row in rows:
            await self._read(row)
        return len(rows)

    async def unclear(self, tx: Tx, *, named: bool) -> tuple[UnclearText, ...]:
        """Those for a coordinator. ``named``: with what they say; the caller has recorded the look."""
        return tuple(
            [await self._shown(tx, row, named) for row in await texts_in.listed(tx, TextState.UNCLEAR, SHOWN)]
        )

    async def seen_to(self, actor: Actor, text_id: str) -> None:
        """A coordinator did what there was to do. Raises ``NotFound``, also when another was first."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            if not await texts_in.done(tx, text_id):
                raise NotFound("no_such_text", N_("That one was seen to already."))
            await self._desk.record(tx, actor, "text.seen_to", "notices", text=text_id)

    # --- the parts of it

    async def _read(self, row: TextRow) -> None:
        came = self._opened(row)
        word = word_of(came.text)
        async with self._desk.db.read() as tx:
            people = await self._senders(tx, came.number)
            # Before anything changes: to whom no text goes by itself, none goes as an answer either.
            hear = [held.person.id for held in people if await self._hears(tx, held)]
            tasks = await self._about(tx, people, word) if word is not None and word in MOVING else []
            stays = await self._asked_how(tx, people) if word is Word.YES else []
        if word is Word.STOP and people:
            for held in people:
                await self._choosing.out(held.person.id)
            await self._finish(row, hear[:1], Reply.STOPPED)
        elif stays and not any(task.state is AssignmentState.PROPOSED for task in tasks):
            await self._stay(row, stays, hear)
        elif word is not None and len(tasks) == 1 and not stays:
            await self._move(row, word, tasks[0], hear)
        else:
            await self._pass_on(row, people, hear)

    async def _move(self, row: TextRow, word: Word, task: Assignment, hear: Sequence[PersonId]) -> None:
        """Her word on one task; if that is over by now, for a coordinator."""
        person = task.person_id
        try:
            state = await self._tasks.answer_by_text(person, task.id, MOVING[word].move)
        except (Conflict, NotFound):
            await self._pass_on(row, (), [person] if person in hear else [], person)
            return
        await self._finish(row, [person] if person in hear else [], reply_to(word, state), task)

    async def _stay(self, row: TextRow, tasks: Sequence[Assignment], hear: Sequence[PersonId]) -> None:
        """What is hers, and of which we had asked how it stands, stays so."""
        yes, those = MOVING[Word.YES].move, [task.person_id for task in tasks]
        try:
            for task in tasks:
                await self._tasks.answer_by_text(task.person_id, task.id, yes)
        except (Conflict, NotFound):
            await self._pass_on(row, (), [each for each in hear if each in those], those[0])
            return
        await self._finish(row, [each for each in hear if each in those][:1], Reply.STILL_HERS)

    async def _finish(
        self, row: TextRow, hear: Sequence[PersonId], reply: Reply, task: Assignment | None = None
    ) -> None:
        async with self._desk.db.write() as tx:
            await texts_in.done(tx, row.id)
            for person_id in hear:
                await self._reply(tx, person_id, reply, task)

    async def _pass_on(
        self,
        row: TextRow,
        people: Sequence[PersonRow],
        hear: Sequence[PersonId],
        person: PersonId | None = None,
    ) -> None:
        """To a coordinator; whoever wrote hears what to do instead."""
        whose = person or (people[0].person.id if len(people) == 1 else None)
        async with self._desk.db.write() as tx:
            await texts_in.unclear(tx, row.id, whose)
            for person_id in hear[:1]:
                await self._reply(tx, person_id, Reply.UNCLEAR, None)

    async def _senders(self, tx: Tx, number: str) -> list[PersonRow]:
        """Whoever has that number with us: several may share one."""
        found = await persons.with_phone(tx, self._desk.vault.blind("phone", number))
        return [held for held in found if held.person.state is PersonState.ACTIVE]

    async def _hears(self, tx: Tx, held: PersonRow) -> bool:
        """Whether she is told by text, and was before: who never had a text of ours gets none back."""
        row = await notice_choices.get(tx, held.person.id)
        if self._choosing.way(row, held, frozenset({Way.TEXT})) is not Way.TEXT:
            return False
        return any(_by_text(each.notice) for each in await notices.of_person(tx, held.person.id))

    async def _about(self, tx: Tx, people: Sequence[PersonRow], word: Word) -> list[Assignment]:
        """The tasks that the word can be about: those that wait for it, else those where she said it before. None where
        it can be about another group's task as well."""
        moving = MOVING[word]
        told: dict[str, Assignment] = {}
        last = 0
        for notice, task_id in await self._told(tx, people):
            task = await assignments.get(tx, task_id) if notice.kind in moving.told_by else None
            if task is not None:
                told[task.id] = task
                last = max(last, _went(notice))
        if await self._may_be_away(tx, people, word, last):
            return []
        waiting = [task for task in told.values() if task.state in moving.open]
        return waiting or [task for task in told.values() if task.state in moving.said][:1]

    async def _asked_how(self, tx: Tx, people: Sequence[PersonRow]) -> list[Assignment]:
        """What is theirs and nothing was heard of, as a text said; none where her word can be about another group's
        task."""
        found: dict[str, Assignment] = {}
        last = 0
        for notice, task_id in await self._told(tx, people):
            task = await assignments.get(tx, task_id) if notice.kind is Kind.STALE else None
            # Of what she gave a word on since, nobody asks any more.
            if task is not None and task.state in COMING and task.changed_at <= notice.created_at:
                found[task.id] = task
                last = max(last, _went(notice))
        return [] if await self._may_be_away(tx, people, Word.YES, last) else list(found.values())

    async def _may_be_away(self, tx: Tx, people: Sequence[PersonRow], word: Word, last: int) -> bool:
        """Whether the word can be about a task for another group: done, if she goes to any, told by text or not; yes
        and no, if a text about one went at or after ``last`` (Unix seconds), when we asked about a request here."""
        live = {
            task.id
            for held in people
            for task in await away_tasks.of_person(tx, held.person.id)
            if task.state in MOVING[Word.DONE].open
        }
        if word is Word.DONE or not live:
            return bool(live)
        return any(
            task_id in live and _went(notice) >= last for notice, task_id in await self._told(tx, people)
        )

    async def _told(self, tx: Tx, people: Sequence[PersonRow]) -> list[tuple[Notice, str]]:
        """Texts about tasks to which an answer can still come, each with the task's id."""
        since, found = self._desk.now - ANSWERABLE, list[tuple[Notice, str]]()
        for held in people:
            for row in await notices.of_person(tx, held.person.id):
                if not _by_text(row.notice) or row.notice.created_at < since:
                    continue
                ids = [task_of(thing) for thing in await notices.things(tx, row.notice.id)]
                found += [(row.notice, task_id) for task_id in ids if task_id]
        return found

    async def _reply(self, tx: Tx, person_id: PersonId, reply: Reply, task: Assignment | None) -> None:
        """One text, as a row of the outbox like all others."""
        desk = self._desk
        if await notices.made_since(tx, person_id, Kind.REPLY, desk.now - DAY) >= MOST_REPLIES:
            return
        await self._choosing.ensure(tx, person_id)
        notice = Notice(
            id=new_id(desk.random),
            person_id=person_id,
            kind=Kind.REPLY,
            way=Way.TEXT,
            due=desk.now,
            ends=desk.now + LASTS[Kind.REPLY],
            created_at=desk.now,
        )
        record = {"reply": str(reply), "task": task.id if task is not None else ""}
        sealed = desk.vault.seal(Compartment.PEOPLE, "notices", notice.id, record)
        await notices.insert(tx, NoticeRow(notice=notice, sealed=sealed), (), desk.today)

    async def _shown(self, tx: Tx, row: TextRow, named: bool) -> UnclearText:
        shown = UnclearText(id=row.id, at=row.at, person_id=row.person_id, name="", number="", text="")
        if not named:
            return shown
        came = self._opened(row)
        held = await persons.get(tx, row.person_id) if row.person_id else None
        return UnclearText(
            id=row.id,
            at=row.at,
            person_id=row.person_id,
            name=self._desk.open_person(held).name if held else "",
            number="" if held else came.number,
            text=came.text,
        )

    def _opened(self, row: TextRow) -> Incoming:
        assert row.sealed is not None
        record = self._desk.vault.open(Compartment.PEOPLE, _TABLE, row.id, row.sealed)
        return Incoming(number=str(record["number"]), text=str(record["text"]))


def _by_text(notice: Notice) -> bool:
    return notice.way is Way.TEXT and notice.state is State.SENT


def _went(notice: Notice) -> int:
    """When it went, Unix seconds: after quiet hours that is long after it was made."""
    return notice.last_try or notice.created_at
