"""Something to give, in a browser: one thing a page on a small screen, the private page, the desk's list."""

import re

from playwright.async_api import Browser

from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member


async def test_a_wheelchair_from_the_first_page_to_the_desk_and_gone(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await desk.go("/offers")
    await desk.look("no offers yet")
    gil = await Visitor.come(browser, north.url, script=True)
    await gil.go("/")
    await gil.press("You have something to give")
    await gil.look("offer sort")
    await gil.press("Go on")
    await gil.fill(what="A folding wheelchair", much="one, with a cushion")
    await gil.look("offer what")
    await gil.press("Go on")
    await gil.look("offer kinds")
    await gil.tick("kinds", "groceries")
    await gil.press("Go on")
    await gil.press("Go on")
    await gil.look("offer until")
    await gil.press("Go on")
    await gil.fill(name="Gil Made-Up", phone="07700 900311")
    await gil.press("Go on")
    await gil.look("offer check")
    await gil.press("Offer it")
    assert "Without this we may not keep what you wrote" in await gil.text()
    await gil.page.check("#keep_details")
    await gil.press("Offer it")
    await gil.look("offer sent")
    link = re.search(r"/o/[\w-]{22}", await gil.text())
    assert link

    await steps.take_call(desk, "groceries", name="Mary Made-Up", phone="07700 900301")
    await desk.go("/offers")
    await desk.press("Show name and phone")
    assert "07700 900311" in await desk.text()
    await desk.look("offers with a name")
    await desk.press("Put it on the list")
    await desk.go("/board")
    async with desk.page.expect_navigation():
        await desk.page.click(".queue a >> nth=0")
    assert "Somebody offers" in await desk.text()
    await desk.look("board with an offer")
    await desk.go("/offers/new")
    await desk.look("an offer by telephone")

    without = await Visitor.come(browser, north.url, script=False)
    await without.go(link[0])
    await without.look("offer private page")
    await without.press("It is gone")
    assert "Nobody rings you about it any more" in await without.text()
    await desk.go("/offers?show=past")
    await desk.look("offers past")
    assert [*gil.faults, *desk.faults, *without.faults] == []
