"""A population table that comes later and knows few people: what was public goes to chosen groups from then on."""

from pathlib import Path

import h3
import pytest

from node.domain.actors import CONSOLE
from node.domain.need import Share
from node.errors import Invalid
from tests.harness.neighbourhood import BRISTOL, Member, Neighbourhood
from tests.harness.street import Street, Visitor
from tests.scenario.test_the_whole_path import take_call


async def seen(member: Member, of: Member) -> set[tuple[str, str, str]]:
    """(kind, category, set) of what that group's node shows of the other."""
    found = set()
    for kind in ("need", "offer"):
        rows = await member.node.network.store.needs(sets={"public", "peers"}, origins={of.id}, kind=kind)
        found |= {(kind, row.summary.category, row.summary.set) for row in rows}
    return found


async def test_what_was_public_is_for_chosen_groups(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north", population=False), await cast.add("south")
        await cast.befriend(north, south)
        await north.share_everything()
        offers = await north.services.offering.wanted(["groceries"], Share.PUBLIC)
        await north.services.offering.offer(CONSOLE, offers)
        await take_call(north, "groceries")
        await cast.publish(north)
        await cast.sync(south)
        assert await seen(south, north) == {
            ("need", "groceries", "public"),
            ("offer", "groceries", "public"),
        }
        assert not await north.services.publishing.kept_closer()

        await north.stop()
        few = sorted(h3.grid_disk(h3.latlng_to_cell(*BRISTOL, 8), 1))
        table = "h3,population\n" + "".join(f"{cell},300\n" for cell in few)
        (north.folder / "population.csv").write_text(table)
        await north.start()
        await north.sign_in()
        cast.clock.advance(hours=1)
        await take_call(north, "gardening")
        await cast.publish(north)
        cast.clock.advance(minutes=10)
        await cast.sync(south)
        assert await seen(south, north) == {
            ("need", "groceries", "peers"),
            ("need", "gardening", "peers"),
            ("offer", "groceries", "peers"),
        }
        assert await north.services.publishing.kept_closer()
        for kind in ("gardening", "lift"):  # what stands may stay, and what is new is refused
            await north.services.publishing.share(CONSOLE, {kind: Share.ONLY_US})
            with pytest.raises(Invalid):
                await north.services.publishing.share(CONSOLE, {kind: Share.PUBLIC})
        taken = {"groceries": Share.PUBLIC, "gardening": Share.ONLY_US}
        await north.services.publishing.share(CONSOLE, taken)
        less = await north.services.offering.wanted([], Share.PUBLIC)
        await north.services.offering.offer(CONSOLE, less)

        street = Street.before(cast, north)
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        assert "goes to groups you chose only" in (await street.ask(desk, "GET", "/board")).text
        await street.close()
