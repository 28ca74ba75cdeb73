"""`/near` for a volunteer who is signed in: "I can help" where she may offer, the sealed way; for nobody else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("hers")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def test_she_offers_from_the_map_at_home_and_elsewhere(street: Street) -> None:
    made, wish = await street.seed("open"), await street.from_south("wish")
    await street.cast.publish(street.north)
    ours, theirs = f"/my/offer/{made['need']}", f"/my/elsewhere/{wish['origin']}/{wish['wish']}"
    anybody = await street.ask(Visitor(), "GET", "/near")
    assert "/volunteer" in anybody.text
    assert "/my" not in anybody.text
    vera = Visitor(cookies={"seal": "s", "device": "her-telephone"})
    answer = await street.ask(vera, "POST", f"/my/in/{await street.own_link(street.helper)}")
    vera.cookies.update(answer.cookies)
    page = await street.ask(vera, "GET", "/near")
    assert page.headers["Cache-Control"] == "no-store"
    for way in (ours, theirs, "/my"):
        assert f'href="{way}"' in page.text
    assert 'href="/volunteer"' not in page.text, "she is one already"
    for way in (ours, theirs):
        assert (await street.ask(vera, "GET", way)).status == 200
        assert (await street.ask(vera, "POST", way)).status == 303
    page = await street.ask(vera, "GET", "/near")
    assert theirs not in page.text, "nobody offers twice"
    assert ours not in page.text
    await street.ask(vera, "POST", "/my/break")
    await street.seed("open")
    await street.cast.publish(street.north)
    page = await street.ask(vera, "GET", "/near")
    assert (page.status, "/my/offer/" in page.text) == (200, False)


async def test_her_own_page_draws_what_is_near_as_areas_and_asks_for_no_streets(street: Street) -> None:
    vera = Visitor(cookies={"seal": "s", "device": "her-telephone"})
    answer = await street.ask(vera, "POST", f"/my/in/{await street.own_link(street.helper)}")
    vera.cookies.update(answer.cookies)
    await street.ask(vera, "POST", "/my/break/end")
    await street.seed("open")
    page = (await street.ask(vera, "GET", "/my")).text
    drawn = page.partition('<svg class="map"')[2].partition("</svg>")[0]
    assert 'href="#area-A"' in drawn
    assert 'class="here"' not in drawn, "her own home is not on it"
    assert page.count('id="area-A"') == 1
    assert "/tiles/" not in page
