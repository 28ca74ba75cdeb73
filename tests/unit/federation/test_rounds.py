"""Real servers, real HTTP: what one group publishes, its neighbours see."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.client import PullPage
from federation.discovery import discover
from federation.errors import PeerError
from federation.store.rows import FeedRows, Position
from federation.sync import AT_ONCE
from federation.transport import Endpoint
from protocol.identity import fingerprint_words
from tests.unit.federation.groups import Group, StillClock, ident
from tests.unit.federation.hosts import Host


class Town:
    """Three neighbours with one clock."""

    def __init__(self, north: Host, south: Host, east: Host, clock: StillClock) -> None:
        self.north, self.south, self.east, self.clock = north, south, east, clock


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    clock = StillClock()
    async with AsyncExitStack() as stack:
        hosts = [
            await stack.enter_async_context(Host(Group(name), tmp_path / f"{name}.db", clock=clock))
            for name in ("North", "South", "East")
        ]
        made = Town(*hosts, clock)
        made.north.knows(made.south)
        made.south.knows(made.north, made.east)
        made.east.knows(made.south)
        yield made


async def test_needs_travel_and_withdrawals_follow(town: Town) -> None:
    north, south = town.north, town.south
    south.group.summary("a")
    south.group.summary("b", set="peers")
    await south.publish("public", "peers")
    (report,) = await north.sync.all()
    assert (report.ok, report.error, report.pages, report.refused) == (True, None, 1, 0)
    assert await north.shown() == {ident("South a"), ident("South b")}
    assert await north.state(south) == "complete"
    south.group.withdrawal("a")
    await south.publish("public", "peers")
    await north.sync.all()
    assert await north.shown() == {ident("South b")}
    (quiet,) = await north.sync.all()
    assert (quiet.received, quiet.pages) == (0, 1)


async def test_set_peers_goes_one_step_and_public_goes_on(town: Town) -> None:
    town.south.group.summary("public")
    town.south.group.summary("secret", set="peers")
    town.north.group.summary("northern")
    await town.south.publish("public", "peers")
    await town.north.publish()
    town.east.knows(town.north)  # allowed, though East never talks with North
    town.east.peers.put(town.north.group.origin, None)
    await town.south.sync.all()
    await town.east.sync.all()
    assert await town.east.shown() == {ident("South public"), ident("South secret"), ident("North northern")}
    town.north.knows(town.south)
    town.north.peers.put(town.east.group.origin, None)
    town.east.group.summary("eastern", set="peers")
    await town.east.publish("peers")
    await town.south.sync.all()
    await town.north.sync.all()
    assert ident("East eastern") in await town.south.shown()
    assert ident("East eastern") not in await town.north.shown()


async def test_a_peer_allowed_later_brings_what_passed_before(town: Town) -> None:
    town.north.group.summary("northern")
    await town.north.publish()
    await town.south.sync.all()
    await town.east.sync.all()
    assert await town.east.shown() == set()
    town.east.peers.put(town.north.group.origin, None)
    await town.east.sync.all()
    assert await town.east.shown() == {ident("North northern")}


async def test_a_node_without_an_address_is_learned_when_it_calls(town: Town) -> None:
    town.south.peers.put(town.north.group.origin, None)
    town.south.group.summary("a")
    await town.south.publish()
    (report,) = await town.north.sync.all()
    assert report.ok, report.error
    assert (await town.south.store.origin(town.north.group.origin)).op_key == town.north.group.did
    assert town.north.group.origin not in {report.origin for report in await town.south.sync.all()}


async def test_only_active_peers_are_answered(town: Town) -> None:
    await town.south.publish()
    await town.north.sync.all()
    for state in ("paused", "blocked"):
        town.south.peers.set_state(town.north.group.origin, state)  # type: ignore[arg-type]
        (report,) = await town.north.sync.all()
        assert (report.ok, report.code) == (False, "refused")
        assert report.error is not None
        assert "ask its people" in report.error
    town.north.peers.set_state(town.south.group.origin, "paused")
    assert (await town.north.sync.peer(town.south.group.origin)).code == "not_active"


async def test_many_pages_and_a_lost_cursor(town: Town) -> None:
    north, south = town.north, town.south
    for number in range(490):
        south.group.summary(f"n{number}")
    for number in range(300):
        south.group.withdrawal(f"n{number}")
    for number in range(600, 900):
        south.group.withdrawal(f"n{number}")
    await south.publish()
    (report,) = await north.sync.all()
    assert report.ok, report.error
    # 790 items, two keys lines, a profile and a head
    assert (report.pages, report.received, len(await north.shown())) == (2, 794, 190)
    assert await north.state(south) == "complete"
    await south.store.close()
    south.store.incarnation = "0" * 16
    again = await south.store.open(south.path, clock=town.clock, own_origin=south.group.origin)
    south.store._db = again._db
    (report,) = await north.sync.all()
    # keys, profile and head say that nothing differs, and one page that nothing came since
    assert (report.ok, report.pages, report.received, report.accepted) == (True, 2, 4, 0)


async def test_a_power_cut_of_the_neighbourhood_store_is_repaired(tmp_path: Path) -> None:
    clock = StillClock()
    north, south = Group("North"), Group("South")
    async with Host(south, tmp_path / "south.db", clock=clock) as server:
        async with Host(north, tmp_path / "north.db", clock=clock) as before:
            before.knows(server)
            server.knows(before)
            south.summary("a")
            await server.publish()
            await before.sync.all()
            # What the disk holds if the power goes now; the round after it is lost.
            for file in tmp_path.glob("north.db*"):
                shutil.copy(file, tmp_path / file.name.replace("north", "cut"))
            south.summary("b")
            await server.publish()
            await before.sync.all()
            assert len(await before.shown()) == 2
            lost = before.store.incarnation
        async with Host(north, tmp_path / "cut.db", clock=clock) as after:
            after.knows(server)
            assert after.store.incarnation != lost
            assert await after.shown() == {ident("South a")}
            (report,) = await after.sync.all()
            assert report.ok, report.error
            assert await after.shown() == {ident("South a"), ident("South b")}
            assert await after.state(server) == "complete"
            assert await after.store.count_faults() == []


async def test_a_server_that_leaves_something_out_is_noticed_and_asked_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = town.north, town.south
    read = south.store.feed

    async def without_saying_so(**asked: Any) -> FeedRows:
        return replace(await read(**asked), behind=())

    monkeypatch.setattr(south.store, "feed", without_saying_so)
    south.group.summary("a")
    lines = south.group.everything()
    await south.ingest.lines(lines[:-1], via=None, end_of_round=True)
    (report,) = await north.sync.all()
    assert report.incomplete == report.omitted == ((south.group.origin, "public"),)
    assert report.notice == f"{report.name} left out some of the news of 1 group."
    assert (
        report.pages == 2
    )  # and where it stands; its manifest proved nothing, so there was nothing to ask for
    assert await north.state(south) == "incomplete"
    (report,) = await north.sync.all()
    assert (report.pages, report.incomplete, report.notice) == (1, (), None)
    (talk,) = await north.store.peer_states()
    assert (talk.omissions, talk.last_omission) == (1, int(town.clock.now().timestamp()))
    await south.ingest.lines(lines, via=None, end_of_round=True)
    await north.sync.all()
    assert await north.state(south) == "complete"


async def test_a_relay_that_is_itself_behind_says_so_and_nobody_is_blamed(town: Town) -> None:
    north, south, east = town.north, town.south, town.east
    east.peers.put(north.group.origin, None)
    for name in ("a", "b"):
        north.group.summary(name)
    lines = north.group.everything()
    # South's round with North broke off after the first page.
    await south.ingest.lines(lines[:-1], via=north.group.origin, end_of_round=False)
    (report,) = await east.sync.all()
    assert (report.ok, report.incomplete) == (True, ())
    assert await east.state(north) == "catching_up"
    await east.sync.all()
    assert await east.state(north) == "catching_up"
    town.clock.advance(days=3)
    assert await east.state(north) == "stale"
    await south.ingest.lines(lines[-1:], via=north.group.origin, end_of_round=True)
    town.clock.advance(days=-3)
    await east.sync.all()
    assert await east.state(north) == "complete"


async def test_what_a_peer_told_before_it_lost_its_memory_is_not_held_against_anybody(town: Town) -> None:
    north, south, east = town.north, town.south, town.east
    east.peers.put(north.group.origin, None)
    north.group.summary("a")
    early = north.group.everything()
    north.group.summary("b")
    late = north.group.everything()
    via = south.group.origin
    await south.ingest.lines(early, via=north.group.origin, end_of_round=True)
    # East's round broke off after South had told the newer head; then South's disk went back to the older one.
    position = Position(
        peer=via, cursor="of-a-former-life", allowed=(await east.ingest.follow_policy()).fingerprint
    )
    await east.ingest.lines(late[:3], via=via, end_of_round=False, position=position)
    (report,) = await east.sync.all()
    assert (report.ok, report.incomplete) == (True, ())
    assert await east.state(north) == "catching_up"


async def test_a_restored_group_that_lacks_lines_of_its_own_says_so_and_is_not_blamed(town: Town) -> None:
    north, south = town.north, town.south
    south.group.summary("a")
    await south.ingest.lines(south.group.everything()[:-1], via=None, end_of_round=False)
    (report,) = await north.sync.all()
    assert (report.ok, report.incomplete) == (True, ())
    assert await north.state(south) == "catching_up"


async def test_a_lost_line_is_repaired_by_one_full_pull(town: Town) -> None:
    north, south = town.north, town.south
    south.group.summary("a")
    await south.publish()
    await north.sync.all()
    async with north.store._db.write() as tx:  # a bad sector
        await tx.execute("UPDATE lines SET shown = 0")
        await tx.execute("DELETE FROM cell_counts")
        await tx.execute("DELETE FROM lines WHERE kind = 3")
    south.group.summary("b")
    await south.publish()
    (report,) = await north.sync.all()
    assert (report.ok, report.pages, report.incomplete) == (True, 2, ())
    assert await north.shown() == {ident("South a"), ident("South b")}


async def test_a_changed_op_key_is_learned_and_a_changed_root_key_stops(town: Town) -> None:
    north, south = town.north, town.south
    await south.publish()
    await north.sync.all()
    group = south.group
    group.op = Group("South renewed").op
    group.rev = 2
    group.next_epoch()
    group.floor = group.epoch
    group.summary("b")
    await south.publish()
    (report,) = await north.sync.all()
    assert report.ok, report.error
    assert await north.shown() == {ident("South b")}
    stranger = Group("Stranger")
    group.root, group.op = stranger.root, stranger.op
    north.peers.put(Group("South").origin, south.url)
    (report,) = await north.sync.all()
    assert report.code in ("other_node", "wrong_key", "refused")
    assert not report.ok


async def test_failures_wait_longer_and_success_resets(town: Town) -> None:
    north = town.north
    north.peers.put(town.south.group.origin, "http://127.0.0.1:1")
    origin = town.south.group.origin
    now = int(town.clock.now().timestamp())
    for tries, wait in ((1, 60), (2, 120), (3, 240)):
        report = await north.sync.peer(origin)
        assert (report.ok, report.code) == (False, "unreachable")
        (talk,) = await north.store.peer_states()
        assert (talk.tries, talk.next_try, talk.last_error) == (tries, now + wait, report.error)
    assert await north.sync.all(due_only=True) == []
    town.clock.advance(minutes=5)
    assert len(await north.sync.all(due_only=True)) == 1
    north.knows(town.south)
    await town.south.publish()
    assert (await north.sync.peer(origin)).ok
    (talk,) = await north.store.peer_states()
    assert (talk.tries, talk.last_error, talk.last_success) == (0, None, now + 300)


async def test_a_clock_that_fell_back_does_not_keep_us_from_asking(town: Town) -> None:
    """A next try that was noted by a clock far ahead would otherwise come in years."""
    north = town.north
    north.knows(town.south)
    await town.south.publish()
    assert (await north.sync.peer(town.south.group.origin)).ok
    assert await north.sync.all(due_only=True) == []
    town.clock.advance(days=-400)
    assert len(await north.sync.all(due_only=True)) == 1


async def test_a_peer_that_has_no_end_does_not_keep_the_others_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, south = town.north, town.south
    south.group.summary("a")
    await south.publish()
    pull, asked = north.client.pull, []

    async def slow(endpoint: Endpoint, *, cursor: str | None) -> PullPage:
        asked.append(cursor)
        town.clock.advance(minutes=4)
        return replace(await pull(endpoint, cursor=None), more=True, cursor=f"page {len(asked)}")

    monkeypatch.setattr(north.client, "pull", slow)
    (report,) = await north.sync.all()
    assert (report.ok, report.code) == (False, "too_slow")
    assert asked == [None, "page 1", "page 2", "page 3"]
    assert await north.shown() == {ident("South a")}
    await north.sync.all()
    assert asked[4] == "page 4"  # on from there


async def test_discovery_says_who_lives_there(town: Town) -> None:
    found = await discover(town.north.client, town.south.url, allow_private=True)
    assert found.origin == town.south.group.origin
    assert found.words == fingerprint_words(found.origin)
    assert found.name == "South"
    with pytest.raises(PeerError) as caught:
        await discover(town.north.client, town.south.url)
    assert caught.value.code == "bad_address"
    assert "--allow-private" in str(caught.value)


async def test_heads_can_be_asked_for_alone(town: Town) -> None:
    town.south.group.summary("a")
    town.south.group.summary("b", set="peers")
    await town.south.publish("public", "peers")
    await town.north.sync.all()
    peer = await town.north.peers.get(town.south.group.origin)
    assert peer is not None
    page = await town.north.client.heads(await town.north.sync._endpoint(peer))
    assert len(page.lines) == 5  # their keys, profile and two heads, and our own keys line


async def test_a_round_that_takes_long_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also not round after round; its report is had when it has ended, and it rests for longer than it took."""
    clock = StillClock()
    async with AsyncExitStack() as stack:
        names = ("North", "South", "East", *(f"Slow {each}" for each in range(AT_ONCE)))
        north, south, east, *slow = [
            await stack.enter_async_context(Host(Group(name), tmp_path / f"{name}.db", clock=clock))
            for name in names
        ]
        for host in (south, east, *slow):
            north.knows(host)
            host.knows(north)
            await host.publish()
        dripping, over = {host.group.origin for host in slow}, asyncio.Event()
        pull, asked = north.client.pull, Counter[str]()

        async def dripped(endpoint: Endpoint, *, cursor: str | None) -> PullPage:
            asked[endpoint.origin] += 1
            if endpoint.origin in dripping:
                await over.wait()
            return await pull(endpoint, cursor=cursor)

        monkeypatch.setattr(north.client, "pull", dripped)
        north.sync._patience = 0.05
        stack.push_async_callback(north.sync.close)
        for turn in (1, 2):  # the quick ones have turn after turn
            quick = set[str]()
            while len(quick) < 2 or len(asked) < 2 + AT_ONCE:
                for each in await north.sync.all(due_only=True):
                    assert each.ok, each.error
                    quick.add(each.origin)
            assert quick == {south.group.origin, east.group.origin}
            assert [asked[each] for each in sorted(quick)] == [turn, turn]
            assert {asked[each] for each in dripping} == {1}, "and none of the slow ones two at once"
            clock.advance(minutes=7)
        over.set()
        ended = set[str]()
        while not dripping <= ended:
            for each in await north.sync.all(due_only=True):
                assert each.ok, each.error
                ended.add(each.origin)
        rests = {
            talk.next_try - talk.last_try
            for talk in await north.store.peer_states()
            if talk.peer in dripping and talk.next_try and talk.last_try
        }
        assert rests == {4 * 14 * 60}
