"""Somebody who is not safe at home leaves the page: with a tap, with three Escapes, and without a script."""

import pytest
from playwright.async_api import Browser, Error, Route

from tests.browser.steps import ask_up_to_the_address
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser
ELSEWHERE = "https://www.wikipedia.org/"


async def left(browser: Browser, south: Member, *, script: bool) -> Visitor:
    """Somebody on /ask, for whom the page elsewhere is made up: nothing leaves this machine."""
    visitor = await Visitor.come(browser, south.url, script=script)

    async def elsewhere(route: Route) -> None:
        await route.fulfill(status=200, content_type="text/html", body="<title>Encyclopedia</title>")

    await visitor.page.route(f"{ELSEWHERE}**", elsewhere)
    await visitor.go("/near")
    await visitor.go("/ask")
    return visitor


async def test_a_tap_leaves_and_one_step_back_does_not_show_it(browser: Browser, south: Member) -> None:
    visitor = await left(browser, south, script=True)
    await visitor.page.click("text=Leave this page now")
    await visitor.page.wait_for_url(ELSEWHERE)
    await visitor.page.go_back()
    assert visitor.page.url.endswith("/near")


async def test_three_escapes_leave_and_two_do_not(browser: Browser, south: Member) -> None:
    visitor = await left(browser, south, script=True)
    for _ in range(2):
        await visitor.page.keyboard.press("Escape")
    await visitor.page.keyboard.press("Tab")
    for _ in range(2):
        await visitor.page.keyboard.press("Escape")
    assert visitor.page.url.endswith("/ask")
    await visitor.page.keyboard.press("Escape")
    await visitor.page.wait_for_url(ELSEWHERE)


async def test_without_a_script_it_is_a_link(browser: Browser, south: Member) -> None:
    visitor = await left(browser, south, script=False)
    await visitor.page.click("text=Leave this page now")
    await visitor.page.wait_for_url(ELSEWHERE)


async def test_the_way_back_does_not_bring_what_was_typed(browser: Browser, south: Member) -> None:
    # Without the made-up page: a browser whose requests are looked at keeps nothing anyway.
    visitor = await Visitor.come(browser, south.url, script=True)
    page = visitor.page
    await ask_up_to_the_address(visitor)
    await visitor.press("Go on")
    await page.go_back()
    assert await page.input_value("#address") == "3 Imaginary Row", (
        "before leaving, the way back loses nothing"
    )
    await page.go_forward()
    elsewhere = south.url.replace("127.0.0.1", "localhost")
    await page.evaluate("to => { document.getElementById('leave').dataset.to = to; }", elsewhere)
    await page.click("text=Leave this page now")
    await page.wait_for_url(f"{elsewhere}/**")
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        await page.go_back()
