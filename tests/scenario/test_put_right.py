"""What was taken down wrongly of a request is put right on its page; what it said before stays beside it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.ids import NeedId
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor, at_the_desk

CALL = {"kinds": "groceries", "screen": "07700 900456", "help_you": "y", "whose": "self", "phone_kind": "own",
        "name": "Nora Madeup", "urgency": "today", "helpers": "1"}  # fmt: skip
SAID = {"category": "groceries", "urgency": "today", "helpers": "1"}


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


async def taken(street: Street, desk: Visitor, **more: str) -> NeedId:
    saved = await street.ask(desk, "POST", "/intake", CALL | more)
    assert saved.status == 303, saved.text
    return NeedId(saved.location.partition("need=")[2].partition("&")[0])


def history(page: str) -> str:
    return page.partition("What was put right")[2].partition("</details>")[0]


async def test_how_many_live_there(street: Street) -> None:
    desk = await at_the_desk(street, "kim")
    need = await taken(street, desk)
    assert "How many live there" not in (await street.ask(desk, "GET", f"/board/{need}")).text
    path = f"/board/{need}/correct"
    assert "How many live there?" in (await street.ask(desk, "GET", path)).text
    assert (await street.ask(desk, "POST", path, SAID | {"people": "30"})).status == 422
    assert (await street.ask(desk, "POST", path, SAID | {"people": "2-4"})).status == 303
    assert (await street.ask(desk, "POST", path, SAID | {"people": "1"})).status == 303
    page = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "<dt>How many live there</dt><dd>Lives alone</dd>" in page
    said = history(page)
    assert "<del>2 to 4 people</del> → <ins>Lives alone</ins>" in said
    assert "<del>nothing</del> → <ins>2 to 4 people</ins>" in said
