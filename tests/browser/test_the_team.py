"""The people of the group: who works here, what a volunteer does, who is erased."""

import pytest
from playwright.async_api import Browser

from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser

FIRST = "a first made-up password"


async def test_a_second_person_comes_in(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await desk.press("Let a second person")
    await desk.look("team, one")
    await desk.fill(handle="Bo", password=FIRST)
    await desk.page.uncheck('input[name="holds"][value="people"]')
    await desk.tick("roles", "coordinator")
    await desk.press("Add them")
    await desk.look("team, something missing", status=422)
    await desk.tick("holds", "people", "vetting")
    await desk.fill(password=FIRST)
    await desk.press("Add them")
    await desk.look("team, two")
    await desk.go("/board")
    assert "Only one person" not in await desk.text()

    bo = await Visitor.come(browser, north.url, script=False)
    await bo.go("/sign-in")
    await bo.fill(handle="Bo", password=FIRST)
    await bo.press("Sign in", exact=True)
    await bo.press("Who works here")
    assert "Add somebody" not in await bo.text(), "not a coordinator's to do"

    await desk.go("/team")
    await desk.page.click("summary:has-text('Forgot the password')")
    await desk.press("Stop Bo")
    assert "Stopped" in await desk.text()
    await bo.go("/board")
    assert "/sign-in" in bo.page.url
    await desk.press("Let them sign in again")
    await desk.press("Let them read: Names, phones and addresses")
    await desk.look("team, taken up again")
    assert not desk.faults, "\n".join(desk.faults)


async def test_a_volunteer_changes_and_goes(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.add_volunteer(desk, "Tam Invented", "groceries")
    await desk.press("Tam Invented")
    await desk.press("Show", exact=True)
    await desk.press("Change this")
    await desk.look("what a volunteer does")
    assert await desk.page.is_checked('input[name="kinds"][value="groceries"]')
    await desk.page.uncheck('input[name="kinds"][value="groceries"]')
    await desk.press("Save", exact=True)
    await desk.look("what a volunteer does, nothing", status=422)
    await desk.tick("kinds", "cooked_meal")
    for part in ("morning", "afternoon", "evening"):
        await desk.page.uncheck(f'input[name="hours"][value="sun:{part}"]')
    await desk.press("Save", exact=True)
    assert "Cooked meal" in await desk.text()

    await desk.press("Tam Invented")
    await desk.press("Show", exact=True)
    text = await desk.text()
    assert "Sunday – no – no – no" in " ".join(text.split())
    await desk.press("Erase this person")
    await desk.look("erase a person")
    await desk.tick("sure", "y")
    await desk.press("Erase for good")
    await desk.look("volunteers, one erased")
    assert "Tam Invented" not in await desk.text()
    assert not desk.faults, "\n".join(desk.faults)
