"""Tomorrow's sheet: what is due, who comes, whom to ring. Names of those who asked only by a recorded look."""

from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import COMING
from node.domain.ids import PersonId
from node.domain.need import NeedState
from node.domain.need_lifecycle import WORKING
from node.domain.permissions import Permission, require
from node.domain.person import PersonDetails
from node.domain.rounds.tomorrow import Reach, TomorrowLine, TomorrowSheet
from node.services.desk import Desk, need_object
from node.services.rounds.run_book import RunBook
from node.store import assignments, contacts, needs, persons
from node.store.db import Tx
from node.store.needs import NeedRow

OPEN = (NeedState.NEW, *WORKING, NeedState.ON_HOLD)


class Tomorrow:
    """The one verb. Raises ``Locked``."""

    def __init__(self, desk: Desk, run_book: RunBook) -> None:
        self._desk = desk
        self._run_book = run_book

    @property
    def day(self) -> date:
        """The group's tomorrow."""
        return self._desk.today + timedelta(days=1)

    async def sheet(self, actor: Actor, *, reveal: bool = False) -> TomorrowSheet:
        """Everything due by tomorrow, held until then, or promised a call. ``reveal``: with names and numbers of those
        who asked, each a look in the record."""
        require(actor, Permission.READ_BOARD)
        if reveal:
            require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        rounds = [run for run in await self._run_book.going_on(actor) if run.day <= self.day]
        async with self._desk.db.write() if reveal else self._desk.db.read() as tx:
            lines = []
            for row in await needs.in_states(tx, OPEN):
                line = await self._line(tx, row, reveal=reveal)
                if line is not None:
                    lines.append(line)
                    if reveal:
                        await self._desk.record(
                            tx, actor, "look.need", need_object(row.need.id), why_code="tomorrow"
                        )
        if lines and not reveal:
            await self._desk.look(actor, "look.list", "tomorrow")
        lines.sort(key=lambda line: (line.due_day or self.day, line.reference))
        return TomorrowSheet(lines=tuple(lines), rounds=tuple(rounds), revealed=reveal)

    async def _line(self, tx: Tx, row: NeedRow, *, reveal: bool) -> TomorrowLine | None:
        need = row.need
        if need.practice:
            return None
        promise = await contacts.call_back(tx, need.id)
        ring = (promise is not None and promise.day <= self.day) or need.promised_at is not None
        held = need.hold_until is not None and need.hold_until <= self.day
        due = need.due_day is not None and need.due_day <= self.day and need.state is not NeedState.ON_HOLD
        if not (due or ring or held):
            return None
        coming = [task.person_id for task in await assignments.of_need(tx, need.id) if task.state in COMING]
        people = [await self._details(tx, person) for person in coming]
        asker = await self._details(tx, need.person_id) if need.person_id else None
        return TomorrowLine(
            need_id=need.id,
            reference=need.reference,
            category=self._desk.open_need(row).category,
            cell=need.cell,
            state=need.state,
            due_day=need.due_day,
            part_of_day=need.part_of_day,
            told=need.told_by_phone,
            ring=ring or held,
            helpers=tuple(person.name for person in people),
            asker=_reach(asker) if reveal and asker else None,
            coming=tuple(_reach(person) for person in people) if reveal else (),
        )

    async def _details(self, tx: Tx, person_id: PersonId) -> PersonDetails:
        held = await persons.get(tx, person_id)
        return self._desk.open_person(held) if held else PersonDetails()


def _reach(person: PersonDetails) -> Reach:
    return Reach(name=person.name, phone=person.best_phone, safe_to_ring=person.safe_to_ring)
