"""Who may see what, somebody else's eyes, one laptop for two people, and somebody who leaves."""

import pytest
from playwright.async_api import Browser

from node.domain.actors import Actor, Role
from node.vault import Compartment
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser

FIRST = "a first made-up password"


async def a_second_one(north: Member) -> None:
    """Bo, who may read everything too."""
    mina = (await north.services.access.sign_in("Mina", steps.PASSWORD)).actor
    await north.services.team.add_staff(
        mina, "Bo", FIRST, [Role.COORDINATOR], [Compartment.PEOPLE, Compartment.VETTING]
    )


async def test_the_next_one_at_the_laptop_finds_nothing_of_the_last(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await a_second_one(north)
    await desk.go("/intake")
    await desk.fill(name="Edna Made-Up", screen="07700 900202", notes="zqnotes")
    await desk.press("Switch person")
    assert "Who is next?" in await desk.text()
    await desk.page.go_back()
    await desk.page.wait_for_load_state()
    assert "zqnotes" not in await desk.page.content()
    assert "/sign-in" in desk.page.url
    for store in ("localStorage", "sessionStorage"):
        assert await desk.page.evaluate(f"{store}.length") == 0
    await desk.fill(handle="Bo", password=FIRST)
    await desk.press("Sign in", exact=True)
    await desk.go("/intake")
    for field in ("name", "screen", "notes"):
        assert await desk.page.input_value(f"#{field}") == ""
    await desk.go("/board")
    assert "half" not in (await desk.text()).casefold(), "another's half-typed call is not offered"
    assert not desk.faults, "\n".join(desk.faults)


async def test_other_eyes_and_a_goodbye(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await a_second_one(north)
    await steps.add_volunteer(desk, "Tam Invented", "groceries")
    await steps.take_call(desk, "groceries")
    await desk.press("Who works here")
    await desk.press("Who may do and see what")
    await desk.look("who may what")

    await desk.go("/see-as")
    await desk.look("see as")
    await desk.page.check('input[name="as"][value="role:triage"]')
    await desk.page.select_option("#page", "/board")
    await desk.press("Look", exact=True)
    assert "You see this as: First look" in await desk.text()
    await desk.look("board as triage")
    await desk.press("Back to my own eyes")
    assert "own eyes again" in await desk.text()

    need = (await north.services.board.queue(await _mina(north)))[0].need_id
    await desk.go(f"/board/{need}")
    await desk.page.click("summary:has-text('What does the volunteer see')")
    await desk.press("Once confirmed")
    text = await desk.text()
    assert "You see this as the volunteer does." in text
    assert "7 Imaginary Row" in text
    assert "Made-Up" not in text
    await desk.look("as the volunteer")

    await desk.go("/devices")
    await desk.look("devices")
    bo = next(
        each.id for each in await north.services.team.members(await _mina(north)) if each.handle == "Bo"
    )
    await desk.go(f"/team/{bo}/leaving")
    await desk.look("leaving, before")
    await desk.press("Settle all of it")
    assert "All settled" in await desk.text()
    await desk.look("leaving, after")
    assert not desk.faults, "\n".join(desk.faults)


async def _mina(north: Member) -> Actor:
    return (await north.services.access.sign_in("Mina", steps.PASSWORD)).actor
