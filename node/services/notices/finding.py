"""What there is to tell, read from the rows. Cut off anywhere and run again it finds the rest, and nothing twice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from node.domain.dispatch.wave import yeses
from node.domain.ids import PersonId, new_id
from node.domain.need import Need
from node.domain.notices.asking import Told, about
from node.domain.notices.choices import Choices, goes_at
from node.domain.notices.fits import for_digest, is_urgent
from node.domain.notices.notice import (
    DAY,
    DIGEST_HOUR,
    LASTS,
    URGENT_AGAIN,
    URGENT_AT_ONCE,
    Kind,
    Notice,
    Way,
    digest_thing,
    need_thing,
)
from node.domain.notices.reminding import reminder_thing, reminds, reminds_away
from node.domain.notices.tasks import (
    SETTLES,
    held_thing,
    is_fresh,
    line_thing,
    moved_thing,
    stands_thing,
    task_thing,
    tells,
    tells_away,
)
from node.domain.person import PersonState
from node.services.desk import Desk
from node.services.dispatch.doors import held_up
from node.services.dispatch.its_day import on_its_round
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.notices.asker_news import AskerNews
from node.services.notices.choosing import Choosing
from node.services.notices.fitting import Fitting
from node.services.notices.knowing import (
    RAISED,
    held,
    knows_away,
    knows_by_herself,
    moved,
    stands_again,
    untrue,
)
from node.services.notices.stale import ending
from node.store import assignments, away_tasks, messages, notices, persons, settings
from node.store.db import Tx
from node.store.notice_choices import ChoicesRow
from node.store.notices import NoticeRow

STANDS_DAYS = 14
"""So long after it was said that she is not to go somebody is told that she is to go after all."""


@dataclass(slots=True, kw_only=True)
class _Readers:
    """Who can be written to, found out once a run."""

    choosing: Choosing
    rows: Mapping[PersonId, ChoicesRow]
    quiet: tuple[int, int]
    able: frozenset[Way]
    """By which the group sends messages."""
    ways: dict[PersonId, Way] = field(default_factory=dict)

    async def want(self, tx: Tx, person_id: PersonId, kind: Kind) -> bool:
        """Whether she wants that kind, and a message can reach her. Noted, so that ``way`` knows hers."""
        row = self.rows.get(person_id)
        if row is not None and not row.choices.wants(kind):
            return False
        if person_id not in self.ways:
            held = await persons.get(tx, person_id)
            away = held is None or held.person.state is PersonState.BARRED
            self.ways[person_id] = (
                Way.PHONE if held is None or away else self.choosing.way(row, held, self.able)
            )
        return self.ways[person_id] is not Way.PHONE

    def choices(self, person_id: PersonId) -> Choices:
        """Hers, or what holds until she chooses."""
        row = self.rows.get(person_id)
        return row.choices if row else Choices(person_id=person_id)


class Finding:
    """The jobs that write messages down. All raise ``Locked``: what a request takes is sealed."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching, choosing: Choosing) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching
        self._choosing = choosing
        self._asker_news = AskerNews(desk)

    async def urgent(self) -> int:
        """Whoever fits a request for today and was not told yet, the best few of each, and as many more after each
        hour in which nobody said yes; how many messages."""
        desk, today = self._desk, self._desk.today
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            await self._roster.ready()
            fitting = Fitting(desk, self._roster, self._matching, tx)
            rows = [row for row in await fitting.open_needs() if is_urgent(row.need, today)]
            if not rows:
                return 0
            readers = await self._readers(tx)
            found: list[tuple[PersonId, Need]] = []
            for row in rows:
                told = await notices.told_of(tx, need_thing(row.need.id, row.need.round))
                room = URGENT_AT_ONCE - len(told)
                if room <= 0:
                    if not await self._nobody_came_forward(tx, row.need):
                        continue
                    room = URGENT_AT_ONCE
                for _, helper in await fitting.best(row, len(self._roster.all_of_them()), told):
                    if await readers.want(tx, helper.person_id, Kind.URGENT):
                        found.append((helper.person_id, row.need))
                        room -= 1
                    if room == 0:
                        break
        return await self._write(readers, Kind.URGENT, [(person, [need], ()) for person, need in found])

    async def _nobody_came_forward(self, tx: Tx, need: Need) -> bool:
        """Whether whoever was told of that request first had long enough to answer, and too few said yes."""
        last = await notices.latest_due(tx, need_thing(need.id, need.round), Kind.URGENT, self._desk.now)
        if last is not None and self._desk.now < last + URGENT_AGAIN:
            return False
        on_it = await assignments.of_need(tx, need.id)
        return yeses(each.state for each in on_it if each.round == need.round) < need.helpers

    async def digests(self) -> int:
        """Once a day, from ``DIGEST_HOUR`` on: what fits and was not told yet, one message each; how many."""
        desk, today = self._desk, self._desk.today
        if desk.zone.moment(desk.now).hour < DIGEST_HOUR:
            return 0
        day = today.isoformat()
        async with desk.db.read() as tx:
            if await settings.get(tx, settings.DIGEST_DAY) == day or not await self._choosing.ways(tx):
                return 0
            await self._roster.ready()
            fitting = Fitting(desk, self._roster, self._matching, tx)
            readers = await self._readers(tx)
            everybody = len(self._roster.all_of_them())
            made = await notices.told_of(tx, digest_thing(day))
            fits: dict[PersonId, list[tuple[float, Need]]] = defaultdict(list)
            for row in await fitting.open_needs():
                told = await notices.told_of(tx, need_thing(row.need.id, row.need.round))
                for points, helper in await fitting.best(row, everybody, told | made):
                    if await readers.want(tx, helper.person_id, Kind.DIGEST):
                        fits[helper.person_id].append((points, row.need))
        found = [(person, for_digest(fits[person]), (digest_thing(day),)) for person in sorted(fits)]
        many = await self._write(readers, Kind.DIGEST, found)
        async with desk.db.write() as tx:
            await settings.put(tx, settings.DIGEST_DAY, day)
        return many

    async def tasks(self) -> int:
        """What became of somebody's task, and she does not know yet; how many messages."""
        desk, now = self._desk, self._desk.now
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            changed = await assignments.changed_since(tx, now - DAY)
            tasks = [task for task in changed if is_fresh(task.changed_at, now)]
            found: list[tuple[PersonId, Kind, str]] = []
            for task in tasks:
                knows = await notices.told(tx, task.person_id, task_thing(task.id, Kind.CONFIRMED))
                knows = knows or await knows_by_herself(tx, task)
                kind = tells(task, knows=knows)
                if kind is None or await untrue(tx, desk, task, kind):
                    continue
                if not await notices.told(tx, task.person_id, task_thing(task.id, kind)):
                    found.append((task.person_id, kind, task_thing(task.id, kind)))
            found += await self._away(tx)
            if not found:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [each for each in found if await readers.want(tx, each[0], each[1])]
        return sum(
            [await self._write(readers, kind, [(person, [], (thing,))]) for person, kind, thing in found]
        )

    async def _away(self, tx: Tx) -> list[tuple[PersonId, Kind, str]]:
        """The same of what she offered to other groups: their yes, and that it is called off."""
        now, found = self._desk.now, []
        for task in await away_tasks.recent(tx, now - DAY):
            person = task.person_id
            if person is None or not is_fresh(task.changed_at, now):
                continue
            knows = await notices.told(tx, person, task_thing(task.id, Kind.CONFIRMED))
            knows = knows or await knows_away(tx, task)
            kind = tells_away(task.state, task.answer, knows=knows)
            if kind is not None and not await notices.told(tx, person, task_thing(task.id, kind)):
                found.append((person, kind, task_thing(task.id, kind)))
        return found

    async def moved(self) -> int:
        """What is somebody's is on another day or at another time, and she does not know yet: one message for all that
        one deed changed, as of a round; how many."""
        desk, now = self._desk, self._desk.now
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            changed: dict[tuple[PersonId, int], list[str]] = defaultdict(list)
            for task in await assignments.with_another_day(tx, now - DAY):
                found = await moved(tx, desk, task)
                if found is None or not is_fresh(found.at, now):
                    continue
                thing = moved_thing(task.id, found.at)
                if not await notices.told(tx, task.person_id, thing):
                    changed[task.person_id, found.at].append(thing)
            if not changed:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            tell = [
                (person, list[Need](), tuple(things))
                for (person, _), things in changed.items()
                if await readers.want(tx, person, Kind.MOVED)
            ]
        return await self._write(readers, Kind.MOVED, tell)

    async def held(self) -> int:
        """Who is confirmed and not to go as things are, and does not know yet; how many messages."""
        desk, now = self._desk, self._desk.now
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            found: list[tuple[PersonId, list[Need], tuple[str, ...]]] = []
            for task in await assignments.raised_since(tx, RAISED, now - DAY):
                this = await held(tx, desk, task)
                if this is None or not is_fresh(this.at, now):
                    continue
                thing = held_thing(task.id, this.at)
                if not await notices.told(tx, task.person_id, thing):
                    found.append((task.person_id, [], (thing,)))
            if not found:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [each for each in found if await readers.want(tx, each[0], Kind.HELD)]
        return await self._write(readers, Kind.HELD, found)

    async def stands(self) -> int:
        """Who was told that she is not to go, and is to go after all; how many messages."""
        desk, now = self._desk, self._desk.now
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            found: list[tuple[PersonId, list[Need], tuple[str, ...]]] = []
            for task in await assignments.raised_since(tx, RAISED, now - STANDS_DAYS * DAY):
                at = await stands_again(tx, desk, task)
                if at is not None:
                    found.append((task.person_id, [], (stands_thing(task.id, at),)))
            if not found:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [each for each in found if await readers.want(tx, each[0], Kind.CONFIRMED)]
        return await self._write(readers, Kind.CONFIRMED, found)

    async def reminders(self) -> int:
        """From ``DIGEST_HOUR`` on: whose confirmed task is tomorrow; how many messages."""
        desk, now = self._desk, self._desk.now
        if desk.zone.moment(now).hour < DIGEST_HOUR:
            return 0
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            found: list[tuple[PersonId, list[Need], tuple[str, ...]]] = []
            for task in await assignments.beginning_on(tx, desk.today + timedelta(days=1)):
                need, _ = await on_its_round(tx, (await desk.need_row(tx, task.need_id)).need, task)
                day = reminds(task, need, now, desk.zone)
                thing = reminder_thing(task.id, day) if day else ""
                if not thing or await held_up(tx, desk, task) is not None:
                    continue  # nobody is sent to a door that is shut to her
                if not await notices.told(tx, task.person_id, thing):
                    found.append((task.person_id, [], (thing,)))
            for away in await away_tasks.recent(tx, now):
                day = reminds_away(away.state, away.seen.first_day, away.changed_at, now, desk.zone)
                thing = reminder_thing(away.id, day) if day else ""
                if thing and away.person_id and not await notices.told(tx, away.person_id, thing):
                    found.append((away.person_id, [], (thing,)))
            if not found:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [each for each in found if await readers.want(tx, each[0], Kind.REMINDER)]
        return await self._write(readers, Kind.REMINDER, found)

    async def stale(self) -> int:
        """Whose task ends tomorrow by itself, because nothing was heard of it; how many messages."""
        async with self._desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            found = [
                (person, list[Need](), (thing,))
                for person, thing in await ending(tx, self._desk.now)
                if not await notices.told(tx, person, thing)
            ]
            if not found:
                return 0
            self._desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [each for each in found if await readers.want(tx, each[0], Kind.STALE)]
        return await self._write(readers, Kind.STALE, found)

    async def lines(self) -> int:
        """What coordinators wrote to volunteers about their tasks: one message for all of one task; how many."""
        desk, now = self._desk, self._desk.now
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            written: dict[tuple[PersonId, str], list[str]] = defaultdict(list)
            for message, task_id, person_id in await messages.unread_of_staff(tx, now - DAY, now - SETTLES):
                thing = line_thing(task_id, message)
                if not await notices.told(tx, person_id, thing):
                    written[person_id, task_id].append(thing)
            if not written:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            found = [
                (person, list[Need](), tuple(things))
                for (person, _), things in written.items()
                if await readers.want(tx, person, Kind.WROTE)
            ]
        return await self._write(readers, Kind.WROTE, found)

    async def askers(self) -> int:
        """What became of requests of people who asked on the page; how many messages."""
        desk = self._desk
        async with desk.db.read() as tx:
            if not await self._choosing.ways(tx):
                return 0
            due = await self._asker_news.due(tx)
            if not due:
                return 0
            desk.must_be_unlocked()
            readers = await self._readers(tx)
            due = [each for each in due if await readers.want(tx, each[0], each[1].kind)]
        return sum(
            [await self._write(readers, told.kind, [(person, [], (told.thing,))]) for person, told in due]
        )

    async def _readers(self, tx: Tx) -> _Readers:
        quiet = (
            await settings.get(tx, settings.QUIET_FROM),
            await settings.get(tx, settings.QUIET_UNTIL),
        )
        rows, able = await self._choosing.of_all(tx), await self._choosing.ways(tx)
        return _Readers(choosing=self._choosing, rows=rows, quiet=quiet, able=able)

    async def _write(
        self, readers: _Readers, kind: Kind, found: Sequence[tuple[PersonId, list[Need], tuple[str, ...]]]
    ) -> int:
        """The messages, each with all that it tells, in one write; whoever was told meanwhile is left out."""
        if not found:
            return 0
        desk, now = self._desk, self._desk.now

        async def work(tx: Tx) -> int:
            many = 0
            for person_id, told, also in found:
                if await persons.get(tx, person_id) is None:
                    continue  # erased meanwhile
                await self._choosing.ensure(tx, person_id)
                for asked in filter(None, map(Told.of, also)):
                    await notices.keep_latest(tx, about(asked.need_id))
                due = goes_at(readers.choices(person_id), kind, now, readers.quiet, desk.zone)
                notice = Notice(
                    id=new_id(desk.random),
                    person_id=person_id,
                    kind=kind,
                    way=readers.ways[person_id],
                    due=due,
                    ends=due + LASTS[kind],
                    created_at=now,
                )
                things = [need_thing(need.id, need.round) for need in told]
                many += await notices.insert(tx, NoticeRow(notice=notice), [*things, *also], desk.today)
            return many

        return await desk.db.write_in_one_trip(work)
