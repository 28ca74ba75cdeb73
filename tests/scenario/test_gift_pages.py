"""Something to give, over HTTP: the page without an account, the private link, the desk's list and the board."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE, Role
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, NAME, PHONE, STREET, Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

ANSWERS = [
    ("sort", {"sort": "thing"}),
    ("what", {"what": "A folding wheelchair", "much": "one"}),
    ("kinds", {"kinds": "groceries"}),
    ("way", {"way": "fetch"}),
    ("until", {"until": ""}),
    ("who", {"name": NAME, "phone": PHONE, "address": STREET}),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("gifts")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        yield street
        await street.close()


def stranger() -> Visitor:
    return Visitor(cookies={"seal": "a-strangers-seal"})


async def at_the_desk(street: Street) -> Visitor:
    visitor = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(visitor)
    return visitor


async def offered(street: Street, gil: Visitor) -> str:
    """One thing a page, from the first to the last; the private link."""
    form: dict[str, str] = {}
    for step, answer in ANSWERS:
        form |= answer
        page = await street.ask(gil, "POST", "/offer", {**form, "step": step, "go": "next"})
        assert page.status == 200, page.text
    assert "Is all of this right?" in page.text
    assert "A folding wheelchair" in page.text
    wording = re.search(r'name="wording:keep_details" value="([\w-]+)"', page.text)
    assert wording
    sent = {**form, "keep_details": "y", "wording:keep_details": wording[1], "step": "check", "go": "send"}
    done = await street.ask(gil, "POST", "/offer", sent)
    assert done.status == 200, done.text
    assert "It is with us until" in done.text
    link = re.search(r"/o/[\w-]{22}", done.text)
    assert link
    return link[0]


async def test_what_is_wrong_is_said_on_its_page_and_nothing_is_kept_without_a_yes(street: Street) -> None:
    gil = stranger()
    assert (await street.ask(gil, "POST", "/offer", {"step": "what", "go": "next"})).status == 422
    whole = {"what": "A cot", "name": NAME, "phone": PHONE}
    page = await street.ask(gil, "POST", "/offer", whole)
    assert page.status == 422
    assert "Without this we may not keep what you wrote" in page.text
    page = await street.ask(gil, "POST", "/offer", {**whole, "keep_details": "y", "until": "2001-01-01"})
    assert page.status == 422
    assert "within a year from now" in page.text
    assert await street.north.services.gift_book.standing(street.north.staff) == []


async def test_offered_while_locked_looked_at_thought_of_and_ended_by_its_link(street: Street) -> None:
    gil = stranger()
    await street.north.stop()
    await street.north.start()
    link = await offered(street, gil)
    page = (await street.ask(stranger(), "GET", link)).text
    assert "It stands" in page
    assert "wheelchair" not in page, "whoever has the address may not be who wrote it"
    assert not [canary for canary in CANARIES if canary in page]

    desk = await at_the_desk(street)
    assert "Somebody offers something: look at it." in (await street.ask(desk, "GET", "/board")).text
    listed = (await street.ask(desk, "GET", "/offers")).text
    assert "A folding wheelchair" in listed
    assert NAME not in listed
    base = re.search(r'action="(/offers/[\w-]{22})/name', listed)
    assert base
    assert NAME in (await street.ask(desk, "POST", f"{base[1]}/name")).text

    need = (await street.seed("open"))["need"]
    board = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "Somebody offers" in board
    assert "A folding wheelchair" in board

    assert (await street.ask(desk, "POST", f"{base[1]}/keep")).status == 303
    assert (
        await street.ask(desk, "POST", f"{base[1]}/note", {"note": "the left brake sticks"})
    ).status == 303
    assert "the left brake sticks" in (await street.ask(desk, "GET", "/offers?kind=groceries")).text
    assert "A folding wheelchair" not in (await street.ask(desk, "GET", "/offers?kind=lift")).text

    assert (await street.ask(gil, "POST", f"{link}/end")).status == 303
    assert "A folding wheelchair" not in (await street.ask(desk, "GET", "/offers")).text
    assert "A folding wheelchair" in (await street.ask(desk, "GET", "/offers?show=past")).text
    assert "A folding wheelchair" not in (await street.ask(desk, "GET", f"/board/{need}")).text
    again = await street.ask(gil, "POST", f"{link}/end")
    assert again.status == 409
    assert (await street.ask(gil, "POST", f"{link}/back")).status == 303


async def test_one_taken_down_by_telephone(street: Street) -> None:
    desk = await at_the_desk(street)
    form = {
        "sort": "standing",
        "what": "A van",
        "much": "Saturdays",
        "name": "Ola Invented",
        "phone": "07700 900558",
    }
    refused = await street.ask(desk, "POST", "/offers/new", form)
    assert refused.status == 422
    assert "Ask them, and tick it." in refused.text
    assert (await street.ask(desk, "POST", "/offers/new", {**form, "keep_details": "y"})).status == 303
    listed = (await street.ask(desk, "GET", "/offers")).text
    assert "A van" in listed
    assert "Ola Invented" not in listed


async def test_nothing_of_it_goes_to_other_groups(street: Street) -> None:
    services = street.north.services

    async def out() -> list[bytes]:
        await services.publishing.publish(CONSOLE)
        lines = await services.given.lines(street.north.staff)
        return [each.line for each in lines if b'"type":"head"' not in each.line]

    before = await out()
    await offered(street, stranger())
    assert await out() == before
