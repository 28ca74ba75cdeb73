"""The volunteers in memory, while the records are open: what matching ranks, and who must not meet whom.

Read in once after an unlock, then kept up to date by the services after each write; forgotten when locked.
"""

import asyncio
import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from node.domain.assignment import AssignmentState
from node.domain.ids import PersonId
from node.domain.matching.matching import (
    HARD_TAGS,
    KM_PER_DEGREE,
    MONTH_SECONDS,
    Helper,
    helper_of,
    this_month,
)
from node.domain.matching.week import Taken, booked, day_of
from node.domain.need import Point
from node.domain.person import PersonKind, PersonState
from node.domain.volunteer import MAX_REST_DAYS, Volunteer, VolunteerState
from node.errors import Locked
from node.services.desk import Desk
from node.store import apart, assignments, needs, persons, volunteers
from node.store.db import Tx
from node.store.needs import NeedRow
from node.store.persons import PersonRow
from node.vault import Compartment

_CELL_DEGREES = 0.05
"""The grid: about 5.5 km north to south."""
_WIDE_KM = 40.0
"""Whoever goes further than this is looked at for every need."""
_OPEN_AT_ONCE = 500
_DAY_SECONDS = 24 * 3600

_Square = tuple[int, int]


class Roster:
    """Every volunteer by id and by the squares she covers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._loading = asyncio.Lock()
        self._loaded = False
        self._helpers: dict[PersonId, Helper] = {}
        self._covering: dict[_Square, dict[PersonId, Helper]] = {}
        self._squares: dict[PersonId, tuple[_Square, ...]] = {}
        self._everywhere: dict[PersonId, Helper] = {}
        self._apart: dict[PersonId, set[PersonId]] = {}
        self._usual: float | None = None
        """Worked out when first asked for after a change."""

    async def on_unlock(self, compartment: Compartment) -> None:
        """A callback of the vault: what is held may be old, so it is read again at first use."""
        if compartment is Compartment.PEOPLE:
            self.forget()

    def on_lock(self, compartment: Compartment) -> None:
        """A callback of the vault: nothing of it stays in memory."""
        if compartment is Compartment.PEOPLE:
            self.forget()

    async def read_again(self) -> None:
        """A callback of a full import: everybody is somebody else now."""
        self.forget()

    def forget(self) -> None:
        """Drops everything from memory."""
        self._loaded, self._usual = False, None
        for held in (self._helpers, self._covering, self._squares, self._everywhere, self._apart):
            held.clear()

    async def ready(self) -> None:
        """Makes sure that the roster is in memory. Raises ``Locked``, and forgets it, while locked."""
        if not self._desk.unlocked:
            self.forget()
            raise Locked
        if self._loaded:
            return
        async with self._loading:
            if not self._loaded:
                await self._load()

    async def refresh(self, person_id: PersonId) -> None:
        """After a write about a person. Does nothing while locked or not yet read in."""
        if not self._desk.unlocked:
            self.forget()
            return
        # One after the other, and after a reading in that is going on: it may have looked before the write.
        async with self._loading:
            if self._loaded:
                await self._read_again(person_id)

    async def refresh_apart(self) -> None:
        """After a pair was added or lifted."""
        async with self._loading:
            if self._loaded and self._desk.unlocked:
                await self._load_apart()

    def get(self, person_id: PersonId) -> Helper | None:
        """One volunteer, None for anybody else. Call ``ready`` first."""
        return self._helpers.get(person_id)

    def all_of_them(self) -> Collection[Helper]:
        """Every volunteer, by id."""
        return self._helpers.values()

    @property
    def usual(self) -> float:
        """Tasks that one of us had in four weeks, on average over those who help at present."""
        if self._usual is None:
            now = self._desk.now
            active = [
                each for each in self._helpers.values() if each.volunteer.state is VolunteerState.ACTIVE
            ]
            had = sum(this_month(each, now) for each in active)
            self._usual = had / len(active) if active else 0.0
        return self._usual

    @property
    def keeps_apart(self) -> bool:
        """Whether there is any pair at all."""
        return bool(self._apart)

    def apart_from(self, person_id: PersonId | None) -> frozenset[PersonId]:
        """Whom that person herself must not meet; gates ask ``apart.kept_from``, which knows households. Never for a
        page."""
        return frozenset(self._apart.get(person_id, ())) if person_id is not None else frozenset()

    def in_reach(self, point: Point | None) -> Iterator[Helper]:
        """Whoever may be near enough (a superset), or whose place is not known; everybody for None."""
        if point is None:
            yield from self._helpers.values()
            return
        yield from self._everywhere.values()
        seen: set[PersonId] = set()
        squares = tuple(_squares(point, point.accuracy_m / 1000))
        if len(squares) == 1:
            yield from self._covering.get(squares[0], {}).values()
            return
        for square in squares:
            for person_id, helper in self._covering.get(square, {}).items():
                if person_id not in seen:
                    seen.add(person_id)
                    yield helper

    async def _load(self) -> None:
        desk = self._desk
        async with desk.db.read() as tx:
            everybody = await volunteers.all_of_them(tx)
            rows = {row.person.id: row for row in await persons.all_volunteers(tx)}
            taken: dict[PersonId, list[Taken]] = {}
            for task in await assignments.taken_since(tx, desk.now - MONTH_SECONDS):
                taken.setdefault(task.person_id, []).append(task)
            asked = await assignments.last_asked(tx)
            hard = await self._hard_days(tx, everybody)
        self.forget()
        for number, volunteer in enumerate(everybody):
            if number % _OPEN_AT_ONCE == _OPEN_AT_ONCE - 1:
                await asyncio.sleep(0)  # so that pages go on being served
            row, recent = rows[volunteer.person_id], tuple(taken.get(volunteer.person_id, ()))
            self._put(self._helper(volunteer, row, recent, hard, asked.get(volunteer.person_id)))
        await self._load_apart()
        self._loaded = True

    async def _read_again(self, person_id: PersonId) -> None:
        async with self._desk.db.read() as tx:
            volunteer = await volunteers.get(tx, person_id)
            row = await persons.get(tx, person_id)
            since = self._desk.now - MONTH_SECONDS
            recent = await assignments.taken_since(tx, since, person_id)
            hard = await self._hard_days(tx, [volunteer] if volunteer else [])
            asked = await assignments.last_asked(tx, person_id)
        if not self._loaded:
            return  # locked meanwhile
        self._remove(person_id)
        if volunteer is not None and row is not None and row.person.merged_into is None:
            self._put(self._helper(volunteer, row, tuple(recent), hard, asked.get(person_id)))

    async def _load_apart(self) -> None:
        async with self._desk.db.read() as tx:
            rows = await apart.all_of_them(tx)
        pairs: dict[PersonId, set[PersonId]] = {}
        for row_id, sealed in rows:
            record = self._desk.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
            one, other = PersonId(record["a"]), PersonId(record["b"])
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)
        self._apart = pairs

    async def _hard_days(self, tx: Tx, of: Iterable[Volunteer]) -> dict[PersonId, date]:
        """When each of those who want a rest last did a hard task, as far back as a rest may reach.

        Read from the tasks themselves: a rest is nothing that could be forgotten, or outlive a correction.
        """
        wants_rest = [volunteer.person_id for volunteer in of if volunteer.rest_days]
        since = self._desk.now - (MAX_REST_DAYS + 1) * _DAY_SECONDS
        found: dict[PersonId, date] = {}
        for person_id in wants_rest:
            for done in await assignments.of_person(tx, person_id, since=since):
                row = await needs.get(tx, done.need_id) if done.state is AssignmentState.DONE else None
                if row is not None and self._is_hard(row):
                    day = self._desk.zone.day(done.changed_at)
                    found[person_id] = max(day, found.get(person_id, day))
        return found

    def _is_hard(self, row: NeedRow) -> bool:
        details, catalogue = self._desk.open_need(row), self._desk.catalogue
        known = details.category in catalogue and catalogue.category(details.category).hard
        return known or not HARD_TAGS.isdisjoint(details.tags)

    def _helper(
        self,
        volunteer: Volunteer,
        row: PersonRow,
        taken: Sequence[Taken],
        hard: Mapping[PersonId, date],
        asked_at: int | None,
    ) -> Helper:
        details, since = self._desk.open_person(row), self._desk.now - MONTH_SECONDS
        several = row.person.kind is PersonKind.ORGANISATION  # not one pair of hands: two vans at one time
        return helper_of(
            volunteer,
            name=details.name,
            barred=row.person.state is PersonState.BARRED,
            point=details.point,
            taken=tuple(task.at for task in taken if task.at >= since),
            days=tuple(sorted(day_of(task, self._desk.zone.day(task.at)) for task in taken)),
            booked=() if several else tuple(at for task in taken if (at := booked(task)) is not None),
            hard_day=hard.get(volunteer.person_id),
            organisation=several,
            asked_at=asked_at,
        )

    def _put(self, helper: Helper) -> None:
        self._usual = None
        person_id, point = helper.person_id, helper.point
        self._helpers[person_id] = helper
        if point is None or helper.volunteer.radius_km > _WIDE_KM:
            self._everywhere[person_id] = helper
            return
        squares = tuple(_squares(point, helper.volunteer.radius_km + point.accuracy_m / 1000))
        self._squares[person_id] = squares
        for square in squares:
            self._covering.setdefault(square, {})[person_id] = helper

    def _remove(self, person_id: PersonId) -> None:
        self._usual = None
        self._helpers.pop(person_id, None)
        self._everywhere.pop(person_id, None)
        for square in self._squares.pop(person_id, ()):
            self._covering[square].pop(person_id, None)


def _squares(point: Point, km: float) -> Iterator[_Square]:
    """Every square of the grid that the box of ``km`` around the point touches."""
    up = km / KM_PER_DEGREE
    across = up / max(0.05, math.cos(math.radians(min(89.0, abs(point.lat) + up))))
    for row in range(_index(point.lat - up), _index(point.lat + up) + 1):
        for column in range(_index(point.lon - across), _index(point.lon + across) + 1):
            yield row, column % round(360 / _CELL_DEGREES)


def _index(degrees: float) -> int:
    return math.floor(degrees / _CELL_DEGREES)
