"""A cheap phone at the edge of the net: 50 kB/s, 300 ms to answer, a processor four times slower, an empty cache.

First words within 1.5 s on the pages that matter, and the map that moves within 5 s of asking for its page, by the
browser's own clock. A processor four times slower than one that also does other work is slower than that: how much, the
same phone shows on an answer of one line without style, and that is taken off. The best of a few tries counts.
"""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Self

import pytest
from playwright.async_api import Browser, Page

from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street
from ui import vendored

pytestmark = pytest.mark.browser

FIRST_WORDS_MS = 1500
MAP_MS = 5000
TRIES = 4
BARE_MS = 400
"""What an answer of one line takes on a machine with nothing else to do: the net's 300, and the browser."""
MOST_LATE_MS = 800
"""More than this is never put down to the machine."""
OPEN = ("/", "/ask", "/near")
PHONE = "the-slow-telephone"
NET = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
_PAINTED = """() => new Promise(done => {
  const painted = () => performance.getEntriesByName('first-contentful-paint')[0];
  if (painted()) return done(painted().startTime);
  new PerformanceObserver(() => painted() && done(painted().startTime)).observe({type: 'paint', buffered: true});
})"""


class SlowPhone:
    """One page of that phone, which keeps nothing that it loaded."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.home = home

    @classmethod
    async def of(cls, browser: Browser, home: str) -> Self:
        """A phone that was never here."""
        context = await browser.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        await devtools.send("Network.enable")
        await devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        await devtools.send("Network.emulateNetworkConditions", NET)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        return cls(page, home)

    async def holds(self, **cookies: str) -> None:
        """From now on it is somebody's."""
        await self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.home} for name, value in cookies.items()]
        )

    async def best(self, measure: Callable[[], Awaitable[float]], limit: float) -> float:
        """Milliseconds without what the machine itself is late; as soon as that was in time, no more tries."""
        best = float("inf")
        for _ in range(TRIES):
            before = await self.first_words("/healthz")
            took = await measure()
            # A page is two answers, one after the other.
            late = 2 * (min(before, await self.first_words("/healthz")) - BARE_MS)
            best = min(best, took - min(max(late, 0.0), MOST_LATE_MS))
            if best <= limit:
                break
        return best

    async def first_words(self, path: str) -> float:
        """Until something can be read."""
        await self.page.goto(self.home + path, wait_until="commit")
        took: float = await self.page.evaluate(_PAINTED)
        return took

    async def map_moves(self) -> float:
        """Until the map of `/near` can be moved, by who asks for that as soon as there is a button."""
        await self.page.goto(f"{self.home}/near", wait_until="commit")
        await self.page.get_by_role("button", name="Move the map").click()
        await self.page.wait_for_selector("html[data-map=live]")
        took: float = await self.page.evaluate("performance.getEntriesByName('map')[0].startTime")
        return took


async def test_a_slow_phone_does_not_wait_long(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.from_south("wish")
        task = await street.seed("approved", None, PHONE)
        phone = await SlowPhone.of(browser, street.north.url)
        took = {path: await phone.best(partial(phone.first_words, path), FIRST_WORDS_MS) for path in OPEN}
        lacking = vendored.read().problem and not os.environ.get("CI")
        moves = 0.0 if lacking else await phone.best(phone.map_moves, MAP_MS)
        await phone.holds(device=PHONE, desk=await street.north.sign_in())
        for path in (f"/t/{task['token']}", "/board"):
            took[path] = await phone.best(partial(phone.first_words, path), FIRST_WORDS_MS)
        await street.close()
    print(f"map {moves:.0f} ms, first words", {path[:8]: round(took[path]) for path in took})
    assert not {path: late for path, late in took.items() if late > FIRST_WORDS_MS}
    assert moves <= MAP_MS
