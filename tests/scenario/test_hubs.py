"""Hubs and terms: whom a hub brings together, and what each peer gets and shows."""

from pathlib import Path

import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.errors import Invalid, NotFound
from tests.harness import calls
from tests.harness.calls import need
from tests.harness.neighbourhood import Member, Neighbourhood


async def foreign(member: Member) -> set[str]:
    """Whose needs a member sees, beside its own."""
    return set(await calls.foreign(member))


async def _kinds(member: Member) -> set[str]:
    """Which kinds of them, of its one neighbour."""
    return set().union(*(await calls.foreign(member)).values())


def _terms(of: Member, **given: object) -> dict[str, object]:
    """Arguments of ``peers set``."""
    return {"origin": of.id, "state": None, **given}


async def settle(*members: Member) -> None:
    """Everybody talks twice: once to hear, once to tell what was heard."""
    for _ in range(2):
        for member in members:
            await member.services.peering.sync(CONSOLE)


async def test_two_members_who_never_met_see_each_other_through_their_hub(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        hub, north, south = [await town.add(name) for name in ("hub", "north", "south")]
        await town.befriend(hub, north)
        await town.befriend(hub, south)
        await need(north)
        await need(south, share="peers")
        for member in (north, south):
            await commands.run(member.services, "peers_set", _terms(hub, role="hub"))
        await settle(hub, north, south)
        assert await foreign(north) == set()  # the hub has vouched for nobody yet
        for member in (north, south):
            await commands.run(hub.services, "peers_set", _terms(member, vouched=True))
        await town.publish(hub)
        await settle(hub, north, south)
        assert await foreign(south) == {"North"}
        assert await foreign(north) == {"South"}  # of set peers, which the hub passes on to its members
        seen = {each.name: each.voucher for each in await north.node.network.reader.origins()}
        assert seen["South"] == hub.id

        # Our own people decide before any hub, also about whom they never met.
        await north.services.peering.set_state(CONSOLE, south.id, "blocked", reason="flooding", advise=True)
        assert await foreign(north) == set()
        await north.services.peering.set_state(CONSOLE, south.id, "paused")

        # The hub takes its vouch back: the copies are out of sight with the next talk.
        await commands.run(hub.services, "peers_set", _terms(north, vouched=False))
        await town.publish(hub)
        await settle(hub, south)
        assert await foreign(south) == set()


async def test_each_peer_gets_and_shows_what_was_agreed(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await town.befriend(north, south)
        await need(north, share="peers")
        await need(north, category="gardening")
        await north.services.terms.change(CONSOLE, south.id, gives="public")
        await settle(south)
        assert await _kinds(south) == {"gardening"}
        await north.services.terms.change(CONSOLE, south.id, gives="both")
        await settle(south)
        assert await _kinds(south) == {"gardening", "groceries"}
        await south.services.terms.change(CONSOLE, north.id, takes=["groceries"])
        assert await _kinds(south) == {"groceries"}
        await south.services.terms.change(CONSOLE, north.id, takes="all")
        assert await _kinds(south) == {"gardening", "groceries"}
        # A reader gets, and brings nothing.
        await north.services.terms.change(CONSOLE, south.id, role="reader")
        await need(south)
        await settle(south, north)
        assert await foreign(north) == set()
        with pytest.raises(Invalid):
            await south.services.terms.change(CONSOLE, north.id, takes=["violence"])
        with pytest.raises(NotFound):
            await south.services.terms.change(CONSOLE, south.id, ask_now=True)
