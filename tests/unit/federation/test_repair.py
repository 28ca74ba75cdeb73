"""What differs is fetched, and nothing else: after a lost cursor, another list of peers, and lines left out."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation.client import ManifestPage, PullPage
from federation.transport import Endpoint
from tests.unit.federation.groups import Group, StillClock, ident
from tests.unit.federation.hosts import Host


class Village:
    """North talks with a relay and an archive; both talk with West, which North only allows."""

    def __init__(self, hosts: Sequence[Host], clock: StillClock) -> None:
        self.north, self.relay, self.archive, self.west = hosts
        self.clock = clock
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Notes what North asks for."""
        transport = self.north.client._transport
        post = transport.post

        async def noted(peer: Endpoint, verb: str, asked: dict[str, Any], *rest: Any) -> bytes:
            name = next(h.group.name for h in (self.relay, self.archive, self.west) if h.url == peer.url)
            self.asked.append((name, verb, asked))
            return await post(peer, verb, asked, *rest)

        monkeypatch.setattr(transport, "post", noted)

    def verbs(self) -> list[tuple[str, str]]:
        """What was asked since the last time."""
        found = [(name, verb) for name, verb, _ in self.asked]
        self.asked.clear()
        return found


@pytest.fixture
async def village(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Village]:
    clock = StillClock()
    async with AsyncExitStack() as stack:
        made = Village(
            [
                await stack.enter_async_context(Host(Group(name), tmp_path / f"{name}.db", clock=clock))
                for name in ("North", "Relay", "Archive", "West")
            ],
            clock,
        )
        made.north.knows(made.relay, made.archive)
        made.north.peers.put(made.west.group.origin)
        for one in (made.relay, made.archive):
            one.knows(made.north, made.west)
            made.west.knows(one)
        for number in range(6):
            made.west.group.summary(f"n{number}")
        await made.west.publish()
        made.watch(monkeypatch)
        yield made


def west(*numbers: int) -> set[str]:
    return {ident(f"West n{number}") for number in numbers}


async def test_after_a_lost_cursor_only_what_differs_is_fetched(village: Village) -> None:
    north, relay, group = village.north, village.relay, village.west.group
    for one in (relay, village.archive):
        for number in range(4):
            one.group.summary(f"own {number}")
        await one.publish()
    await relay.sync.peer(group.origin)
    await north.sync.peer(relay.group.origin)
    await north.sync.peer(village.archive.group.origin)
    group.summary("n2")
    group.withdrawal("n3")
    await village.west.publish()
    await relay.sync.peer(group.origin)
    relay.store.incarnation = "0" * 16  # as after a power cut
    village.asked.clear()
    report = await north.sync.peer(relay.group.origin)
    assert report.ok, report.error
    (*_, (_, _, ids), _) = village.asked
    assert len(ids["ids"]) == 2
    assert village.verbs() == [
        ("Relay", "pull"),  # cursor_lost
        ("Relay", "heads"),
        ("Relay", "manifest"),
        ("Relay", "pull"),
        ("Relay", "pull"),
    ]
    assert report.accepted == 3  # a head and two registers
    assert await north.shown() >= west(0, 1, 2, 4, 5)
    assert await north.state(village.west) == "complete"
    # The cursor that came with the heads holds.
    assert (await north.sync.peer(relay.group.origin)).ok
    assert village.verbs() == [("Relay", "pull")]


async def test_heads_of_a_peer_that_lacks_something_itself_blame_nobody(village: Village) -> None:
    """Its neighbourhood was lost, and its own round with West was cut off behind the head."""
    north, relay, group = village.north, village.relay, village.west.group
    for number in range(3):
        relay.group.summary(f"own {number}")
    await relay.publish()
    await relay.sync.peer(group.origin)
    await north.sync.peer(relay.group.origin)
    group.summary("n2")
    group.summary("n9")
    *cut_off, missing = group.everything()
    await relay.ingest.lines(cut_off, via=group.origin, end_of_round=False)
    relay.store.incarnation = "0" * 16
    report = await north.sync.peer(relay.group.origin)
    assert (report.ok, report.incomplete, report.omitted) == (True, (), ())
    assert await north.state(village.west) == "catching_up"
    assert west(2) <= await north.shown(), "what it holds is fetched all the same"
    await relay.ingest.lines([missing], via=group.origin, end_of_round=True)
    assert (await north.sync.peer(relay.group.origin)).ok
    assert await north.state(village.west) == "complete"


