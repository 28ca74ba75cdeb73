"""The board in two shapes, and what it asks by itself while it lies open: how much of a list is new."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.people.street_team import Patch
from node.services.accounts.access import IDLE_SECONDS
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

IN_PLACE = {"HX-Request": "true"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("news")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def at_the_desk(street: Street) -> Visitor:
    visitor = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(visitor)
    return visitor


async def asks(street: Street, desk: Visitor, show: str = "all_open", also: str = "") -> str:
    """Opens a list; the address at which the page asks what is new in it."""
    page = (await street.ask(desk, "GET", f"/board?show={show}{also}")).text
    found = re.search(r'data-news="([^"]+)"', page)
    assert found, page
    return found[1]


async def test_a_script_is_given_the_lists_alone(street: Street) -> None:
    desk = await at_the_desk(street)
    need = (await street.seed("open"))["need"]
    page = await street.ask(desk, "GET", "/board?show=unassigned")
    part = await street.ask(desk, "GET", "/board?show=unassigned", headers=IN_PLACE)
    for answer in (page, part):
        assert answer.status == 200
        assert "HX-Request" in answer.headers["Vary"]
        assert f'href="/board/{need}?show=unassigned"' in answer.text
    shown = part.text.strip()
    assert shown.startswith("<nav")
    assert shown in page.text, "the same to the letter"
    assert "Our rules" in (await street.ask(desk, "GET", "/board?show=to_triage", headers=IN_PLACE)).text


async def test_it_says_how_much_is_new_since_it_was_drawn(street: Street) -> None:
    desk = await at_the_desk(street)
    await street.seed("new")
    news, to_triage = await asks(street, desk), await asks(street, desk, "to_triage")
    assert (await street.ask(desk, "GET", news)).status == 204, "what came within that very second is on it"
    street.cast.clock.advance(seconds=1)
    await street.seed("open")
    first = await street.ask(desk, "GET", news)
    assert (first.status, first.text) == (200, "One new or changed request")
    assert (await street.ask(desk, "GET", to_triage)).status == 204, "that one is on another list"
    same = {"If-None-Match": first.headers["ETag"]}
    assert (await street.ask(desk, "GET", news, headers=same)).status == 304
    await street.seed("new")
    assert (await street.ask(desk, "GET", news, headers=same)).text == "2 new or changed requests"
    assert (await street.ask(desk, "GET", to_triage)).text == "One new or changed request"
    assert (await street.ask(desk, "GET", await asks(street, desk))).status == 204, (
        "drawn again, all is known"
    )


async def test_of_a_patch_only_what_is_in_it(street: Street) -> None:
    desk = await at_the_desk(street)
    teams = street.north.services.street_teams
    near = await teams.save(
        street.north.staff, None, name="Terrace", patch=Patch(streets=("Nonesuch Terrace",))
    )
    far = await teams.save(street.north.staff, None, name="Far", patch=Patch(streets=("Imaginary Row",)))
    here, there = [await asks(street, desk, also=f"&team={team}") for team in (near, far)]
    street.cast.clock.advance(seconds=1)
    await street.seed("open")
    assert (await street.ask(desk, "GET", here)).text == "One new or changed request"
    assert (await street.ask(desk, "GET", there)).status == 204


async def test_it_keeps_nobody_signed_in_and_opens_nothing(street: Street) -> None:
    desk = await at_the_desk(street)
    news = await asks(street, desk)
    street.cast.clock.advance(seconds=IDLE_SECONDS - 1)
    await street.seed("open")
    assert (await street.ask(desk, "GET", news)).status == 200
    street.cast.clock.advance(seconds=2)
    gone = await street.ask(desk, "GET", news)
    assert (gone.status, gone.location[:8]) == (303, "/sign-in"), "left alone, it ends in its time"

    desk = await at_the_desk(street)
    street.cast.clock.advance(seconds=1)
    await street.seed("open")
    street.north.node.network.on.vault.lock()
    assert (await street.ask(desk, "GET", news)).status == 204, "nothing while the records are closed"
    assert not street.north.node.network.on.vault.is_open(Compartment.PEOPLE)
    assert (await street.ask(desk, "GET", "/board")).status == 200
    assert street.north.node.network.on.vault.is_open(Compartment.PEOPLE), "a click opens them"


async def test_with_somebody_elses_eyes_it_asks_nothing(street: Street) -> None:
    desk = await at_the_desk(street)
    news = await asks(street, desk)
    begun = await street.ask(desk, "POST", "/see-as", {"as": "role:triage"})
    desk.cookies.update(begun.cookies)
    assert "eyes" in desk.cookies
    assert "data-news" not in (await street.ask(desk, "GET", "/board")).text
    await street.ask(desk, "GET", news)
    async with street.north.node.network.on.db.read() as tx:
        rows = await tx.execute_fetchall("SELECT * FROM audit")
    assert not [row for row in rows if "/board/news" in "".join(str(each) for each in row)]


@pytest.mark.parametrize("since", ["", "x", "1", "-1.0", "1.0.0", "9" * 40 + ".1"])
async def test_a_mark_that_is_none_is_refused(street: Street, since: str) -> None:
    desk = await at_the_desk(street)
    assert (await street.ask(desk, "GET", f"/board/news?since={since}")).status == 400
