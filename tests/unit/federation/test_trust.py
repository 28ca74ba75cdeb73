"""What groups say of groups, through the one way in: vouches of hubs, advice, farewells."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from federation.ingest import Ingest
from federation.policy import AllowList
from federation.ports import Peer, PeerState
from federation.store import NeighbourhoodStore
from federation.store.groups import Admission
from federation.store.rows import Batch
from federation.vouching import door
from protocol import codec
from protocol.limits import NEW_ORIGINS_A_DAY
from protocol.trust import Vouch
from tests.unit.federation.groups import Group, PeerList, StillClock, ident

US = Group("Ourselves")


class Room:
    """One store with its way in."""

    def __init__(self) -> None:
        self.clock = StillClock()
        self.peers = PeerList()
        self.hub = Group("Hub")
        self.member = Group("Member")
        self.store: NeighbourhoodStore
        self.ingest: Ingest

    async def take(self, *lines: bytes, via: str | None = "carrier") -> list[str]:
        report = await self.ingest.lines(lines, via=via, end_of_round=True)
        return [each.code for each in report.refused]

    async def shown(self) -> set[str]:
        return {need.id for need in await self.store.needs(sets={"public", "peers"}, limit=10_000)}

    async def state(self, group: Group) -> str:
        return next(view.state for view in await self.store.origins() if view.origin == group.origin)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    made = Room()
    made.store = await NeighbourhoodStore.open(tmp_path / "n.db", clock=made.clock, own_origin=US.origin)
    made.ingest = Ingest(made.store, made.peers, made.clock)
    made.peers.put(made.hub.origin, role="hub")
    made.member.summary("a")
    yield made
    assert await made.store.count_faults() == []
    await made.store.close()


async def test_a_vouch_of_a_hub_lets_a_group_in_whoever_carries_its_lines(room: Room) -> None:
    lines = room.member.everything()
    assert set(await room.take(*lines)) == {"origin_unknown"}
    room.hub.vouch(room.member.origin)
    assert await room.take(*room.hub.everything("public", "peers")) == []
    assert await room.state(room.hub) == "complete"  # a vouch is counted by the head of its set
    assert await room.take(*lines, via=None) == []
    assert await room.shown() == {ident("Member a")}
    allow = await room.ingest.follow_policy()
    assert allow.vouched == {room.member.origin: room.hub.origin}
    assert room.member.origin in allow.served


@pytest.mark.parametrize("how", ["withdrawn", "expired", "blocked", "left", "no hub any more"])
async def test_a_vouch_that_is_over_closes_at_once(room: Room, how: str) -> None:
    room.hub.vouch(room.member.origin)
    await room.take(*room.hub.everything("peers"))
    await room.take(*room.member.everything())
    assert await room.shown() == {ident("Member a")}
    match how:
        case "withdrawn":
            await room.take(room.hub.unvouch(room.member.origin))
        case "expired":
            await room.take(room.member.summary("b", expires=date(2026, 12, 1)))
            room.clock.advance(days=14)
        case "no hub any more":
            room.peers.put(room.hub.origin, role="peer")
        case state:
            room.peers.set_state(room.hub.origin, state)  # type: ignore[arg-type]
    if how != "withdrawn":  # what comes by the wire is followed by itself
        await room.ingest.follow_policy()
    assert await room.shown() == set()
    assert room.member.origin not in (await room.ingest.follow_policy()).served
    assert await room.take(room.member.summary("late")) == ["origin_unknown"]


async def test_what_comes_in_while_its_origin_is_blocked_is_not_shown(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our people block a group of which nothing is held yet, and its first page is just being written."""
    room.peers.put(room.member.origin)
    await room.ingest.follow_policy()
    apply = room.store.apply
    decided: list[asyncio.Task[AllowList]] = []

    async def late(batch: Batch) -> None:
        if not decided:
            room.peers.set_state(room.member.origin, "blocked")
            decided.append(asyncio.create_task(room.ingest.follow_policy()))
            await asyncio.wait(decided, timeout=0.2)
        await apply(batch)

    monkeypatch.setattr(room.store, "apply", late)
    await room.take(*room.member.everything())
    await decided[0]
    assert await room.shown() == set()


