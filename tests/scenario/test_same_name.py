"""A neighbour that takes the name of another one is told apart wherever a group is chosen."""

import re
from pathlib import Path

from node import commands
from node.domain.actors import CONSOLE
from node.domain.exchange.names import marked
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor


async def test_who_takes_a_name_is_told_apart_from_whose_it_is(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        eve = await cast.add("eve", at=(51.44, -2.6))
        await cast.befriend(north, eve)
        await eve.services.second_yes.card(
            eve.staff, name="S0uth", phone="", hours="", state="open", until=None, headings="all"
        )
        await cast.publish(eve, south)
        await north.services.peering.sync(CONSOLE)
        true, false = marked(south.id, "South"), marked(eve.id, "S0uth")
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        need = (await street.seed("open"))["need"]
        page = (await street.ask(desk, "GET", f"/board/{need}/refer")).text
        assert re.findall(r"<option[^>]*>([^<]*)</option>", page)[:2] == [true, false], "the older one first"
        page = (await street.ask(desk, "GET", "/peers")).text
        assert "Some groups here have the same name, or nearly" in page
        assert page.index(true) < page.index(false)
        for named in (true, false):
            given = {"sets": ["public"], "for": named}
            assert "content" in await commands.run(north.services, "bundle_export", given)

        # A group that gives itself ours has its mark too; and with another name again, nobody has one.
        await eve.services.second_yes.card(
            eve.staff, name="north", phone="", hours="", state="open", until=None, headings="all"
        )
        await cast.publish(eve)
        await north.services.peering.sync(CONSOLE)
        names = {view.peer.origin: view.peer.name for view in await north.services.peering.list(CONSOLE)}
        assert (names[south.id], names[eve.id]) == ("South", marked(eve.id, "north"))
        await street.close()
