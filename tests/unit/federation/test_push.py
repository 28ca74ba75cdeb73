"""A node that nobody can reach brings its lines itself: real servers, real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from federation.client import PushAnswer
from federation.errors import PeerError
from federation.ports import PeerState
from federation.push import ASK_AGAIN
from federation.transport import Deadlines, Endpoint
from protocol.limits import PUSH_LINES
from tests.unit.federation.groups import Group, StillClock, ident
from tests.unit.federation.hosts import Host


class Yard:
    """A hub with an address, and a group behind a router; what was asked of the hub, and how it fails."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.asked: list[tuple[str, int]] = []
        self.lost: set[int] = set()
        self.hub: Host
        self.inner: Host

    @web.middleware
    async def line(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Counts requests, and loses the answers to those pushes that the test names."""
        self.asked.append((request.path.rpartition("/")[2], request.content_length or 0))
        response = await handler(request)
        if request.path.endswith("/push") and self.pushes in self.lost:
            assert request.transport is not None
            request.transport.abort()
        return response

    @property
    def pushes(self) -> int:
        return sum(verb == "push" for verb, _ in self.asked)

    @property
    def endpoint(self) -> Endpoint:
        group = self.hub.group
        return Endpoint(origin=group.origin, url=self.hub.url, op_key=group.did, allow_private=True)


@pytest.fixture
async def yard(tmp_path: Path) -> AsyncIterator[Yard]:
    made = Yard()
    async with AsyncExitStack() as stack:
        made.hub = await stack.enter_async_context(
            Host(Group("Hub"), tmp_path / "hub.db", clock=made.clock, middlewares=[made.line])
        )
        made.inner = await stack.enter_async_context(
            Host(Group("Inner"), tmp_path / "inner.db", clock=made.clock, hidden=True, deadlines=Deadlines())
        )
        made.hub.knows(made.inner)
        made.inner.knows(made.hub)
        yield made
        assert await made.hub.store.count_faults() == []


async def test_what_it_has_arrives_and_nothing_is_said_twice(yard: Yard) -> None:
    yard.inner.group.summary("a")
    yard.inner.group.summary("b", set="peers")
    await yard.inner.publish("public", "peers")
    (round_,) = await yard.inner.sync.all()
    assert round_.ok, round_.error
    assert await yard.hub.shown() == {ident("Inner a"), ident("Inner b")}
    assert await yard.hub.state(yard.inner) == "complete"
    assert yard.pushes == 2  # what do you hold?, and the lines
    yard.inner.group.withdrawal("a")
    await yard.inner.publish("public", "peers")
    report = await yard.inner.pusher.push(yard.endpoint)
    assert report is not None
    assert (report.accepted, report.same, report.lacking) == (3, 0, ())  # the withdrawal, two heads
    assert await yard.hub.shown() == {ident("Inner b")}
    before = len(yard.asked)
    assert await yard.inner.pusher.push(yard.endpoint) is None
    await yard.inner.sync.all(due_only=True)
    assert len(yard.asked) == before


async def test_news_go_at_once_though_the_round_is_not_due(yard: Yard) -> None:
    await yard.inner.publish()
    await yard.inner.sync.all()
    yard.inner.group.summary("urgent")
    await yard.inner.publish()
    assert len(await yard.inner.sync.all(due_only=True)) == 1
    assert await yard.hub.shown() == {ident("Inner urgent")}
    assert await yard.inner.sync.all(due_only=True) == []


async def test_a_lost_answer_doubles_nothing_and_misses_nothing(yard: Yard) -> None:
    for number in range(700):
        yard.inner.group.summary(f"n{number}")
    await yard.inner.publish()
    await yard.inner.sync.all()
    yard.asked.clear()
    for number in range(600):
        yard.inner.group.withdrawal(f"n{number}")
    await yard.inner.publish()
    yard.lost = {1, 2}  # of two pages the first, which came in, and again
    with pytest.raises(PeerError):
        await yard.inner.pusher.push(yard.endpoint)
    yard.lost = set()
    yard.asked.clear()
    report = await yard.inner.pusher.push(yard.endpoint)
    assert report is not None
    assert yard.pushes == 2  # what do you hold?, and the second page
    assert (report.sent, report.same, report.lacking) == (102, 1, ())  # the head was there
    held = (await yard.hub.store.held_of(yard.inner.group.origin)).sets["public"]
    assert held == (await yard.inner.store.held_of(yard.inner.group.origin)).sets["public"]
    assert held.state == "complete"


async def test_a_farewell_arrives_though_no_set_is_held_any_more(yard: Yard) -> None:
    yard.inner.group.summary("a")
    await yard.inner.publish()
    await yard.inner.sync.all()
    assert await yard.hub.shown() == {ident("Inner a")}
    await yard.inner.ingest.lines([yard.inner.group.farewell()], via=None, end_of_round=True)
    yard.lost = {yard.pushes + 1, yard.pushes + 2}  # the answer, and that to the same once more
    (round_,) = await yard.inner.sync.all(due_only=True)
    assert not round_.ok
    assert await yard.hub.shown() == set()
    assert [each.origin for each in await yard.hub.store.farewells()] == [yard.inner.group.origin]
    (round_,) = await yard.inner.sync.all()
    assert round_.ok
    before = len(yard.asked)
    assert await yard.inner.sync.all(due_only=True) == []
    assert await yard.inner.pusher.push(yard.endpoint) is None, "it is said once"
    assert len(yard.asked) == before


@pytest.mark.parametrize("first", [False, True])
async def test_a_farewell_goes_on_to_who_knows_the_group_by_a_relay_alone(
    yard: Yard, tmp_path: Path, first: bool
) -> None:
    """``first``: they ask for the first time when the relay holds the farewell already."""
    inner, left = yard.inner.group, Group("Left")
    inner.summary("a")
    async with Host(Group("Far"), tmp_path / "far.db", clock=yard.clock) as far:
        far.knows(yard.hub, yard.inner)
        yard.hub.knows(far)
        yard.hub.peers.put(left.origin)
        await yard.inner.publish()
        await yard.inner.sync.all()
        if first:
            await far.ingest.lines(inner.everything(), via=None, end_of_round=True)
        else:
            await far.sync.all()
        assert await far.shown() == {ident("Inner a")}
        await yard.hub.ingest.lines(left.everything(), via=None, end_of_round=True)
        yard.hub.peers.set_state(left.origin, "left")
        await yard.inner.ingest.lines([inner.farewell()], via=None, end_of_round=True)
        await yard.inner.sync.all(due_only=True)
        yard.hub.peers.set_state(inner.origin, "left")
        (round_,) = await far.sync.all()
        assert round_.ok
        assert (await far.shown(), await far.state(yard.inner)) == (set(), "unknown")
        assert [each.origin for each in await far.store.farewells()] == [inner.origin]
        # With whom only the talks are over, nobody hears of from us.
        allow = await yard.hub.ingest.follow_policy()
        assert (allow.ended, left.origin in allow.sets_for(far.group.origin)[0]) == ({inner.origin}, False)
        # Nor is anything else of it passed on; and who comes back is not kept out by the old farewell.
        assert len(await yard.hub.store.lines_of([inner.origin], {"public", "peers"})) == 2
        inner.next_epoch()
        inner.summary("again")
        await far.ingest.lines(inner.everything(), via=None, end_of_round=True)
        await far.sync.all()
        assert await far.shown() == {ident("Inner again")}


async def test_what_the_peer_lost_is_brought_again(yard: Yard, tmp_path: Path) -> None:
    yard.inner.group.summary("a")
    await yard.inner.publish()
    await yard.inner.sync.all()
    async with Host(yard.hub.group, tmp_path / "anew.db", clock=yard.clock) as anew:
        anew.knows(yard.inner)
        endpoint = replace(yard.endpoint, url=anew.url)
        assert await yard.inner.pusher.push(endpoint) is None  # nothing new, so far as we know
        yard.clock.advance(seconds=ASK_AGAIN)
        assert await yard.inner.pusher.push(endpoint) is not None
        assert await anew.shown() == {ident("Inner a")}


async def test_a_wrong_guess_is_made_good_with_everything_once(yard: Yard) -> None:
    """A line is missing below what the peer holds: it says what it holds whole, not how high it counts."""
    group = yard.inner.group
    before = group.head()
    lines = {name: group.summary(name) for name in "abc"}
    await yard.hub.ingest.lines(
        [group.keys(), group.profile(), before, lines["c"]], via=None, end_of_round=True
    )
    assert await yard.hub.shown() == {ident("Inner c")}
    await yard.inner.publish()
    report = await yard.inner.pusher.push(yard.endpoint)
    assert report is not None
    assert report.lacking == ()
    assert await yard.hub.shown() == {ident(f"Inner {name}") for name in "abc"}


async def test_a_set_goes_to_whom_it_is_given(yard: Yard) -> None:
    yard.inner.group.summary("a")
    yard.inner.group.summary("b", set="peers")
    await yard.inner.publish("public", "peers")
    peers = yard.inner.peers
    hub = yard.hub.group.origin
    peers.peers[hub] = replace(peers.peers[hub], gives="public")
    await yard.inner.sync.all()
    assert await yard.hub.shown() == {ident("Inner a")}
    peers.peers[hub] = replace(peers.peers[hub], gives="nothing")
    yard.inner.group.summary("c")
    await yard.inner.publish("public", "peers")
    assert not await yard.inner.pusher.has_news(hub)
    assert await yard.hub.shown() == {ident("Inner a")}


async def test_lines_of_others_are_judged_as_any_carriers(yard: Yard) -> None:
    """Brought in part: that makes their origin neither complete nor incomplete; of unknown ones nothing is
    held."""
    friend, stranger = Group("Friend"), Group("Stranger")
    yard.hub.peers.put(friend.origin, None)
    friend.summary("left out")
    wanted = friend.summary("brought")
    strange = stranger.everything()
    lines = [friend.keys(), friend.head(), wanted, b"nonsense", *strange]
    answer = await yard.inner.client.push(yard.endpoint, lines)
    assert answer.accepted == 3
    assert answer.refused[0][0] == 4
    assert [code for _, code in answer.refused[1:]] == ["origin_unknown"] * len(strange)
    assert answer.held.sets == {}
    views = {view.origin: view.state for view in await yard.hub.store.origins()}
    assert views[friend.origin] == "catching_up"
    assert stranger.origin not in views


async def test_readers_and_strangers_bring_nothing(yard: Yard) -> None:
    inner = yard.inner.group.origin
    yard.hub.peers.peers[inner] = replace(yard.hub.peers.peers[inner], role="reader")
    with pytest.raises(PeerError) as refused:
        await yard.inner.client.push(yard.endpoint, yard.inner.group.everything())
    assert refused.value.code == "reader"
    await yard.inner.publish()
    (round_,) = await yard.inner.sync.all()
    assert round_.ok, round_.error  # no fault: it reads
    yard.hub.peers.set_state(inner, "paused")
    with pytest.raises(PeerError) as refused:
        await yard.inner.client.push(yard.endpoint, yard.inner.group.everything())
    assert refused.value.code == "refused"


async def test_the_size_of_a_push_is_limited(yard: Yard) -> None:
    with pytest.raises(PeerError):
        await yard.inner.client.push(yard.endpoint, [b"x"] * (PUSH_LINES + 1))
    with pytest.raises(PeerError):
        await yard.inner.client.push(yard.endpoint, [b"x" * 4096] * 257)
    await yard.inner.client.push(yard.endpoint, [b"x" * 4096] * 255)


async def test_a_peer_that_holds_what_we_never_said_stops_us(yard: Yard) -> None:
    """A copy of this node published elsewhere, or we are restored from an old backup."""
    await yard.inner.publish()
    ahead = Group("Inner", epoch=yard.inner.group.epoch + 600)
    ahead.summary("later")
    await yard.hub.ingest.lines(ahead.everything(), via=None, end_of_round=True)
    with pytest.raises(PeerError) as stopped:
        await yard.inner.pusher.push(yard.endpoint)
    assert stopped.value.code == "ahead"


async def test_who_has_an_address_does_not_push(yard: Yard) -> None:
    await yard.inner.publish()
    yard.inner.hidden = False
    await yard.inner.sync.all()
    assert yard.pushes == 0


async def test_a_push_ends_no_round_that_is_going_on(yard: Yard) -> None:
    """The hub has just read a head from it, and not yet what that counts: nobody left anything out."""
    other = Group("Other")
    yard.hub.peers.put(other.origin)
    other.summary("a")
    *front, line = other.everything()
    inner = yard.inner.group
    await yard.hub.ingest.lines([inner.keys(), *front], via=inner.origin, end_of_round=False)
    await yard.inner.client.push(yard.endpoint, [inner.profile()])
    states = {view.origin: view.state for view in await yard.hub.store.origins()}
    assert states[other.origin] == "catching_up"
    report = await yard.hub.ingest.lines([line], via=inner.origin, end_of_round=True)
    assert report.complete == ((other.origin, "public"),)


@pytest.mark.parametrize("state", ["blocked", "paused", "left", "asked", None])
async def test_nobody_learns_by_a_push_whom_our_people_decided_about(
    yard: Yard, state: PeerState | None
) -> None:
    other = Group("Other")
    if state is not None:
        yard.hub.peers.put(other.origin, state=state)
    answer = await yard.inner.client.push(yard.endpoint, [other.keys()])
    assert answer.refused == ((1, "origin_unknown"),)


async def test_what_the_peer_does_not_take_is_said_in_each_round_until_it_does(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = yard.inner.client.push

    async def picky(peer: Endpoint, page: list[bytes]) -> PushAnswer:
        answer = await push(peer, [])
        return replace(answer, refused=tuple((number, "over_quota") for number in range(1, len(page) + 1)))

    monkeypatch.setattr(yard.inner.client, "push", picky)
    yard.inner.group.summary("a")
    await yard.inner.publish()
    for _ in range(2):  # the second has nothing new to bring
        (round_,) = await yard.inner.sync.all()
        assert round_.ok
        assert round_.not_taken
        assert round_.not_held == ("public",)
        assert round_.notice is not None
        assert "over_quota" in round_.notice
        assert "does not hold all" in round_.notice
    monkeypatch.undo()
    yard.clock.advance(seconds=ASK_AGAIN)
    (round_,) = await yard.inner.sync.all()
    assert (round_.not_taken, round_.not_held, round_.notice) == (0, (), None)
    assert await yard.hub.shown() == {ident("Inner a")}
