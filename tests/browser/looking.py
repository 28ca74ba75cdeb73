"""Looking at one page: what axe finds, sideways scroll, faults in the console, other origins, words no page should
show, and how many bytes it takes to come."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
)

from tests.browser.visitor import RULES, axe
from ui import i18n

WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")
DIRECTIONS = ("", "rtl")
"""As the language has it, and from right to left."""
MOST_BYTES = 60_000
"""A page, everything it loads included, as it comes over the wire into an empty cache."""
MOST_BYTES_WITH_MAP = 130_000
"""The same where a map stands on it."""
OF_THE_WAY = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "target-size", "scrollable-region-focusable"]},
}
"""The rules of axe whose answer depends on width and theme; they take a third of the time of all."""
HEIGHTS = {320: 640, 390: 844, 1280: 900}

_ODD = re.compile(
    r"\bNone\b|\bundefined\b|\bnan\b|%\(|\{\{|\[\]|\bTrue\b|\bFalse\b|\b[a-z]+(?:_[a-z]+)+\b"
    r"|\b1 (?:days|hours|minutes|weeks|people|persons|requests|groups|tasks|times|stops|volunteers|rows|notes)\b"
)
"""What a page shows only by mistake: values of the code, places that nobody filled, one of several."""
_TEXT = """() => {
  const copy = document.body.cloneNode(true);
  copy.querySelectorAll('code, pre, textarea, script, .copy, .figures, [data-codes]').forEach(each => each.remove());
  // Node by node: the text of two cells that stand side by side is no single word.
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) found.push(walker.currentNode.data);
  return found.join(' ');
}"""
_GIVE = """pairs => document.getElementById('steps').prepend(...pairs.map(([name, value]) => {
  const field = document.createElement('input');
  Object.assign(field, {type: 'hidden', name, value});
  return field;
}))"""
_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_ASKEW = """() => [...document.querySelectorAll('table')].filter(each => {
  const heads = [...(each.tHead?.rows[0]?.cells ?? [])], cells = [...(each.tBodies[0]?.rows[0]?.cells ?? [])];
  // Where a table is folded for a phone, its heads are there to be read out only.
  return heads.length > 1 && heads.length === cells.length && getComputedStyle(cells[0]).display === 'table-cell'
    && heads.some((head, at) => Math.abs(head.getBoundingClientRect().x - cells[at].getBoundingClientRect().x) > 2);
}).map(each => each.outerHTML.slice(0, 100))"""
_CUT = """() => [...document.querySelectorAll('main *')].filter(each => {
  const style = getComputedStyle(each);
  // A map that moves shows a part of itself.
  return each.clientWidth > 40 && each.scrollWidth > each.clientWidth + 1 && style.overflowX === 'hidden'
    && !each.matches('.live *') && !style.clipPath.includes('inset');
}).map(each => each.outerHTML.slice(0, 100))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One way to see a page. ``width`` in CSS pixels."""

    width: int
    theme: str
    direction: str
    language: str = "en"

    def __str__(self) -> str:
        return "-".join(filter(None, (str(self.width), self.theme, self.language, self.direction)))


def every(languages: tuple[str, ...]) -> list[Look]:
    """All of them."""
    return [
        Look(width=width, theme=theme, direction=direction, language=language)
        for language in languages
        for direction in DIRECTIONS
        for width in WIDTHS
        for theme in THEMES
    ]


def chosen(ways: str, languages: tuple[str, ...]) -> list[Look]:
    """Those that ``ways`` names, or all if there are no words."""
    return [look for look in every(languages) if not ways or str(look) in ways.split()]


def one_of(name: str, languages: tuple[str, ...]) -> list[Look]:
    """One way, by the page's name: always the same for a page, all of them over many pages. Then the other theme at the
    next width, for what depends on these."""
    looks = every(languages)
    look = looks[zlib.crc32(name.encode()) % len(looks)]
    width = WIDTHS[(WIDTHS.index(look.width) + 1) % len(WIDTHS)]
    return [look, replace(look, width=width, theme=THEMES[1 - THEMES.index(look.theme)])]


def third(name: str) -> bool:
    """Whether the page of that name is one of every third."""
    return zlib.crc32(name.encode()[::-1]) % 3 == 0


class Looker:
    """One actor's browser, going from page to page; ``faults`` is what was wrong, each under the page's name."""

    def __init__(self, context: BrowserContext, page: Page, home: str, language: str) -> None:
        self.context = context
        self.language = i18n.Languages.load().choose(language)
        self.page = page
        self.home = home
        self.name = ""
        self.faults: list[str] = []
        self.status = 0
        self._came: list[Response] = []
        self._files: dict[str, int] = {}
        """Bytes of files that every page loads: they come over the wire once."""
        page.on("console", self._heard)
        page.on("pageerror", self._broke)
        page.on("request", self._asked)
        page.on("response", self._answered)

    @classmethod
    async def come(
        cls, browser: Browser, home: str, cookies: Mapping[str, str], *, language: str, script: bool
    ) -> Self:
        """A browser with that actor's cookies, that asks for less motion so that colours stand still."""
        context = await browser.new_context(
            java_script_enabled=script, locale=language, reduced_motion="reduce"
        )
        await context.add_cookies(
            [{"name": name, "value": value, "url": home} for name, value in cookies.items()]
        )
        return cls(context, await context.new_page(), home, language)

    async def open(
        self,
        name: str,
        path: str,
        *,
        typed: Mapping[str, str],
        unfold: str = "",
        press: str = "",
        given: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Goes there; with ``press``, on to the page that this button leads to (in a folded part, by its words), after
        some words were typed into fields, by their ids. ``given``: what a walk has in hidden fields by then."""
        self.name, self._came = name, []
        unfold, press = self.language.say(unfold) if unfold else "", self.language.say(press) if press else ""
        await self.page.goto(self.home + path)
        if unfold:
            await self.page.locator("summary", has_text=unfold).first.click()
        if given:
            await self.page.evaluate(_GIVE, [list(pair) for pair in given])
        for field, words in typed.items():
            await self.page.fill(f"#{field}", words)
        if press:
            # A browser would not send a form that lacks something; ours must say what it is all the same.
            await self.page.evaluate(
                "document.querySelectorAll('form').forEach(each => each.noValidate = true)"
            )
            button = self.page.get_by_role("button", name=press, exact=True)
            if not await button.count():
                self.faults.append(f"{name}: there is no button {press!r}")
                return
            async with self.page.expect_navigation():
                await button.first.click()

    async def weigh(self) -> int:
        """Bytes of the page and all that it loads, as they come over the wire into an empty cache."""
        total, files = 0, set[str]()
        for response in self._came:
            if "/tiles/" in response.url:
                continue  # as many as the map is looked at, as big as the operator chose them
            sizes = await response.request.sizes()
            size = sizes["responseBodySize"] + sizes["responseHeadersSize"]
            if "/static/" in response.url:
                if response.url in files:
                    continue  # what is good for ever comes from the browser's own cache when it is asked for again
                files.add(response.url)
                size = self._files[response.url] = max(size, self._files.get(response.url, 0))
            total += size
        has_map = await self.page.locator(".map, .leaflet-container").count()
        if total > (MOST_BYTES_WITH_MAP if has_map else MOST_BYTES):
            self.faults.append(f"{self.name}: {total} bytes over the wire")
        return total

    async def see(self, look: Look) -> None:
        """Looks at it that way."""
        page, name = self.page, f"{self.name} ({look})"
        await page.set_viewport_size({"width": look.width, "height": HEIGHTS[look.width]})
        await page.emulate_media(color_scheme=look.theme)  # type: ignore[arg-type]
        if look.direction:
            await page.evaluate("way => document.documentElement.dir = way", look.direction)
        if wide := await page.evaluate(_WIDE):
            self.faults.append(f"{name}: scrolls sideways by {wide} px")
        self.faults += [f"{name}: cut off: {each}" for each in await page.evaluate(_CUT)]
        self.faults += [f"{name}: heads beside their columns: {each}" for each in await page.evaluate(_ASKEW)]

    async def examine(self, look: Look, *, rules: Mapping[str, Any] = RULES) -> None:
        """With axe, in the present width and theme, from the top: what is half under a line that stays is no fault."""
        await self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        # Evaluated over the debugging protocol, which the page's own policy does not stop.
        await self.page.evaluate(axe() + ";0")
        found: dict[str, Any] = await self.page.evaluate("rules => axe.run(document, rules)", dict(rules))
        for violation in found["violations"]:
            nodes = "; ".join(node["html"][:160] for node in violation["nodes"][:3])
            self.faults.append(f"{self.name} ({look}): {violation['id']}: {violation['help']}: {nodes}")

    async def read(self) -> None:
        """Looks for words that no page should show."""
        text = await self.page.evaluate(_TEXT)
        for found in _ODD.finditer(text):
            around = " ".join(text[max(0, found.start() - 40) : found.end() + 40].split())
            self.faults.append(f"{self.name}: {found[0]!r} in: {around}")

    async def picture(self, folder: Path, look: Look) -> None:
        """The whole of it, from top to bottom."""
        await self.page.screenshot(path=folder / f"{self.name}.{look}.png", full_page=True)

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium itself reports each answer of 400 and above; those are looked at by status.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.faults.append(f"{self.name}: console: {message.text}")

    def _broke(self, error: Error) -> None:
        self.faults.append(f"{self.name}: script: {error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.home:
            self.faults.append(f"{self.name}: asked another origin: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
            self._came = [response]
        else:
            self._came.append(response)
            if response.status >= 400:
                self.faults.append(f"{self.name}: {response.status} for {response.url}")
