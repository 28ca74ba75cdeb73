"""What a block takes away, whatever way it came, and what taking it back gives: no more than there was before."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE
from node.domain.need import Point
from node.errors import NotFound
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street, Visitor

FAR = (51.9, -2.58)
THERE = Point(lat=FAR[0], lon=FAR[1], accuracy_m=50)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Neighbourhood]:
    async with Neighbourhood(tmp_path) as town:
        yield town


async def named(member: Member) -> list[str]:
    """Who is said to answer at that far place."""
    found = await member.services.exchange.out_of_area.at(THERE)
    return [each.profile.name for each in found.groups] if found else []


async def states(member: Member) -> dict[str, str]:
    return {view.peer.origin: view.peer.state for view in await member.services.peering.list(CONSOLE)}


async def brought_by_hub(town: Neighbourhood, north: Member) -> tuple[Member, Member]:
    """A hub of north's, and a member of it that north knows by it only."""
    hub, far = await town.add("hub", at=(51.43, -2.58)), await town.add("far", at=FAR)
    await town.befriend(north, hub)
    await town.befriend(hub, far)
    await hub.services.terms.change(CONSOLE, far.id, vouched=True)
    await north.services.terms.change(CONSOLE, hub.id, role="hub")
    for _ in range(3):
        town.clock.advance(minutes=10)
        await town.publish(far, hub, north)
        await hub.services.peering.sync(CONSOLE)
        await north.services.peering.sync(CONSOLE)
    return hub, far


async def test_who_is_blocked_or_left_is_recommended_to_nobody(town: Neighbourhood) -> None:
    north, south = await town.add("north"), await town.add("south", at=FAR)
    await town.befriend(north, south)
    await town.publish(north, south)
    await town.sync(north)
    for state, shown in (("active", ["South"]), ("paused", ["South"]), ("blocked", [])):
        await north.services.peering.set_state(CONSOLE, south.id, state)
        assert await named(north) == shown, state
    await north.services.peering.set_state(CONSOLE, south.id, "active")
    await town.sync(north)
    assert await named(north) == ["South"]
    await north.services.terms.leave(CONSOLE, south.id)
    assert await named(north) == []


async def test_nor_is_a_group_that_a_blocked_hub_brought(town: Neighbourhood) -> None:
    north = await town.add("north")
    hub, _ = await brought_by_hub(town, north)
    assert await named(north) == ["Far"]
    await north.services.peering.set_state(CONSOLE, hub.id, "paused")
    assert await named(north) == ["Far"], "what we hold of a paused one stays"
    await north.services.peering.set_state(CONSOLE, hub.id, "blocked")
    assert await named(north) == []


async def test_a_block_taken_back_makes_no_neighbour_of_a_stranger(town: Neighbourhood) -> None:
    north = await town.add("north")
    _, far = await brought_by_hub(town, north)
    await north.services.peering.set_state(CONSOLE, far.id, "blocked", reason="unsafe")
    await north.services.peering.set_state(CONSOLE, far.id, "paused")
    assert await north.services.peering.set_state(CONSOLE, far.id, "active") == ""
    assert far.id not in await states(north)
    assert await named(north) == ["Far"], "its hub's word counts again"
    await far.services.peering.add(CONSOLE, north.url, did=north.id, allow_private=True)
    (round,) = [each for each in await far.services.peering.sync(CONSOLE) if each.name == north.url]
    assert not round.ok


async def test_nor_of_one_whose_talks_were_over_or_that_only_asked(town: Neighbourhood) -> None:
    north, south, east = [await town.add(name) for name in ("north", "south", "east")]
    await town.befriend(north, south)
    await north.services.terms.leave(CONSOLE, south.id)
    await north.services.peering.set_state(CONSOLE, south.id, "blocked")
    assert await north.services.peering.set_state(CONSOLE, south.id, "active") == "left"
    given = await north.services.joining.invite(CONSOLE)
    await east.services.joining.join(CONSOLE, given.link, allow_private=True)
    assert await states(north) == {south.id: "left", east.id: "asked"}
    await north.services.peering.set_state(CONSOLE, east.id, "blocked")
    assert await north.services.peering.set_state(CONSOLE, east.id, "active") == ""
    assert await states(north) == {south.id: "left"}
    # An own decision, with its words compared, is one: whatever was before is over.
    await north.services.peering.set_state(CONSOLE, south.id, "blocked")
    await north.services.peering.add(CONSOLE, south.url, did=south.id, allow_private=True)
    await north.services.peering.set_state(CONSOLE, south.id, "paused")
    assert await north.services.peering.set_state(CONSOLE, south.id, "active") == "active"
    with pytest.raises(NotFound):
        await north.services.peering.set_state(CONSOLE, east.id, "active")


async def test_the_page_says_what_taking_it_back_gives(town: Neighbourhood) -> None:
    street = await Street.built(town)
    north, desk = street.north, Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    _, far = await brought_by_hub(town, north)
    await street.ask(desk, "POST", f"/peers/{far.id}/block", {"reason": ""})
    page = (await street.ask(desk, "GET", f"/peers/{far.id}")).text
    assert "Nobody here ever agreed to be their neighbour" in page
    assert "Talk with them again" not in page
    assert (await street.ask(desk, "POST", f"/peers/{far.id}/back")).location == "/peers?done=taken_away"
    assert (await street.ask(desk, "GET", "/peers?done=taken_away")).status == 200
    await street.close()


async def test_advice_of_a_blocked_group_stands_nowhere(town: Neighbourhood) -> None:
    north, south, east = [await town.add(name) for name in ("north", "south", "east")]
    await town.befriend(north, south, east)
    await south.services.peering.set_state(CONSOLE, east.id, "blocked", reason="flooding", advise=True)
    await town.publish(north, south, east)
    await town.sync(north)

    async def advised() -> tuple[tuple[str, str], ...]:
        views = await north.services.peering.list(CONSOLE)
        return next(view.advised_by for view in views if view.peer.origin == east.id)

    for state, said in (("paused", (("South", "flooding"),)), ("blocked", ())):
        await north.services.peering.set_state(CONSOLE, south.id, state)
        assert await advised() == said, state


async def test_the_very_document_of_a_group_with_letters_beyond_ascii(town: Neighbourhood) -> None:
    street = await Street.built(town)
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    said = {
        "name": "Grupo Ñuñoa",
        "phone": "0117 496 0001",
        "hours": "Mo–Fr 9–16",
        "state": "open",
        "until": "",
    }
    await street.ask(desk, "POST", "/settings/group", {**said, "headings": "food"})
    await street.north.services.publishing.publish(CONSOLE)
    answer = await street.ask(desk, "GET", f"/peers/{street.south.id}/document")
    assert answer.status == 200
    assert "Mo–Fr 9–16" in answer.text
    await street.close()