async def test_a_decision_is_not_undone_by_whoever_looked_before(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.peers.put(room.member.origin)
    await room.take(*room.member.everything())
    room.peers.put(Group("Another").origin)  # so that whoever asks now has a change to take over
    show_only = room.store.show_only
    decided: list[asyncio.Task[AllowList]] = []

    async def late(origins: Collection[str]) -> None:
        if not decided:
            room.peers.set_state(room.member.origin, "blocked")
            decided.append(asyncio.create_task(room.ingest.follow_policy()))
            await asyncio.wait(decided, timeout=0.2)
        await show_only(origins)

    monkeypatch.setattr(room.store, "show_only", late)
    await room.ingest.follow_policy()
    await decided[0]
    assert await room.shown() == set()


async def test_vouches_of_others_than_hubs_cost_nothing(room: Room) -> None:
    """They are looked for at every request, and anybody may publish thousands."""
    room.peers.put(room.member.origin)
    for number in range(5):
        room.member.vouch(Group(f"made up {number}").origin)
    room.hub.vouch(Group("Real").origin)
    await room.take(*room.member.everything("peers"), *room.hub.everything("peers"))
    asked: list[Collection[str]] = []
    plain = room.store.vouches

    async def noted(hubs: Collection[str]) -> tuple[list[Vouch], list[Admission]]:
        asked.append(hubs)
        found = await plain(hubs)
        assert {vouch.origin for vouch in found[0]} == {room.hub.origin}
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room.store, "vouches", noted)
        allow = await room.ingest.follow_policy()
    assert asked == [{room.hub.origin}]
    assert set(allow.vouched) == {Group("Real").origin}