async def test_a_group_allowed_later_is_fetched_alone(village: Village) -> None:
    north, relay = village.north, village.relay
    for one in (relay, village.archive):
        one.group.summary("own")
        await one.publish()
    del north.peers.peers[village.west.group.origin]
    await relay.sync.all()
    await north.sync.all()
    north.peers.put(village.west.group.origin)
    village.asked.clear()
    report = await north.sync.peer(relay.group.origin)
    assert (report.ok, report.passed_over) == (True, 0)
    assert [asked.get("origins") for _, verb, asked in village.asked if verb == "pull"] == [
        [village.west.group.origin],
        None,
    ]
    assert await north.shown() >= west(0, 1, 2, 3, 4, 5)


async def test_what_a_relay_leaves_out_is_mended_by_another_peer_once_for_each_head(village: Village) -> None:
    north, relay, archive, group = village.north, village.relay, village.archive, village.west.group
    everything = group.everything()
    await archive.ingest.lines(everything, via=None, end_of_round=True)
    await relay.ingest.lines(everything[:-1], via=None, end_of_round=True)
    async with relay.store._db.write() as tx:
        await tx.execute("UPDATE heads SET state = 'complete'")  # and it says that it lacks nothing
    await north.sync._endpoint(await north.peers.get(archive.group.origin))  # type: ignore[arg-type]
    village.asked.clear()
    report = await north.sync.peer(relay.group.origin)
    assert (report.ok, report.incomplete) == (True, ())
    assert await north.state(village.west) == "complete"
    assert ("Relay", "manifest") in village.verbs()
    assert await north.shown() == west(0, 1, 2, 3, 4, 5)


async def _left_out(village: Village) -> Callable[[], Awaitable[None]]:
    """The relay tells a head and leaves a line out, and says that it lacks nothing; what makes it move on to the next
    head, under which the line is over."""
    relay, group = village.relay, village.west.group
    await relay.ingest.lines(group.everything()[:-1], via=None, end_of_round=True)
    async with relay.store._db.write() as tx:
        await tx.execute("UPDATE heads SET state = 'complete'")

    async def moves_on() -> None:
        gone = group.withdrawal("n5")
        report = await relay.ingest.lines([group.head(), gone], via=None, end_of_round=True)
        assert report.complete == ((group.origin, "public"),)

    return moves_on


async def _blames_nobody(village: Village) -> None:
    north, relay = village.north, village.relay
    report = await north.sync.peer(relay.group.origin)
    assert (report.ok, report.omitted, report.incomplete) == (True, (), ())
    report = await north.sync.peer(relay.group.origin)
    assert (report.ok, report.omitted, report.incomplete) == (True, (), ())
    assert await north.state(village.west) == "complete"
    assert await north.shown() == west(0, 1, 2, 3, 4)


