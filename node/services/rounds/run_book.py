"""Rounds to read: the list, one round, its run sheet; what waits to be delivered, and who passes near it anyway."""

from collections.abc import Collection
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.board.views import TaskDetails
from node.domain.hours import PARTS, free_on
from node.domain.ids import NeedId, PersonId
from node.domain.matching.matching import NEAR_ENOUGH_M
from node.domain.need import NeedState, Point, Urgency, Window
from node.domain.permissions import Permission, require
from node.domain.rounds import run as rules
from node.domain.rounds.route import km, length
from node.domain.rounds.run import Run, RunMove, RunState, StopState
from node.domain.rounds.run_views import (
    Area,
    Delivery,
    Driver,
    NearRun,
    OnRun,
    RunLine,
    RunView,
    Sheet,
    SheetStop,
    StopView,
)
from node.domain.volunteer import VolunteerState, paused_on
from node.errors import moved_on
from node.services.desk import Desk, need_object, run_object
from node.services.dispatch.tasks import told_to_helper
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.rounds.held_stops import held_stops
from node.services.rounds.run_moves import (
    elsewhere_then,
    numbered,
    opened_run,
    opened_stop,
    points_of,
    the_run,
)
from node.store import assignments, merges, needs, persons, runs
from node.store.db import Tx
from node.store.needs import NeedRow

RECENT_DAYS = 14
"""Rounds that are over stay so long in the list."""
LOOKING = (NeedState.NEW, NeedState.OPEN, NeedState.OFFERED)
"""Whoever is confirmed for one that nobody has sorted yet also opens it, as on the board."""
WITHOUT_HURRY_DAYS = 14
"""A need without a day is worth a round so far ahead."""

_NOTHING = TaskDetails(
    first_name="",
    safe_to_ring="",
    phone="",
    phone_kind="",
    address="",
    doorstep_word="",
    notes="",
    languages=(),
)


