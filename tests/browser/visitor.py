"""One person with a browser, who notices what nobody should have to: console errors, foreign requests, pages that
scroll sideways, and everything axe finds.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

SIZES = ((390, 844), (1280, 900))
THEMES = ("light", "dark")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
SCREENSHOTS = os.environ.get("SCREENSHOTS")
"""A folder for a picture of each page looked at; none are made without it."""


@cache
def axe() -> str:
    """The source of axe-core, as the test package brings it."""
    return Path(AXE_FILE_PATH).read_text("utf-8")


class Visitor:
    """A browser context of one person, who asked for less motion, so that colours stand still.

    ``seen`` are the names of what was looked at, ``faults`` what was wrong.
    """

    def __init__(self, context: BrowserContext, page: Page, home: str, *, script: bool) -> None:
        self.context = context
        self.page = page
        self.home = home
        self.script = script
        self.seen: list[str] = []
        self.faults: list[str] = []
        self.status = 0
        self._expected = 0
        page.on("console", self._heard)
        page.on("request", self._asked)
        page.on("response", self._answered)

    @classmethod
    async def come(cls, browser: Browser, home: str, *, script: bool) -> Self:
        """A new person, with an empty cookie jar."""
        context = await browser.new_context(
            java_script_enabled=script, locale="en-GB", reduced_motion="reduce"
        )
        return cls(context, await context.new_page(), home, script=script)

    async def go(self, path: str) -> None:
        """Opens a page of the site."""
        await self.page.goto(path if path.startswith("http") else self.home + path)

    async def press(self, words: str, *, exact: bool = False) -> None:
        """Presses the first button or link with these words, and waits for the page that follows."""
        button = self.page.get_by_role("button", name=words, exact=exact)
        target = button if await button.count() else self.page.get_by_role("link", name=words, exact=exact)
        async with self.page.expect_navigation():
            await target.first.click()

    async def key(self, key: str) -> None:
        """Presses a key that sends a form, and waits for the page that follows."""
        async with self.page.expect_navigation():
            await self.page.keyboard.press(key)

    async def fill(self, **fields: str) -> None:
        """Types into fields by their names."""
        for name, value in fields.items():
            await self._unfold(f"#{name}")
            await self.page.fill(f"#{name}", value)

    async def tick(self, name: str, *values: str) -> None:
        """Ticks boxes or radio buttons by name and value."""
        for value in values:
            await self._unfold(f'input[name="{name}"][value="{value}"]')
            await self.page.check(f'input[name="{name}"][value="{value}"]')

    async def _unfold(self, field: str) -> None:
        """Opens the folded part that a field is in, by a press on its words."""
        folded = self.page.locator(f"details.more:not([open]):has({field}) > summary")
        if await folded.count():
            await folded.first.click()

    async def text(self) -> str:
        """The words of the page, as they can be read."""
        return await self.page.inner_text("body")

    async def look(self, name: str, *, status: int = 200) -> None:
        """Looks at the page in both sizes and both themes; what is wrong is noted under ``name``."""
        self.seen.append(name)
        assert self.status == status, f"{name}: status {self.status}, not {status}: {await self.text()}"
        for size in SIZES:
            await self.page.set_viewport_size({"width": size[0], "height": size[1]})
            for theme in THEMES if self.script else THEMES[:1]:
                await self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
                await self._inspect(f"{name} ({size[0]} px, {theme})")
                if SCREENSHOTS:
                    path = Path(SCREENSHOTS) / f"{name.replace(' ', '-')}-{size[0]}-{theme}.png"
                    await self.page.screenshot(path=path, full_page=True)

    async def _inspect(self, name: str) -> None:
        wide = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if wide > 0:
            self.faults.append(f"{name}: scrolls sideways by {wide} px")
        if not self.script:
            return
        # Evaluated over the debugging protocol, which the page's own policy does not stop.
        await self.page.evaluate(axe() + ";0")
        found: dict[str, Any] = await self.page.evaluate("rules => axe.run(document, rules)", RULES)
        for violation in found["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            self.faults.append(f"{name}: {violation['id']}: {violation['help']}: {nodes}")

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium itself reports each answer of 400 and above; those are looked at by status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"console at {self.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.faults.append(f"asked another origin: {request.url}")

    def _answered(self, response: Response) -> None:
        if (response.request.is_navigation_request() and response.status < 300) or response.status >= 400:
            if response.request.is_navigation_request():
                self.status = response.status
            else:
                self.faults.append(f"{response.status} for {response.url}")
