"""What was taken down wrongly of a request is put right on its page; what it said before stays beside it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import Role
from node.domain.consents import Purpose
from node.domain.ids import NeedId
from node.domain.sharing.publication import WhyNot
from node.vault import Compartment
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


async def test_who_rang_for_somebody_else(street: Street) -> None:
    """After a look alone; the next call is known by the number that is right."""
    desk = await at_the_desk(street, "kim")
    rang = {"whose": "other", "screen": "07700 900777", "caller_name": "Dora Pretend", "caller_tie": "daughter",
            "phone": "07700 900123"}  # fmt: skip
    need = await taken(street, desk, **rang)
    path = f"/board/{need}/caller"
    page = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "Put right who asked" not in page
    assert (
        f'action="/board/{need}/name#rang"' in (await street.ask(desk, "GET", f"/board/{need}/correct")).text
    )
    page = (await street.ask(desk, "POST", f"/board/{need}/name")).text
    assert 'value="07700 900777"' in page.partition('id="rang"')[2].partition("</form>")[0]
    assert 'name="everywhere"' not in page, "nothing else says it"
    said = {
        "whose": "other",
        "caller_name": "Dora Pretence",
        "caller_phone": "07700 900778",
        "caller_agrees": "y",
    }
    wrong = await street.ask(desk, "POST", path, said | {"caller_phone": "12"})
    assert (wrong.status, 'value="Dora Pretence"' in wrong.text) == (422, True)
    assert "This does not look like a phone number." in wrong.text
    right = await street.ask(desk, "POST", path, said)
    assert (right.status, "done=corrected" in right.location) == (303, True)
    page = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "Number of the one who rings" in history(page)
    for word in ("Dora", "07700 90077", "daughter"):
        assert word not in page, "names take a look"
    page = history((await street.ask(desk, "POST", f"/board/{need}/name")).text)
    assert "<del>“Dora Pretend”</del> → <ins>“Dora Pretence”</ins>" in page
    assert "<del>“daughter”</del> → <ins>nothing</ins>" in page
    assert "<del>No</del> → <ins>Yes</ins>" in page
    for number, found in (("07700 900777", False), ("07700 900778", True)):
        known = await street.ask(desk, "POST", "/intake/known", {"phone": number})
        assert ("Nora Madeup" in known.text) is found
    assert (await street.ask(desk, "POST", path, {"whose": "self"})).status == 303
    page = (await street.ask(desk, "POST", f"/board/{need}/name")).text
    assert "<del>Somebody for them</del> → <ins>They themselves</ins>" in history(page)
    assert "<dt>Who rang</dt>" not in page
    assert "done=as_it_was" in (await street.ask(desk, "POST", path, {"whose": "self"})).location
    for role in (Role.SAFETY, Role.TRIAGE):
        await street.hire(f"one-{role}", role, grants=(Compartment.PEOPLE,))
        other = await at_the_desk(street, f"one-{role}")
        page = (await street.ask(other, "POST", f"/board/{need}/name")).text
        assert ("Put right who asked" in page) is (role is Role.TRIAGE)


async def test_a_yes_to_other_groups_that_was_not_ticked(street: Street) -> None:
    desk = await at_the_desk(street, "kim")
    need = await taken(street, desk)
    path, north = f"/board/{need}", street.north.services
    page = (await street.ask(desk, "GET", path)).text
    asked = page.partition(f'action="{path}/agreed')[2].partition("</form>")[0]
    version = re.search(r'name="wording:groups_see" value="([^"]+)"', asked)
    assert version
    assert not [said for said in (await north.board.need(street.north.staff, need)).consents if
                said.purpose is Purpose.GROUPS_SEE and said.answer]  # fmt: skip
    saved = await street.ask(desk, "POST", f"{path}/agreed", {"wording:groups_see": version[1]})
    assert "done=agreed" in saved.location
    view = await north.board.need(street.north.staff, need)
    said = view.consents[-1]
    assert (said.purpose, said.answer, said.wording) == (Purpose.GROUPS_SEE, True, version[1])
    assert view.history[-1].action == "need.others_may_see"
    assert WhyNot.NO_CONSENT not in (await north.publishing.preview(need)).why_not
    page = (await street.ask(desk, "GET", path)).text
    assert f'action="{path}/agreed' not in page
    assert "They said yes to other groups seeing it" in page
    assert (
        await street.ask(desk, "POST", f"{path}/agreed", {"wording:groups_see": version[1]})
    ).status == 303
    assert len((await north.board.need(street.north.staff, need)).consents) == len(view.consents), (
        "once is enough"
    )
    other = await taken(street, desk, screen="07700 900457")
    await street.ask(desk, "POST", f"/board/{other}/close", {"reason": "no_longer_needed"})
    assert f'action="/board/{other}/agreed' not in (await street.ask(desk, "GET", f"/board/{other}")).text
    assert (await street.ask(desk, "POST", f"/board/{other}/agreed", {})).status == 409


async def test_how_it_came_in_and_whether_it_repeats(street: Street) -> None:
    desk = await at_the_desk(street, "kim")
    need = await taken(street, desk, repeats="other", channel="phone")
    path = f"/board/{need}/correct"
    page = (await street.ask(desk, "GET", path)).text
    assert 'name="channel"' in page
    assert 'name="repeats"' in page
    assert "done=as_it_was" in (await street.ask(desk, "POST", path, SAID)).location, (
        "what does not come stays"
    )
    assert (await street.ask(desk, "POST", path, SAID | {"channel": "page"})).status == 422
    assert (await street.ask(desk, "POST", path, SAID | {"channel": "paper", "repeats": ""})).status == 303
    said = history((await street.ask(desk, "GET", f"/board/{need}")).text)
    assert "<del>By phone</del> → <ins>On paper</ins>" in said
    assert "<del>again and again</del> → <ins>nothing</ins>" in said