async def test_nobody_is_blamed_for_what_is_over_when_its_manifest_is_asked_for(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves_on = await _left_out(village)
    plain = village.north.client.manifest

    async def later(peer: Endpoint, **asked: Any) -> ManifestPage:
        monkeypatch.setattr(village.north.client, "manifest", plain)
        await moves_on()
        return await plain(peer, **asked)

    monkeypatch.setattr(village.north.client, "manifest", later)
    await _blames_nobody(village)


async def test_nobody_is_blamed_if_the_head_moves_between_manifest_and_pull(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest proves what is missing; when it is asked for, the peer has only what replaced it."""
    north, relay, group = village.north, village.relay, village.west.group
    everything = group.everything()
    await relay.ingest.lines(everything, via=None, end_of_round=True)
    pull, asked_for = north.client.pull, []

    async def changed(peer: Endpoint, **asked: Any) -> PullPage:
        asked_for.append(asked.get("ids"))
        if asked.get("ids"):
            group.withdrawal("n5")
            await relay.ingest.lines([group.head(), *group.held.values()], via=None, end_of_round=True)
            return replace(await pull(peer, **asked), lines=())
        page = await pull(peer, **asked)
        return replace(page, lines=tuple(line for line in page.lines if line != everything[-1]))

    monkeypatch.setattr(north.client, "pull", changed)
    await _blames_nobody(village)
    assert [len(ids) for ids in asked_for if ids] == [1]


async def test_what_one_peer_left_out_another_brings_who_tells_the_same_head(village: Village) -> None:
    """Whoever leaves something out and is quicker than all others does not keep them from mending it: each that tells
    the head is asked once, at a first talk and after a lost cursor too (seeds 15 and 17 of fifty nodes)."""
    north, relay, archive = village.north, village.relay, village.archive
    everything, pair = village.west.group.everything(), (village.west.group.origin, "public")
    await relay.ingest.lines(everything[:-1], via=None, end_of_round=True)
    async with relay.store._db.write() as tx:
        await tx.execute("UPDATE heads SET state = 'complete'")
    assert (await north.sync.peer(relay.group.origin)).incomplete == (pair,)
    village.asked.clear()
    assert (await north.sync.peer(relay.group.origin)).ok
    assert ("Relay", "manifest") not in village.verbs(), "in vain once is enough"
    await archive.ingest.lines(everything, via=None, end_of_round=True)
    assert (await north.sync.peer(archive.group.origin)).incomplete == ()
    assert await north.state(village.west) == "complete"
    assert await north.shown() == west(0, 1, 2, 3, 4, 5)


async def test_saying_that_it_moved_on_is_not_enough(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _left_out(village)
    plain = village.north.client.manifest

    async def another(peer: Endpoint, **asked: Any) -> ManifestPage:
        return replace(await plain(peer, **asked), head=b"x" * 32)

    monkeypatch.setattr(village.north.client, "manifest", another)
    report = await village.north.sync.peer(village.relay.group.origin)
    pair = (village.west.group.origin, "public")
    assert (report.omitted, report.incomplete) == ((pair,), (pair,))
    assert (await village.north.sync.peer(village.relay.group.origin)).omitted == (), "in vain once is enough"


@pytest.mark.parametrize("more", [True, False])
async def test_a_manifest_that_proves_nothing_is_passed_over_and_not_asked_for_again(
    village: Village, monkeypatch: pytest.MonkeyPatch, more: bool
) -> None:
    """As many entries as the head counts, one of them made up; with an end or without one."""
    north, relay, group = village.north, village.relay, village.west.group
    everything = group.everything()
    await relay.ingest.lines(everything[:-1], via=None, end_of_round=True)
    async with relay.store._db.write() as tx:
        await tx.execute("UPDATE heads SET state = 'complete'")
    plain = north.client.manifest

    async def longer(peer: Endpoint, **asked: Any) -> ManifestPage:
        page = await plain(peer, **asked)
        return ManifestPage(head=page.head, entries=(*page.entries, (b"\xff" * 16, 1, b"x" * 32)), more=more)

    monkeypatch.setattr(north.client, "manifest", longer)
    report = await north.sync.peer(relay.group.origin)
    assert report.incomplete == ((group.origin, "public"),)
    assert [verb for _, verb in village.verbs() if verb == "pull"] == ["pull"]  # no line was asked for
    relay.group.summary("news")
    await relay.publish()
    assert (await north.sync.peer(relay.group.origin)).incomplete == ()
    assert village.verbs() == [("Relay", "pull")]
    assert await north.state(village.west) == "incomplete"


@pytest.mark.parametrize(
    ("count", "asked", "code"), [(2**53 - 1, 0, None), (15_000, 2, None), (15_001, 19, "too_slow")]
)
async def test_a_manifest_without_an_end_ends(
    village: Village, monkeypatch: pytest.MonkeyPatch, count: int, asked: int, code: str | None
) -> None:
    """A head that counts what no node holds, and a peer that tells it entry by entry, for ever."""
    north, relay, group = village.north, village.relay, village.west.group
    lines = [*group.everything(), group.head(count=count)]
    await relay.ingest.lines(lines, via=None, end_of_round=True)
    async with relay.store._db.write() as tx:
        await tx.execute("UPDATE heads SET state = 'complete'")
    (head,) = await relay.store.heads_held({group.origin})
    calls: list[bytes | None] = []

    async def endless(peer: Endpoint, *, after: bytes | None = None, **_: Any) -> ManifestPage:
        if peer.origin != relay.group.origin:
            return ManifestPage(head=None, entries=(), more=False)
        assert len(calls) < 100
        calls.append(after)
        village.clock.advance(seconds=50)
        last = len(calls).to_bytes(16, "big") if code else b"x" * 16  # on and on, or in a circle
        return ManifestPage(head=head.sha, entries=((last, 1, b"x" * 32),), more=True)

    monkeypatch.setattr(north.client, "manifest", endless)
    report = await north.sync.peer(relay.group.origin)
    assert (report.code, len(calls)) == (code, asked)
    assert report.incomplete == ((group.origin, "public"),)


async def test_an_older_head_is_counted_and_told_in_words(village: Village) -> None:
    north, relay, archive, group = village.north, village.relay, village.archive, village.west.group
    await relay.ingest.lines(group.everything(), via=None, end_of_round=True)
    group.withdrawal("n0")
    await archive.ingest.lines(group.everything(), via=None, end_of_round=True)
    await north.sync.peer(archive.group.origin)
    report = await north.sync.peer(relay.group.origin)
    assert report.rolled_back == ((group.origin, "public"),)
    assert report.notice is not None
    assert "older state of 1 group " in report.notice
    talk = {talk.peer: talk for talk in await north.store.peer_states()}[relay.group.origin]
    assert (talk.rollbacks, talk.last_rollback) == (1, int(village.clock.now().timestamp()))
    assert talk.omissions == 0
    assert await north.shown() == west(1, 2, 3, 4, 5)
    assert await north.state(village.west) == "complete"
