"""A node that nobody can call takes full part through one hub: what it says goes out, what others say comes in."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE
from node.domain.consents import Consents
from node.domain.ids import NeedId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CloseReason, Point
from tests.harness.namespaces import HiddenProcess, why_not
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.processes import NodeProcess, started
from tests.scenario.test_processes import rounds_until_equal

NOWHERE = "http://127.0.0.1:9"
"""What those outside call the cellar, and where nobody ever answers."""


async def take_need(member: Member, *categories: str) -> NeedId:
    """One that anybody may see, published."""
    taken = await member.services.intake.take(
        member.staff,
        NewNeed(
            person=NewPerson(name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"),
            categories=categories,
            point=Point(lat=51.4561, lon=-2.5925, accuracy_m=50),
            notes="",
            doorstep_word="",
            consents=Consents(help_you=True, groups_see=True, keep_details=True),
            start="open",
        ),
    )
    await member.services.publishing.publish(CONSOLE)
    return taken.need_id


async def seen(member: Member) -> set[tuple[str, str]]:
    """(whose, what) of all needs that it sees."""
    found = await member.services.neighbourhood.near(None, sets={"public", "peers"})
    return {(each.seen.origin_name, each.seen.summary.category) for each in found}


async def test_statements_go_both_ways_through_one_hub(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        hub, south = await town.add("hub"), await town.add("south", at=(51.43, -2.58))
        cellar = await town.add("cellar", reachable=False)
        await town.befriend(hub, south)
        for one in (hub, south):
            await one.services.peering.add(CONSOLE, NOWHERE, did=cellar.id, allow_private=True)
        await cellar.services.peering.add(CONSOLE, hub.url, did=hub.id, allow_private=True)
        await cellar.services.peering.add(CONSOLE, NOWHERE, did=south.id, allow_private=True)
        for member in (hub, south, cellar):
            await member.share_everything()
        ended = await take_need(cellar, "groceries")
        await take_need(south, "pet_food")

        async def job(*members: Member) -> None:
            for member in members:
                await member.node.network.talks.due()

        await job(cellar, hub, south)
        both = {("Cellar", "groceries"), ("South", "pet_food")}
        assert await seen(south) == both
        town.clock.advance(hours=1)  # what nobody can reach is tried seldom; what can be, again
        await job(cellar)
        assert await seen(cellar) == both

        # News go out at once, though the hub was asked a moment ago; nothing new is no request at all.
        await take_need(cellar, "repairs")
        await job(cellar)
        assert await seen(hub) == both | {("Cellar", "repairs")}
        (state,) = [each for each in await hub.services.neighbourhood.groups() if each.origin == cellar.id]
        assert state.state == "complete"

        # Met there, gone everywhere.
        await cellar.services.dispatch.close(cellar.staff, ended, CloseReason.DONE_BY_OTHERS)
        await cellar.services.publishing.publish(CONSOLE)
        await job(cellar)
        town.clock.advance(hours=1)
        await job(south)
        assert await seen(south) == {("South", "pet_food"), ("Cellar", "repairs")}


async def test_a_network_of_its_own_with_one_way_out(tmp_path: Path) -> None:
    """A real network namespace: inside there is a way to the hub and to nowhere else, and no way leads in."""
    if reason := why_not():
        pytest.skip(reason)
    today = datetime.now(UTC).strftime("%m/%d/%Y")
    hub = NodeProcess(tmp_path, "hub", "51.45,-2.58")
    south = NodeProcess(tmp_path, "south", "51.43,-2.58")
    cellar = HiddenProcess(tmp_path, "cellar", "51.44,-2.60", hub=hub)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(cellar.network())
        await stack.enter_async_context(started(hub, south, cellar))
        for one, other in ((hub, south), (south, hub), (cellar, hub)):
            await one.ask("peers_add", url=other.url, id=other.id, words=None, allow_private=True)
        # What the cellar is called by those outside, and where nobody ever answers.
        inside = f"http://127.0.0.1:{cellar.port}"
        for one in (hub, south):
            await one.ask("peers_add", url=inside, id=cellar.id, words=None, allow_private=True)
        await cellar.ask("peers_add", url=south.url, id=south.id, words=None, allow_private=True)
        for node in (hub, south, cellar):
            await node.needs(2, today)
        for _ in range(2):
            assert (await cellar.rounds()) == {hub.id: True, south.id: False}
            assert (await hub.rounds()) == {south.id: True, cellar.id: False}
            assert (await south.rounds()) == {hub.id: True, cellar.id: False}
        assert await rounds_until_equal(hub, south, cellar) == 1
        assert len([line for line in await south.holds() if b'"type":"summary"' in line]) == 6

        # The way out is cut in the middle of a talk, and the node killed; afterwards all is as it should be.
        await cellar.needs(2, today)
        hub.line.used.clear()
        talking = asyncio.create_task(cellar.ask("sync"))
        await asyncio.wait_for(hub.line.used.wait(), 30)
        hub.line.cut()
        cellar.end()
        await asyncio.gather(talking, return_exceptions=True)
        await hub.line.open()
        await cellar.start()
        await rounds_until_equal(hub, south, cellar)
        assert len([line for line in await south.holds() if b'"type":"summary"' in line]) == 8