class RunBook:
    """What the pages about rounds show. Names, places and notes are sealed: everything raises ``Locked``."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def _looked(self, actor: Actor, shown: Collection[object]) -> None:
        """Names of volunteers are read: written down, once an hour. While locked there are none."""
        if shown and self._desk.unlocked:
            await self._desk.look(actor, "look.list", "rounds")

    async def going_on(self, actor: Actor) -> list[RunLine]:
        """Planned and under way, by day."""
        self._may_read(actor)
        async with self._desk.db.read() as tx:
            found = [await self._line(tx, run) for run in await runs.going_on(tx)]
        await self._looked(actor, found)
        return found

    async def ended(self, actor: Actor) -> list[RunLine]:
        """Over or called off in the last two weeks, the latest first."""
        self._may_read(actor)
        since = self._desk.today - timedelta(days=RECENT_DAYS)
        async with self._desk.db.read() as tx:
            found = [await self._line(tx, run) for run in await runs.ended_since(tx, since)]
        await self._looked(actor, found)
        return found

    async def one(self, actor: Actor, run_id: str) -> RunView:
        """One round. Raises ``NotFound``."""
        self._may_read(actor)
        async with self._desk.db.read() as tx:
            found = await self._view(tx, await the_run(tx, run_id))
        await self._looked(actor, [found])
        return found

    async def sheet(self, actor: Actor, run_id: str) -> Sheet:
        """The run sheet, with what the doors take: a look at everybody on it, recorded. Printing changes nothing else.

        Only while the round is planned or under way (``Conflict``).
        """
        require(actor, Permission.DISPATCH)
        require(actor, Permission.READ_PERSON)
        self._may_read(actor)
        desk = self._desk
        async with desk.db.write() as tx:
            run = await the_run(tx, run_id)
            if run.state in rules.ENDED:
                raise moved_on()
            stops = await runs.stops(tx, run.id)
            there, found = numbered(stops), []
            held_back = await held_stops(tx, desk, stops)
            for stop in stops:
                if stop.state is not StopState.WAITING:
                    continue
                row = await desk.need_row(tx, stop.need_id)
                held, noted = desk.open_need(row), opened_stop(desk, stop)
                found.append(
                    SheetStop(
                        number=there[stop.assignment_id],
                        reference=row.need.reference,
                        category=held.category,
                        details=_NOTHING
                        if stop.assignment_id in held_back
                        else await told_to_helper(tx, desk, row, held),
                        items=held.items,
                        hand_off=noted.hand_off,
                        note=noted.note,
                        held=stop.assignment_id in held_back,
                    )
                )
                await desk.record(tx, actor, "look.need", need_object(stop.need_id), run=run.id)
            return Sheet(
                id=run.id,
                day=run.day,
                driver=await self._name(tx, run.driver_id),
                details=await opened_run(tx, desk, run),
                stops=tuple(found),
            )

    async def waiting(self, actor: Actor) -> list[Area]:
        """Every delivery that looks for somebody, by area; the area and the delivery that press most first."""
        self._may_read(actor)
        by_cell: dict[str | None, list[Delivery]] = {}
        async with self._desk.db.read() as tx:
            for row in await needs.in_states(tx, LOOKING):
                if (line := await self._delivery(tx, row)) is not None:
                    by_cell.setdefault(line.cell, []).append(line)
        areas = []
        for cell, lines in by_cell.items():
            lines.sort(key=_pressing)
            days = [line.due_day for line in lines if line.due_day]
            areas.append(Area(cell=cell, day=min(days, default=None), deliveries=tuple(lines)))
        return sorted(areas, key=lambda area: (area.cell is None, _pressing(area.deliveries[0])))

    async def drivers(self, actor: Actor, day: date) -> list[Driver]:
        """Every volunteer who could drive, those who are free on that day first."""
        self._may_read(actor)
        await self._roster.ready()
        found = []
        await self._looked(actor, self._roster.all_of_them())
        async with self._desk.db.read() as tx:
            unseen = await merges.unseen(tx)
        for helper in self._roster.all_of_them():
            volunteer = helper.volunteer
            away = helper.barred or volunteer.state in (VolunteerState.LEFT, VolunteerState.SUSPENDED)
            if away or helper.person_id in unseen:
                continue
            free = free_on(volunteer.hours, volunteer.days_off, day, None) and not paused_on(volunteer, day)
            if helper.rests_until is not None and day < helper.rests_until:
                free = False
            there = {at.part for at in helper.booked if at.day == day}
            found.append(
                Driver(
                    person_id=helper.person_id,
                    name=helper.name,
                    transport=volunteer.transport,
                    free=free,
                    elsewhere=tuple(part for part in (*PARTS, "") if part in there),
                )
            )
        return sorted(found, key=lambda each: (not each.free, each.name.casefold(), each.person_id))

    async def near(self, actor: Actor, need_id: NeedId) -> list[NearRun]:
        """Planned rounds that pass near an open delivery in time and whose driver may take it, the nearest first.

        Near is ``NEAR_KM`` where both places are known better than 500 m, else the same area. Raises ``NotFound``.
        """
        self._may_read(actor)
        await self._roster.ready()
        desk = self._desk
        async with desk.db.read() as tx:
            row = await desk.need_row(tx, need_id)
            if await self._delivery(tx, row) is None:
                return []
            point, by = desk.open_need(row).point, row.need.due_day
            by = by or desk.today + timedelta(days=WITHOUT_HURRY_DAYS)
            found = []
            for run in await runs.going_on(tx):
                if run.state is not RunState.PLANNED or not desk.today <= run.day <= by:
                    continue
                close, how_far, count = await self._passes(tx, run, row.need.cell, point)
                if not close or count >= rules.MAX_STOPS:
                    continue
                if await self._matching.must_not(tx, row, run.driver_id, asking=True) is not None:
                    continue
                driver = await self._name(tx, run.driver_id)
                clash = await elsewhere_then(tx, self._roster, run, row.need)
                found.append(
                    NearRun(
                        id=run.id,
                        day=run.day,
                        driver=driver,
                        stops=count,
                        km=how_far,
                        clash=clash,
                        wanted=_off(row.need.window, run.day),
                    )
                )
        return sorted(found, key=lambda each: (each.km is None, each.km or 0.0, each.day, each.id))

    async def of_need(self, actor: Actor, need_id: NeedId) -> OnRun | None:
        """The round that a need is on, None if on none that is going on."""
        self._may_read(actor)
        async with self._desk.db.read() as tx:
            for stop in await runs.stops_of_need(tx, need_id):
                run = await the_run(tx, stop.run_id)
                if run.state in rules.ENDED or stop.state is StopState.OFF:
                    continue
                number = numbered(await runs.stops(tx, run.id))[stop.assignment_id]
                driver = await self._name(tx, run.driver_id)
                return OnRun(id=run.id, day=run.day, state=run.state, driver=driver, number=number)
        return None

    async def _delivery(self, tx: Tx, row: NeedRow) -> Delivery | None:
        """A need that waits to be brought; None if it is none, or nobody is wanted for it."""
        need = row.need
        if need.state not in LOOKING or need.remote or need.practice:
            return None
        category = self._desk.open_need(row).category
        if category not in rules.DELIVERED:
            return None
        on_it = await assignments.of_need(tx, need.id)
        if sum(task.state in FILLS_A_PLACE and task.round == need.round for task in on_it) >= need.helpers:
            return None
        return Delivery(
            need_id=need.id,
            reference=need.reference,
            category=category,
            urgency=need.urgency,
            due_day=need.due_day,
            cell=need.cell,
            window=need.window,
        )

    async def _passes(
        self, tx: Tx, run: Run, cell: str | None, point: Point | None
    ) -> tuple[bool, float | None, int]:
        """Whether it passes near, how many kilometres away where that is honest to say, and how many stops it has."""
        stops = [stop for stop in await runs.stops(tx, run.id) if stop.state is StopState.WAITING]
        distances = [
            km(point, there)
            for there in await points_of(tx, self._desk, stops)
            if point and there and max(point.accuracy_m, there.accuracy_m) < NEAR_ENOUGH_M
        ]
        if distances and min(distances) <= rules.NEAR_KM:
            return True, min(distances), len(stops)
        cells = {(await self._desk.need_row(tx, stop.need_id)).need.cell for stop in stops}
        return (not distances and cell is not None and cell in cells), None, len(stops)

    async def _line(self, tx: Tx, run: Run) -> RunLine:
        stops = [stop for stop in await runs.stops(tx, run.id) if stop.state is not StopState.OFF]
        states = [stop.state for stop in stops]
        cells = [(await self._desk.need_row(tx, stop.need_id)).need.cell for stop in stops]
        return RunLine(
            id=run.id,
            day=run.day,
            state=run.state,
            driver=await self._name(tx, run.driver_id),
            waiting=states.count(StopState.WAITING),
            done=states.count(StopState.DONE),
            undone=states.count(StopState.NOBODY_HOME) + states.count(StopState.PROBLEM),
            cells=tuple(dict.fromkeys(cell for cell in cells if cell)),
        )

    async def _view(self, tx: Tx, run: Run) -> RunView:
        desk = self._desk
        stops = await runs.stops(tx, run.id)
        there = numbered(stops)
        details = await opened_run(tx, desk, run)
        points = await points_of(tx, desk, [stop for stop in stops if stop.state is StopState.WAITING])
        shown, held_back = [], await held_stops(tx, desk, stops)
        for stop in sorted(stops, key=lambda stop: there.get(stop.assignment_id, len(stops) + 1)):
            row = await desk.need_row(tx, stop.need_id)
            held, noted = desk.open_need(row), opened_stop(desk, stop)
            shown.append(
                StopView(
                    task=stop.assignment_id,
                    need_id=stop.need_id,
                    reference=row.need.reference,
                    category=held.category,
                    cell=row.need.cell,
                    state=stop.state,
                    hand_off=noted.hand_off,
                    note=noted.note,
                    told=desk.open_note("run_stops", stop.assignment_id, stop.told_sealed),
                    told_by_phone=row.need.told_by_phone,
                    placed=held.point is not None,
                    wanted=_off(row.need.window, run.day),
                    held=held_back.get(stop.assignment_id, ""),
                )
            )
        return RunView(
            id=run.id,
            day=run.day,
            state=run.state,
            driver_id=run.driver_id,
            driver=await self._name(tx, run.driver_id),
            details=details,
            stops=tuple(shown),
            km=length(details.point, points, range(len(points))),
            has_link=run.link_hash is not None,
            opened=run.device_hash is not None,
            moves=tuple(
                move for move in RunMove if (run.state, move) in rules.MOVES and move is not RunMove.LAPSE
            ),
            history=await desk.history(tx, run_object(run.id)),
        )

    async def _name(self, tx: Tx, person_id: PersonId) -> str:
        row = await persons.get(tx, person_id)
        return self._desk.open_person(row).name if row else ""

    def _may_read(self, actor: Actor) -> None:
        require(actor, Permission.READ_BOARD)
        self._desk.must_be_unlocked()


def _off(wanted: Window | None, day: date) -> Window | None:
    return wanted if wanted is not None and not wanted.holds(day) else None


def _pressing(line: Delivery) -> tuple[date, int, str]:
    return (line.due_day or date.max, list(Urgency).index(line.urgency), line.reference)
