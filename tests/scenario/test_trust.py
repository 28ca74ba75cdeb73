"""What groups decide about groups, on real nodes over real HTTP: hubs, terms, leaving, changed keys, advice."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.errors import Conflict, Invalid, NotFound
from node.store import peers
from protocol.trust import Vouch
from tests.harness import calls
from tests.harness.calls import need
from tests.harness.neighbourhood import Member, Neighbourhood


async def foreign(member: Member) -> set[str]:
    """Whose needs a member sees, beside its own."""
    return set(await calls.foreign(member))


async def _vouches(member: Member) -> list[Vouch]:
    store = member.node.network.store
    return (await store.vouches({each.origin for each in await store.origins()}))[0]


def _terms(of: Member, **given: object) -> dict[str, object]:
    """Arguments of ``peers set``."""
    return {"origin": of.id, "state": None, **given}


async def rounds(member: Member) -> dict[str, str | None]:
    """What became of each talk, by name: None where it went well."""
    return {each.name: each.code for each in await member.services.peering.sync(CONSOLE)}


async def state(member: Member, other: Member) -> str:
    rows = {view.peer.origin: view.peer.state for view in await member.services.peering.list(CONSOLE)}
    return rows[other.id]


async def settle(*members: Member) -> None:
    """Everybody talks twice: once to hear, once to tell what was heard."""
    for _ in range(2):
        for member in members:
            await member.services.peering.sync(CONSOLE)


async def test_a_vouch_is_renewed_at_half_its_life_and_ends_with_the_membership(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        hub, north = await town.add("hub"), await town.add("north")
        await town.befriend(hub, north)
        await hub.services.terms.change(CONSOLE, north.id, vouched=True)
        await town.publish(hub)
        (first,) = await _vouches(hub)
        town.clock.advance(days=8)
        await town.publish(hub)
        (renewed,) = await _vouches(hub)
        assert (renewed.id, renewed.since) == (first.id, first.since)
        assert renewed.expires == first.expires + timedelta(days=8)
        await hub.services.peering.set_state(CONSOLE, north.id, "paused")
        await town.publish(hub)
        assert await _vouches(hub) == []


async def test_who_leaves_is_let_go_by_both_and_nothing_stays(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await town.befriend(north, south)
        await need(north)
        await need(south)
        await settle(north, south)
        assert (await foreign(north), await foreign(south)) == ({"South"}, {"North"})
        await commands.run(
            north.services, "peers_leave", {"origin": south.id, "everybody": False, "to": None}
        )
        assert await foreign(north) == set()
        assert len(await north.node.network.store.lines_of([south.id], {"public", "peers"})) == 1  # its keys
        assert await rounds(north) == {}
        assert await rounds(south) == {"North": "left"}
        assert (await state(south, north), await foreign(south)) == ("left", set())
        # The way back is an invitation.
        with pytest.raises(NotFound):
            await south.services.peering.set_state(CONSOLE, north.id, "active")
        link = (await north.services.joining.invite(CONSOLE)).link
        await south.services.joining.join(CONSOLE, link, allow_private=True)
        await north.services.joining.approve(CONSOLE, south.id, allow_private=True)
        await settle(north, south)
        assert (await foreign(north), await foreign(south)) == ({"South"}, {"North"})


async def test_a_node_that_closes_for_good_takes_every_copy_with_it(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await town.befriend(north, south)
        await need(north)
        await settle(south)
        assert await foreign(south) == {"North"}
        closing = {"origin": None, "everybody": True, "to": south.id}
        told = await commands.run(north.services, "peers_leave", closing)
        assert told["farewell"]
        await settle(south)
        assert (await foreign(south), await state(south, north)) == (set(), "left")
        (view,) = await south.services.peering.list(CONSOLE)
        assert view.moved_to == south.id
        for again in (north.services.publishing.publish, north.services.publishing.farewell):
            with pytest.raises(Conflict, match="said farewell"):
                await again(CONSOLE)
        assert await north.services.publishing.slot() is None


async def test_another_root_key_at_a_known_address_stops_and_asks(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south, other = [await town.add(name) for name in ("north", "south", "other")]
        await town.befriend(north, south)
        await north.services.terms.change(CONSOLE, south.id, ask_now=True)
        async with north.node.network.on.db.write() as tx:  # the name leads to another machine now
            row = await peers.get(tx, south.id)
            assert row is not None
            await peers.put(tx, replace(row, url=other.url))
        assert await rounds(north) == {south.url: "other_node"}
        assert await rounds(north) == {}  # nobody talks until a person looked
        (view,) = await north.services.peering.list(CONSOLE)
        assert " ".join(view.changed_words) == other.words
        with pytest.raises(Invalid):
            await north.services.terms.accept_key(CONSOLE, south.id, south.words)
        await commands.run(north.services, "peers_key", {"origin": south.id, "words": None})
        assert await rounds(north) == {south.url: "other_node"}  # kept, asked again, found again
        accepted = await commands.run(north.services, "peers_key", {"origin": south.id, "words": other.words})
        assert accepted["id"] == other.id
        rows = {each.peer.origin: each.peer for each in await north.services.peering.list(CONSOLE)}
        assert (rows[south.id].state, rows[other.id].state, rows[other.id].ask_now) == (
            "left",
            "active",
            True,
        )
        await other.services.peering.add(CONSOLE, north.url, did=north.id, allow_private=True)
        assert list((await rounds(north)).values()) == [None]


async def test_advice_stands_beside_a_group_and_changes_nothing(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south, third = [await town.add(name) for name in ("north", "south", "third")]
        await town.befriend(north, south)
        await town.befriend(south, third)
        await town.befriend(north, third)
        await need(third)
        await settle(south)
        blocking = _terms(third, state="blocked", reason="false_needs", advise=True)
        await commands.run(north.services, "peers_set", blocking)
        await town.publish(north)
        await settle(south)
        views = {view.peer.name: view for view in await south.services.peering.list(CONSOLE)}
        assert views["Third"].advised_by == (("North", "false_needs"),)
        assert views["North"].advises == ((third.id, "Third", "false_needs"),)
        assert await foreign(south) == {"Third"}
        # Without saying so, nothing of a block goes out; with the block the advice ends.
        await north.services.peering.set_state(CONSOLE, third.id, "blocked", reason="false_needs")
        await town.publish(north)
        await settle(south)
        views = {view.peer.name: view for view in await south.services.peering.list(CONSOLE)}
        assert views["Third"].advised_by == ()


async def test_the_phone_book_says_what_the_group_says_today(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await town.befriend(north, south)
        today = town.clock.now().date()
        said = {"phone": "07700 900321", "hours": "till four", "state": "full", "headings": ["food"]}
        await commands.run(north.services, "card", {**said, "until": (today + timedelta(days=2)).isoformat()})
        await town.publish(north)
        await settle(south)
        (view,) = await south.services.peering.list(CONSOLE)
        assert view.seen is not None
        assert view.seen.profile is not None
        profile = view.seen.profile
        assert (profile.phone, profile.hours, profile.state) == ("07700 900321", "till four", "full")
        assert (profile.until, profile.headings) == (today + timedelta(days=2), ("food",))
        town.clock.advance(days=3)
        await town.publish(north)
        await settle(south)
        (view,) = await south.services.peering.list(CONSOLE)
        assert view.seen is not None
        assert view.seen.profile is not None
        assert (view.seen.profile.state, view.seen.profile.until) == ("open", None)
        for bad in (
            {"state": "gone"},
            {"headings": ["kings"]},
            {"until": "2020-01-01", "state": "full"},
            {"name": " "},
        ):
            with pytest.raises(Invalid):
                await commands.run(north.services, "card", bad)
