"""The neighbourhood store on real files, fed through the one way in."""

import shutil
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from federation.ingest import Ingest
from federation.near import inside_ranges, near_ranges
from federation.store import NeighbourhoodStore, reading, serving
from federation.store.rows import PeerTalk, Position
from protocol.cells import centre
from tests.unit.federation.groups import CELL, CELLS, Group, PeerList, StillClock, ident

NORTH, SOUTH = Group("North"), Group("South")


class Room:
    """One store with its ingest."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = StillClock()
        self.peers = PeerList()
        self.store: NeighbourhoodStore
        self.ingest: Ingest

    async def open(self) -> "Room":
        self.store = await NeighbourhoodStore.open(self.path, clock=self.clock, own_origin=NORTH.origin)
        self.ingest = Ingest(self.store, self.peers, self.clock)
        return self

    async def take(self, *lines: bytes) -> None:
        report = await self.ingest.lines(list(lines), via=None, end_of_round=True)
        assert not report.refused, report.refused


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = await Room(tmp_path / "neighbourhood.db").open()
    made.peers.put(SOUTH.origin)
    yield made
    assert await made.store.count_faults() == []
    await made.store.close()


async def test_what_came_in_can_be_read(room: Room) -> None:
    group = Group("South")
    group.summary("a", cell=CELLS[0])
    group.summary("b", cell=CELLS[1], status="taken")
    group.summary("c", cell=CELLS[2], kind="offer")
    group.summary("d", set="peers")
    await room.take(*group.everything("public", "peers"))
    public = await room.store.needs(sets={"public"})
    assert {need.id for need in public} == {ident("South a"), ident("South b")}
    assert public[0].origin_name == "South"
    assert public[0].origin_state == "complete"
    assert not public[0].own
    assert len(await room.store.needs(sets={"public", "peers"})) == 3
    assert len(await room.store.needs(sets={"public"}, kind="offer")) == 1
    assert await room.store.needs(sets={"public"}, categories={"pets"}) == []
    assert len(await room.store.needs(sets={"public"}, origins={group.origin}, limit=1)) == 1
    counts = await room.store.cell_counts(sets={"public"})
    assert {(count.cell, count.status, count.count) for count in counts} == {
        (CELLS[0], "open", 1),
        (CELLS[1], "taken", 1),
    }
    (origin,) = await room.store.origins()
    assert (origin.state, origin.live, origin.blocked, origin.head_issued) == (
        "complete",
        4,
        False,
        group.epoch + 60,
    )


async def test_whoever_publishes_a_lot_crowds_nobody_out(room: Room) -> None:
    loud, quiet, third = Group("South"), Group("Quiet"), Group("Third")
    for group in (quiet, third):
        room.peers.put(group.origin)
        for name in "abc":
            group.summary(name, cell=CELLS[0])
        group.summary("offer", kind="offer")
        await room.take(*group.everything())
    for number in range(40):
        loud.summary(str(number), cell=CELLS[number % 3])
        loud.summary(f"offer {number}", kind="offer")
    await room.take(*loud.everything())
    near = near_ranges(*centre(CELLS[2]), 150.0)
    for asked in ({}, {"ranges": near}):
        found = await room.store.needs(sets={"public"}, limit=10, **asked)
        assert Counter(need.origin_name for need in found) == {"South": 4, "Quiet": 3, "Third": 3}
        everything = await room.store.needs(sets={"public"}, limit=1000, **asked)
        order = [need.id for need in everything]
        assert len(order) == 46
        assert [need.id for need in found] == sorted((need.id for need in found), key=order.index)
    assert order != [need.id for need in await room.store.needs(sets={"public"}, limit=1000)], "nearest first"
    offers = await room.store.needs(sets={"public"}, kind="offer", limit=5)
    assert Counter(need.origin_name for need in offers) == {"South": 3, "Quiet": 1, "Third": 1}


async def test_places_fine_and_coarse_are_found_around_a_point(room: Room) -> None:
    group = Group("South")
    for name, cell in zip("abc", CELLS, strict=True):
        group.summary(name, cell=cell)
    group.summary("coarse", cell="84194adffffffff")
    group.summary("far", cell="8508a233fffffff")
    await room.take(*group.everything())
    ranges = near_ranges(*centre(CELLS[2]), 1.0)
    found = {need.summary.cell for need in await room.store.needs(sets={"public"}, ranges=ranges)}
    assert {CELLS[2], CELLS[1], "84194adffffffff"} <= found
    assert "8508a233fffffff" not in found
    inside = await room.store.cell_counts(sets={"public"}, ranges=inside_ranges([CELLS[1]]))
    assert {count.cell for count in inside} == {CELLS[1], CELLS[2], "84194adffffffff"}


async def test_a_new_version_replaces_and_a_withdrawal_ends(room: Room) -> None:
    group = Group("South")
    await room.take(group.keys(), group.profile(), group.summary("a"), group.head())
    await room.take(group.summary("a", cell=CELLS[1]), group.head())
    (need,) = await room.store.needs(sets={"public"})
    assert need.summary.cell == CELLS[1]
    assert [count.cell for count in await room.store.cell_counts(sets={"public"})] == [CELLS[1]]
    await room.take(group.withdrawal("a"), group.head())
    assert await room.store.needs(sets={"public"}) == []
    assert await room.store.cell_counts(sets={"public"}) == []
    (origin,) = await room.store.origins()
    assert (origin.state, origin.live) == ("complete", 0)


async def test_blocking_hides_at_once_and_unblocking_shows_again(room: Room) -> None:
    group = Group("South")
    group.summary("a")
    await room.take(*group.everything())
    room.peers.set_state(group.origin, "blocked")
    await room.ingest.follow_policy()
    assert await room.store.needs(sets={"public"}) == []
    assert await room.store.cell_counts(sets={"public"}) == []
    assert (await room.store.origins())[0].blocked
    room.peers.set_state(group.origin, "active")
    await room.ingest.follow_policy()
    assert len(await room.store.needs(sets={"public"})) == 1
    assert len(await room.store.cell_counts(sets={"public"})) == 1


async def test_days_pass(room: Room) -> None:
    group = Group("South")
    group.summary("short", expires=date(2026, 11, 4))
    group.summary("long")
    group.summary("later", posted=date(2026, 11, 4), expires=date(2026, 11, 20))
    await room.take(*group.everything())
    assert {need.id for need in await room.store.needs(sets={"public"})} == {
        ident("South short"),
        ident("South long"),
    }
    room.clock.advance(days=2)
    await room.ingest.new_day()
    shown = {need.id for need in await room.store.needs(sets={"public"})}
    assert shown == {ident("South long"), ident("South later")}
    assert sum(count.count for count in await room.store.cell_counts(sets={"public"})) == 2
    # The held head still counts the expired one, so it is kept, and the digest still agrees.
    assert len(await room.store.lines_of([group.origin], ["public"])) == 3 + 3
    report = await room.ingest.lines([], via=None, end_of_round=True)
    assert not report.incomplete
    (origin,) = await room.store.origins()
    assert origin.state == "stale"
    await room.take(group.head(asof=date(2026, 11, 4), next_by=group.epoch + 9 * 86_400))
    await room.ingest.new_day()
    assert len(await room.store.lines_of([group.origin], ["public"])) == 3 + 2
    assert (await room.store.origins())[0].state == "complete"


async def test_incarnation_lives_through_a_clean_stop_only(tmp_path: Path) -> None:
    room = await Room(tmp_path / "n.db").open()
    first = room.store.incarnation
    await room.take(NORTH.keys(), NORTH.profile())
    await room.store.close()
    room = await Room(tmp_path / "n.db").open()
    assert room.store.incarnation == first
    shutil.copytree(tmp_path, tmp_path.with_name("cut"))  # what the disk holds while the node runs
    await room.store.close()
    cut = await Room(tmp_path.with_name("cut") / "n.db").open()
    assert cut.store.incarnation != first
    assert await cut.store.own_position(NORTH.origin) == (NORTH.epoch, 1)
    await cut.store.close()


async def test_arrival_numbers_are_never_given_twice(room: Room) -> None:
    group = Group("South")
    group.summary("a", expires=date(2026, 11, 3))
    await room.take(*group.everything())
    before = (await room.store.feed(after=0, limit=10, public_of={group.origin}, peers_of=set())).newest
    room.clock.advance(days=5)
    await room.ingest.new_day()
    await room.take(group.summary("b"))
    found = await room.store.feed(after=before, limit=10, public_of={group.origin}, peers_of=set())
    assert [row.arrival for row in found.rows] == [before + 1]


@pytest.mark.parametrize(
    "damage", [b"this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
async def test_a_broken_file_is_thrown_away(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "n.db"
    path.write_bytes(damage)
    room = await Room(path).open()
    assert room.store.started_anew
    await room.take(NORTH.keys(), NORTH.profile())
    await room.store.close()


async def test_cursors_hold_for_one_list_of_origins(room: Room) -> None:
    await room.ingest.lines(
        [], via="peer", end_of_round=True, position=Position(peer="peer", cursor="c1", allowed="a")
    )
    assert await room.store.cursor("peer", "a") == "c1"
    assert await room.store.cursor("peer", "b") is None
    await room.store.forget_cursor("peer")
    assert await room.store.cursor("peer", "a") is None


async def test_talks_are_remembered(room: Room) -> None:
    talk = PeerTalk(peer="p", last_try=5, error_code="deadline", last_error="No answer.", tries=2, next_try=9)
    await room.store.put_peer_state(talk)
    assert await room.store.peer_states() == [talk]


async def test_a_reader_sees_only_whole_pages(room: Room) -> None:
    group = Group("South")
    group.summary("a")
    lines = group.everything()
    async with room.store._db.write() as tx:
        await tx.execute("INSERT INTO origins (origin, op_key) VALUES ('half', 'done')")
        assert await room.store.origins() == []
        await tx.execute("DELETE FROM origins")
    await room.take(*lines)
    assert CELL in {need.summary.cell for need in await room.store.needs(sets={"public"})}


async def test_what_is_asked_again_is_read_again_after_a_write_and_after_a_minute(room: Room) -> None:
    """And not before: each look at a board asks how many neighbours show."""
    group = Group("South")
    group.summary("a")
    await room.take(*group.everything())
    asked: dict[str, Any] = {"sets": ["public"], "takes": {SOUTH.origin: {"pets", "groceries"}}}

    async def again() -> tuple[int, bool]:
        """How many there are, and whether the file was asked."""
        statements: list[str] = []
        async with room.store._db.read() as tx:
            await tx.set_trace_callback(statements.append)
        found = await room.store.needs(**asked)
        many = len(found)
        found.clear()  # whoever asked may do with the answer as they like
        async with room.store._db.read() as tx:
            await tx.set_trace_callback(None)  # type: ignore[arg-type]  # as sqlite3 takes it
        return many, any("FROM lines" in each for each in statements)

    assert await again() == (1, True)
    assert await again() == (1, False)
    group.summary("b")
    await room.take(*group.everything())
    assert await again() == (2, True)
    assert await again() == (2, False)
    room.clock.advance(seconds=60)
    assert await again() == (2, True)
    assert await room.store.needs(sets=["public"], takes={group.origin: {"pets"}}) == []


async def test_what_changed_is_found_by_its_arrival_however_much_is_held(room: Room) -> None:
    """Else a round in which nothing changed looks at every line of every group."""
    await room.take(*SOUTH.everything())
    who: dict[str, Any] = {"public_of": {SOUTH.origin}, "peers_of": {SOUTH.origin}, "known": {}}
    asked: list[str] = []
    async with room.store._db.read() as tx:
        await tx.set_trace_callback(asked.append)
        await serving.feed(tx, after=3, limit=1, **who)
        await serving.front_of(tx, **who)
        await tx.set_trace_callback(None)  # type: ignore[arg-type]  # as sqlite3 takes it
        plans = [
            detail
            for statement in asked
            if "FROM lines" in statement
            for *_, detail in await tx.execute_fetchall(f"EXPLAIN QUERY PLAN {statement}")
            if detail.startswith(("SEARCH l ", "SCAN l "))
        ]
    assert [plan.partition(" USING ")[2] for plan in plans] == [
        "INTEGER PRIMARY KEY (rowid>?)",
        "INDEX sqlite_autoindex_lines_1 (origin=? AND slot=?)",
    ]


async def test_offers_are_found_without_looking_at_every_request(room: Room) -> None:
    """Somebody is on the telephone while the page of a call reads them."""
    asked: list[str] = []
    async with room.store._db.read() as tx:
        await tx.set_trace_callback(asked.append)
        await reading.needs(
            tx, sets=["public", "peers"], today=date(2026, 5, 4), now=0, own_origin=None, kind="offer"
        )
        await tx.set_trace_callback(None)  # type: ignore[arg-type]  # as sqlite3 takes it
        (question,) = [each for each in asked if "row_number" in each]
        plan = [detail for *_, detail in await tx.execute_fetchall(f"EXPLAIN QUERY PLAN {question}")]
    assert [step for step in plan if step.startswith(("SEARCH l ", "SCAN l ")) and "lines_of_offers" in step]
