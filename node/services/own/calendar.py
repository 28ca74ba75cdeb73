"""Her confirmed tasks as a calendar: kind and days, nobody's name, under an address that she can end."""

from collections.abc import Sequence
from datetime import date

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import COMING
from node.domain.exchange.away_task import AwayTask
from node.domain.need import PartOfDay, Urgency, Window, due_day
from node.domain.own.views import OwnTaskRow
from node.services import links
from node.services.desk import Desk, person_object
from node.services.own.door import helps_here, hers
from node.services.own.page import own_row
from node.store import assignments, away_tasks, own_page, peers


class OwnCalendar:
    """Making, ending and reading it; works while locked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def make(self, actor: Actor) -> str:
        """A fresh token for ``/my/calendar/<token>.ics``, told this once; the one before stops working."""
        person, token = hers(actor), links.new_token(self._desk.random)
        async with self._desk.db.write() as tx:
            await own_page.put_feed(tx, person, links.calendar_hash(token), self._desk.now)
            await self._desk.record(tx, actor, "volunteer.calendar", person_object(person))
        return token

    async def end(self, actor: Actor) -> None:
        """Its address stops working."""
        person = hers(actor)
        async with self._desk.db.write() as tx:
            await own_page.drop_feed(tx, person)
            await self._desk.record(tx, actor, "volunteer.calendar_ended", person_object(person))

    async def since(self, actor: Actor) -> int | None:
        """Since when there is one, Unix seconds."""
        async with self._desk.db.read() as tx:
            return await own_page.feed_since(tx, hers(actor))

    async def tasks(self, token: str) -> Sequence[OwnTaskRow]:
        """What is confirmed and has a day. Raises ``NotFound("link_closed")``."""
        async with self._desk.db.read() as tx:
            person = await own_page.feed_owner(tx, links.calendar_hash(token)) if token else None
            if person is None or not await helps_here(tx, person):
                raise links.closed_link()
            mine = await assignments.of_person(tx, person)
            rows = [await own_row(tx, self._desk, task, None) for task in mine if task.state in COMING]
            theirs = [task for task in await away_tasks.of_person(tx, person) if task.state in COMING]
            names = {row.origin: row.name for row in await peers.all_of_them(tx)} if theirs else {}
        rows += [self._away(task, names.get(task.peer, "")) for task in theirs]
        return [row for row in rows if row.window or row.due_day]

    def _away(self, task: AwayTask, group: str) -> OwnTaskRow:
        """One for another group, as that group told everybody of it."""
        seen, began = task.seen, self._desk.zone.day(task.created_at)
        days = [date.fromisoformat(day) for day in seen.window or ()]
        window = Window(first=days[0], last=days[1]) if days else None
        urgency = Urgency(seen.urgency)
        return OwnTaskRow(
            id=task.id,
            state=task.state,
            category=seen.category,
            cell=seen.cell,
            urgency=urgency,
            window=window,
            part_of_day=PartOfDay(seen.part_of_day) if seen.part_of_day else None,
            due_day=due_day(urgency, window, began),
            posted_day=began,
            remote=seen.remote,
            changed_at=task.changed_at,
            group=group,
        )
