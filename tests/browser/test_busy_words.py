"""An answer that takes long: after 400 ms by the browser's clock the page says so, until the answer is there."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import NORTH
from tests.browser.visitor import SCREENSHOTS, Visitor
from tests.harness.neighbourhood import Member
from ui import vendored

pytestmark = pytest.mark.browser
WORDS = "Working on it… One moment."
NOT_YET_MS = 399
AN_HOUR = 3600
_TELL = """() => {
  const line = document.getElementById('busy'), button = document.querySelector('main form button[type=submit]');
  new MutationObserver(() => {
    console.log(`${line.textContent} ${button.getAttribute('aria-busy')} ${button.disabled}`);
    if (line.textContent) dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
  }).observe(line, {childList: true});
}"""


class Held:
    """An answer that comes when the test says so."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, route: Route) -> None:
        """Holds one request back."""
        self.asked.set()
        await self.let_go.wait()
        await route.continue_()


async def held(page: Page, address: str | Callable[[str], bool]) -> Held:
    """From now on answers of this address wait."""
    answer = Held()
    await page.route(address, answer)
    return answer


async def test_a_form_says_that_it_is_working(browser: Browser, south: Member) -> None:
    visitor = await Visitor.come(browser, south.url, script=True)
    page = visitor.page
    await visitor.go("/sign-in")
    line, button = page.locator("#busy"), page.locator("main form button[type=submit]").first
    assert await line.get_attribute("role") == "status"
    await visitor.fill(handle="kim", password="not her password")
    answer = await held(page, "**/sign-in")

    # Nothing can be asked of a page that is about to go: it tells by itself.
    told: asyncio.Queue[str] = asyncio.Queue()
    page.on("console", lambda message: told.put_nowait(message.text))
    await page.evaluate(_TELL)
    await button.click(no_wait_after=True)
    await answer.asked.wait()
    assert await told.get() == f"{WORDS} true false", "it shows that it works, and nothing is switched off"
    assert await told.get() == " null false", "kept by the browser as it stands, and shown again"

    async with page.expect_navigation():
        answer.let_go.set()
    await expect(page.locator("#busy")).to_be_empty()
    assert not visitor.faults, visitor.faults


async def test_a_list_in_place_says_so_until_it_came(browser: Browser, south: Member) -> None:
    if (problem := vendored.read().problem) and not os.environ.get("CI"):
        pytest.skip(f"{problem}: python -m ui.frontend.filling fetches it")
    visitor = await Visitor.come(browser, south.url, script=True)
    page = visitor.page
    await page.clock.install(time=0)
    await visitor.go(f"/near?lat={NORTH[0]}&lon={NORTH[1]}")
    await page.clock.pause_at(AN_HOUR)
    await page.evaluate("document.documentElement.dataset.first = 'yes'")
    line, button = page.locator("#busy"), page.locator(".near-form button[type=submit]").first
    answer = await held(page, lambda address: "/near?" in address)

    await button.click(no_wait_after=True)
    await answer.asked.wait()
    await page.clock.run_for(NOT_YET_MS)
    await expect(line).to_be_empty()
    await page.clock.run_for(2)
    await expect(line).to_have_text(WORDS)
    if SCREENSHOTS:
        await page.screenshot(path=Path(SCREENSHOTS) / "busy.png")
    async with page.expect_response(lambda response: "/near?" in response.url):
        answer.let_go.set()
    await page.clock.resume()
    await expect(line).to_be_empty()
    assert await page.get_attribute("html", "data-first") == "yes", "the page was never left"
    assert not visitor.faults, visitor.faults
