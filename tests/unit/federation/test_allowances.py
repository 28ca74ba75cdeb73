"""How many summaries of one set may change in a day, and what becomes of the others."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from federation.allowances import as_of, begun_anew
from federation.ingest import Ingest
from federation.policy import Quota
from federation.store import NeighbourhoodStore
from federation.store.rows import Allowance
from tests.unit.federation.groups import Group, PeerList, StillClock, ident

QUOTA = Quota(live=3, changes=2)
DAY = 700_000
PAIR = ("did", "public")


def an_allowance(**changes: int) -> Allowance:
    return Allowance(origin="did", set="public", day=DAY, room=0, whole_day=DAY)._replace(**changes)


def test_who_is_new_may_bring_a_whole_set_and_a_days_changes() -> None:
    assert as_of(None, PAIR, QUOTA, DAY) == an_allowance(room=5)


@pytest.mark.parametrize(
    ("days", "before", "after"), [(0, 1, 1), (1, 1, 3), (2, 0, 4), (30, 0, 5), (-9, 1, 1)]
)
def test_each_day_adds_and_silence_is_made_up_for_but_never_beyond_a_whole_set(
    days: int, before: int, after: int
) -> None:
    assert as_of(an_allowance(room=before), PAIR, QUOTA, DAY + days).room == after


def test_a_clock_that_ran_ahead_costs_one_day_and_no_more() -> None:
    ahead = an_allowance(day=DAY + 400, whole_day=DAY + 400)
    back = as_of(ahead, PAIR, QUOTA, DAY)
    assert back == an_allowance()
    assert as_of(back, PAIR, QUOTA, DAY + 1).room == QUOTA.changes


def test_a_new_epoch_may_bring_the_whole_set_once_a_day() -> None:
    assert begun_anew(an_allowance(), QUOTA).room == 0
    once = begun_anew(an_allowance(whole_day=DAY - 1), QUOTA)
    assert (once.room, once.whole_day) == (5, DAY)
    assert begun_anew(once._replace(room=1), QUOTA).room == 1


class Room:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = StillClock()
        self.peers = PeerList()
        self.store: NeighbourhoodStore
        self.ingest: Ingest
        self.south = Group("South")
        self.peers.put(self.south.origin)

    async def open(self) -> None:
        us = Group("Ourselves").origin
        self.store = await NeighbourhoodStore.open(self.path, clock=self.clock, own_origin=us)
        self.ingest = Ingest(self.store, self.peers, self.clock, quota=Quota(live=6, changes=2, hidden=12))

    async def take(self) -> int:
        """Everything of South, with a new head; how many lines were hidden."""
        report = await self.ingest.lines(self.south.everything(), via="carrier", end_of_round=True)
        assert not report.refused
        return report.hidden

    async def shown(self) -> set[str]:
        return {need.id for need in await self.store.needs(sets={"public", "peers"})}

    async def state(self) -> str:
        return next(view.state for view in await self.store.origins() if view.origin == self.south.origin)

    async def next_day(self) -> None:
        self.clock.advance(days=1)
        await self.ingest.new_day()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room(tmp_path / "n.db")
    await made.open()
    yield made
    assert await made.store.count_faults() == []
    await made.store.close()


def named(*names: str) -> set[str]:
    return {ident(f"South {name}") for name in names}


async def test_what_is_above_is_hidden_counted_and_shown_the_next_days(room: Room) -> None:
    for name in "abcd":
        room.south.summary(name)
    assert await room.take() == 0
    for _ in range(3):  # four were taken off eight, twelve more changes come
        for name in "abcd":
            room.south.summary(name)
        await room.take()
    assert await room.shown() == set()
    assert await room.state() == "complete"  # hidden lines count in the digest
    await room.next_day()
    assert len(await room.shown()) == 2
    await room.next_day()
    assert await room.shown() == named("a", "b", "c", "d")


async def test_the_allowance_outlives_a_restart(room: Room) -> None:
    for _ in range(2):
        for name in "abcd":
            room.south.summary(name)
        await room.take()
    await room.store.close()
    await room.open()
    room.south.summary("a")
    assert await room.take() == 1


async def test_withdrawals_are_never_lost_to_it(room: Room) -> None:
    for _ in range(3):
        for name in "abc":
            room.south.summary(name)
        hidden = await room.take()
    assert hidden == 1
    for name in "abc":
        room.south.withdrawal(name)
    assert await room.take() == 0
    await room.next_day()
    assert await room.shown() == set()
    assert await room.state() == "complete"


async def test_each_set_has_its_own(room: Room) -> None:
    for _ in range(3):
        for name in "abc":
            room.south.summary(name)
        await room.take()
    room.south.summary("p", set="peers")
    report = await room.ingest.lines(
        room.south.everything("public", "peers"), via="carrier", end_of_round=True
    )
    assert report.hidden == 0
    assert named("p") < await room.shown()


async def test_a_new_epoch_brings_the_whole_set_but_not_twice_a_day(room: Room) -> None:
    def anew() -> None:
        room.south.next_epoch()
        for name in "abcdef":
            room.south.summary(name)

    for name in "abcdef":
        room.south.summary(name)
    await room.take()
    await room.next_day()
    anew()
    assert await room.take() == 0
    anew()
    assert await room.take() == 4  # two are left of eight
    assert len(await room.shown()) == 2
    await room.next_day()
    assert len(await room.shown()) == 4


async def test_what_waited_for_its_day_is_a_change_of_that_day(room: Room) -> None:
    day = room.clock.now().date()
    for _ in range(2):
        for name in "abc":
            room.south.summary(name)
        await room.take()
    for name in "uvwxyz":
        room.south.summary(name, posted=day + timedelta(days=3), expires=day + timedelta(days=20))
    assert await room.take() == 6
    for name in "abc":
        room.south.withdrawal(name)
    await room.take()
    room.clock.advance(days=2)
    await room.ingest.new_day()
    assert len(await room.shown()) == 6  # two were left, and two days are over
    assert date.fromordinal((await held(room)).day) == day + timedelta(days=2)
    assert (await held(room)).room == 0


async def held(room: Room) -> Allowance:
    return (await room.store.allowances({room.south.origin}))[(room.south.origin, "public")]