async def test_vouches_are_read_once_for_what_is_held(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are asked for at every request: read anew when something was written, another day, or other hubs."""
    room.hub.vouch(room.member.origin)
    await room.take(*room.hub.everything("peers"))
    await room.ingest.follow_policy()
    read: list[Collection[str]] = []
    plain = room.store.vouches

    async def noted(hubs: Collection[str]) -> tuple[list[Vouch], list[Admission]]:
        read.append(hubs)
        return await plain(hubs)

    monkeypatch.setattr(room.store, "vouches", noted)
    for _ in range(3):
        assert set((await room.ingest.follow_policy()).vouched) == {room.member.origin}
    assert read == []
    await room.take(room.hub.unvouch(room.member.origin))
    assert not (await room.ingest.follow_policy()).vouched
    room.hub.vouch(Group("Second").origin)
    await room.take(*room.hub.everything("peers"))
    assert set((await room.ingest.follow_policy()).vouched) == {Group("Second").origin}
    before = len(read)
    room.clock.advance(days=30)
    assert not (await room.ingest.follow_policy()).vouched
    assert len(read) == before + 1
    room.peers.put(Group("Second").origin, role="hub")
    await room.ingest.follow_policy()
    assert read[-1] == {room.hub.origin, Group("Second").origin}


async def test_our_own_people_decide_before_any_hub(room: Room) -> None:
    room.hub.vouch(room.member.origin)
    await room.take(*room.hub.everything("peers"))
    await room.take(*room.member.everything())
    assert await room.shown()
    for state, code in (("blocked", "origin_blocked"), ("left", "origin_left"), ("paused", "origin_paused")):
        room.peers.put(room.member.origin, state=state)  # type: ignore[arg-type]
        assert await room.take(room.member.summary("b")) == [code]
        assert room.member.origin not in (await room.ingest.follow_policy()).vouched
        assert (
            not await room.shown()
        )  # after "left" nothing of it is held, so there is nothing that pausing shows
    # Having asked to join is no decision.
    room.peers.put(room.member.origin, state="asked")
    assert await room.take(room.member.summary("c")) == []


@pytest.mark.parametrize("state", ["paused", "blocked", "left"])
async def test_of_whom_we_shut_out_newer_keys_come_in_and_nothing_else(room: Room, state: PeerState) -> None:
    """Else nobody could check the one letter that is still heard: a revoke."""
    member, other = room.member, Group("Second")
    room.peers.put(member.origin)
    await room.take(*member.everything())
    old = member.op.did
    for group in (member, other):
        room.peers.put(group.origin, state=state)
    forged = member.keys(rev=3, op_key=other.did)
    member.op, member.rev = Group("Newer").op, 2
    member.next_epoch()
    member.summary("b")
    lines = member.everything()
    refused = await room.take(*lines)
    assert set(refused) == {f"origin_{state}"}
    assert len(refused) == len(lines) - 1
    assert (await room.store.origin(member.origin)).op_key == member.did != old
    assert await room.shown() == set(), "what the old key signed has fallen"
    assert await room.take(forged[:-12] + b"AAAA" + forged[-8:]) == ["bad_signature"]
    # Of whom nothing is known, only what it brings itself.
    assert await room.take(other.keys()) == [f"origin_{state}"]
    assert await room.take(other.keys(), via=other.origin) == []
    assert await room.take(other.profile(), via=other.origin) == [f"origin_{state}"]


async def test_a_paused_hub_brings_nobody_new_and_what_it_brought_stays(room: Room) -> None:
    room.hub.vouch(room.member.origin)
    await room.take(*room.hub.everything("peers"))
    await room.take(*room.member.everything())
    room.peers.set_state(room.hub.origin, "paused")
    assert await room.take(room.member.summary("b")) == ["origin_paused"]
    assert await room.shown() == {ident("Member a")}


async def test_a_vouch_reaches_no_further_than_its_subject(room: Room) -> None:
    third = Group("Third")
    third.summary("a")
    room.hub.vouch(room.member.origin, role="hub")
    room.member.vouch(third.origin)
    await room.take(*room.hub.everything("peers"))
    await room.take(*room.member.everything("public", "peers"))
    assert set(await room.take(*third.everything())) == {"origin_unknown"}
    # Nor does the vouch of a mere peer, or of a reader, let anybody in.
    for role in ("peer", "reader"):
        room.peers.put(room.member.origin, role=role)
        assert set(await room.take(*third.everything())) == {"origin_unknown"}


async def test_a_hub_lets_in_so_many_a_day_and_no_more(room: Room) -> None:
    many = [Group(f"Group {number}") for number in range(NEW_ORIGINS_A_DAY + 7)]
    for each in many:
        room.hub.vouch(each.origin)
    await room.take(*room.hub.everything("peers"))
    assert len((await room.ingest.follow_policy()).vouched) == NEW_ORIGINS_A_DAY
    # Ending one and vouching for another makes no room on the same day.
    await room.take(room.hub.unvouch(many[0].origin))
    allow = await room.ingest.follow_policy()
    assert len(allow.vouched) == NEW_ORIGINS_A_DAY - 1
    room.clock.advance(days=1)
    assert len((await room.ingest.follow_policy()).vouched) == len(many) - 1


def test_the_first_hub_stays_the_one_that_counts() -> None:
    one, other, member = Group("One"), Group("Other"), Group("Member")
    first, second = (_said(each.vouch(member.origin)) for each in (one, other))
    made = door({one.origin, other.origin}, [first, second], [], today=date(2026, 11, 2))
    again = door({one.origin, other.origin}, [second, first], made.new, today=date(2026, 11, 3))
    assert made.vouched == again.vouched
    assert again.new == ()
    gone = door({other.origin}, [second], made.new, today=date(2026, 11, 3))
    assert gone.vouched == {member.origin: other.origin}
    assert {each.voucher for each in gone.gone} == {one.origin}


def test_at_the_door_too_nobody_but_a_hub_vouches_and_nobody_for_itself() -> None:
    hub, peer, member = Group("Hub"), Group("Peer"), Group("Member")
    said = [_said(peer.vouch(member.origin)), _said(hub.vouch(hub.origin))]
    assert door({hub.origin}, said, [], today=date(2026, 11, 2)).vouched == {}


async def test_advice_is_held_for_people_to_read_and_changes_nothing(room: Room) -> None:
    room.peers.put(room.member.origin)
    await room.take(*room.member.everything())
    room.hub.advice(room.member.origin, reason="not_known_here")
    await room.take(*room.hub.everything("peers"))
    (advice,) = await room.store.advice()
    assert (advice.origin, advice.subject) == (room.hub.origin, room.member.origin)
    assert await room.shown() == {ident("Member a")}
    assert await room.take(room.member.summary("b")) == []


async def test_after_a_farewell_nothing_of_its_epoch_is_held_or_comes_back(room: Room) -> None:
    member = room.member
    room.peers.put(member.origin)
    lines = member.everything()
    await room.take(*lines)
    assert await room.take(member.farewell()) == []
    assert await room.shown() == set()
    assert [each.origin for each in await room.store.farewells()] == [member.origin]
    assert await room.take(*lines, member.summary("late"), member.head(), member.profile()) == []
    assert await room.shown() == set()
    held = await room.store.lines_of([member.origin], {"public", "peers"})
    assert len(held) == 2  # keys and farewell
    # The way back is a new epoch.
    member.next_epoch()
    member.summary("again")
    assert await room.take(*member.everything()) == []
    assert await room.shown() == {ident("Member again")}
    assert await room.store.farewells() == []


async def test_the_order_in_which_a_farewell_comes_does_not_matter(room: Room) -> None:
    member = room.member
    room.peers.put(member.origin)
    before = member.everything()
    goodbye = member.farewell()
    assert await room.take(member.keys(), goodbye, *before) == []
    assert await room.shown() == set()
    member.next_epoch()
    member.summary("again")
    assert await room.take(goodbye, *reversed(member.everything())) == []
    assert await room.take(goodbye, *member.everything()) == []
    assert await room.shown() == {ident("Member again")}


async def test_a_forged_farewell_ends_nothing(room: Room) -> None:
    member, stranger = room.member, Group("Stranger")
    room.peers.put(member.origin)
    await room.take(*member.everything())
    forged = stranger.farewell(origin=member.origin, epoch=member.epoch, seq=99)
    assert await room.take(forged) == ["bad_signature"]
    assert await room.shown() == {ident("Member a")}


def test_who_gets_which_sets() -> None:
    own, hub, one, two, reader, narrow = "own", "hub", "one", "two", "reader", "narrow"
    allow = AllowList.of(
        own,
        [
            _peer(hub, role="hub"),
            _peer(one, vouched=True),
            _peer(two, vouched=True),
            _peer(reader, role="reader", gives="public"),
            _peer(narrow, gives="nothing"),
            _peer("gone", state="left"),
            _peer("waits", state="asked"),
        ],
        {"brought": hub, reader: hub, "gone": hub},
    )
    public = {own, hub, one, two, narrow, "brought"}
    assert allow.sets_for(hub) == (public, {own, hub})  # its own it gets back in any case
    # At a hub its members get each other's set peers.
    assert allow.sets_for(one) == (public, {own, one, two})
    assert allow.sets_for(reader) == (public, set())
    assert allow.sets_for(narrow) == (public - {own}, {narrow})
    assert allow.refusal(reader) == "origin_reader"
    assert allow.refusal("waits") == "origin_unknown"
    assert len({allow.fingerprint_for(each) for each in (hub, one, two, reader, narrow)}) == 4
    assert allow.fingerprint_for(one) == allow.fingerprint_for(two)


def _said(line: bytes) -> Vouch:
    statement = codec.read_line(line).statement
    assert isinstance(statement, Vouch)
    return statement


def _peer(origin: str, **terms: object) -> Peer:
    plain = Peer(origin=origin, url=None, name=origin, state="active", allow_private=False)
    return replace(plain, **terms)  # type: ignore[arg-type]
