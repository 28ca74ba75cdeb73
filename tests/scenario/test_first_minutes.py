"""What confused somebody who came for the first time (docs/first-minutes.md) stays mended."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor
from tests.scenario.test_asking import Walker, sent


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    """At the desk, with a seal."""
    visitor = Visitor()
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


def folds(page: str) -> list[tuple[bool, str]]:
    """Whether each fold with kinds of help is open, and the first kind in it."""
    found = re.findall(r'<details class="more"( open)?>.*?name="kinds" value="(\w+)"', page, re.S)
    return [(bool(shown), first) for shown, first in found]


async def test_who_helps_already_finds_the_way_to_their_own_page(street: Street) -> None:
    for path in ("/", "/volunteer", "/sign-in"):
        page = await street.ask(Visitor(), "GET", path)
        assert 'href="/my"' in page.text.partition("<main")[2].partition("</main>")[0], path


async def test_kinds_of_help_are_folded_and_the_first_heading_is_open(street: Street) -> None:
    nora = Walker(street)
    await nora.open()
    await nora.press("lang:en")
    shown = folds(nora.page.text)
    assert len(shown) >= 9
    assert [first for open_, first in shown if open_] == ["groceries"]


async def test_a_heading_with_a_tick_in_it_opens_again(street: Street) -> None:
    nora = Walker(street)
    await nora.open()
    await nora.press("lang:en")
    await nora.press("next", {"kinds": ["dog_walking"]})
    await nora.press("back")
    assert [first for open_, first in folds(nora.page.text) if open_] == ["dog_walking"]


async def test_the_person_is_spoken_to_about_what_others_see(street: Street) -> None:
    nora, path = await sent(street)
    for page in (nora.page, await street.ask(nora.visitor, "GET", path)):
        assert "you did not say yes to it" in page.text
        assert "they did not say yes to it" not in page.text


async def test_adding_a_volunteer_takes_one_screen_and_says_what_comes_next(
    street: Street, kim: Visitor
) -> None:
    page = (await street.ask(kim, "GET", "/volunteers/add")).text
    assert re.search(r'<details class="card more"><summary>How far, when', page)
    helper = {"name": "Tam Invented", "phone": "07700 900606", "stage": "active", "kinds": "groceries"}
    helper |= {"transport": "foot", "radius": "5", "hours": "mon:morning"}
    wrong = await street.ask(kim, "POST", "/volunteers/add", helper | {"radius": "far"})
    assert wrong.status == 422
    assert re.search(r'<details class="card more" open><summary>How far, when', wrong.text)
    added = await street.ask(kim, "POST", "/volunteers/add", helper)
    assert added.status == 303, re.findall(r"class=.mistake.*", added.text)
    after = await street.ask(kim, "GET", added.headers["Location"])
    assert "there you make the link to their own page" in after.text


async def test_what_to_do_next_stands_first_and_calls_have_room_once_somebody_rang(
    street: Street, kim: Visitor
) -> None:
    await sent(street)
    row = (await street.north.services.board.queue(street.north.staff, "oldest"))[0]
    page = (await street.ask(kim, "GET", f"/board/{row.need_id}")).text
    assert 'id="calls-title"' not in page
    assert page.index("What to do next") < page.index("Write down a call") < page.index(">Who could go<")
    await street.ask(kim, "POST", f"/board/{row.need_id}/contact", {"kind": "no_answer"})
    page = (await street.ask(kim, "GET", f"/board/{row.need_id}")).text
    assert page.index('id="calls-title"') < page.index(">Who could go<")
