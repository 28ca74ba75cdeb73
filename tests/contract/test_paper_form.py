"""The form on paper has the fields of the page of a call in its very order: whoever types it in never looks up."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor
from ui.forms.intake import IntakeForm

NOT_ON_PAPER = {
    "draft": "a number of the page's own",
    "practice": "nobody practises on paper",
    "known_person": "a card that only the page has",
    "renamed": "beside that card",
    "kind_numbers": "the kinds themselves have their numbers on paper",
    "script": "the paper is in one language, chosen before it is printed",
}


class Names(HTMLParser):
    """Names of fields within the form of the call, or ``data-of`` on paper, in the order in which they begin."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page: list[str] = []
        self.paper: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = said.get("id") == "call"
        if (
            self._inside
            and tag in ("input", "select", "textarea")
            and not said["name"].startswith("wording:")
        ):
            self.page.append(said["name"])
        if "data-of" in said:
            self.paper.append(said["data-of"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


async def test_paper_and_page_have_the_same_fields_in_one_order(street: Street) -> None:
    kim = Visitor()
    kim.cookies.update((await street.ask(kim, "GET", "/sign-in")).cookies)
    await street.sign_in(kim)
    page = Names((await street.ask(kim, "GET", "/intake")).text)
    paper = Names((await street.ask(kim, "GET", "/intake/paper")).text)
    asked = [
        name for name in dict.fromkeys(page.page) if name in IntakeForm()._fields and name not in NOT_ON_PAPER
    ]
    assert paper.paper == asked
    missing = set(IntakeForm()._fields) - set(asked) - set(NOT_ON_PAPER)
    assert not missing, "the page of a call has no such field"
