"""The board with scripts: lists change in place, and what is new waits behind a line until somebody asks for it."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.browser.looking import Look, Looker
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street
from ui import vendored

pytestmark = pytest.mark.browser

MINUTE = 61_000
_ROWS = "[...document.querySelectorAll('.queue a')].map(row => row.pathname.split('/')[2])"
_HIDDEN = "Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => '%s'})"


@pytest.fixture(autouse=True)
def files_of_others() -> None:
    """Skips where the files of others were not fetched."""
    if (problem := vendored.read().problem) and not os.environ.get("CI"):
        pytest.skip(f"{problem}: python -m ui.frontend.filling fetches it")


async def test_a_list_changes_in_place_and_nothing_jumps(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        first, open_one = (await street.seed("new"))["need"], (await street.seed("open"))["need"]
        cookies = {"desk": await street.north.sign_in()}
        looker = await Looker.come(browser, street.north.url, cookies, language="en", script=True)
        await looker.page.clock.install()
        await _filters(looker, first, open_one)
        await _news(looker, street, open_one)
        await _beside_a_request(looker, street, open_one)
        await _nobody_asks(looker, street)
        assert not looker.faults, "\n".join(looker.faults)
        await street.close()


async def _filters(looker: Looker, first: str, open_one: str) -> None:
    page = looker.page
    await looker.open("board", "/board", typed={})
    await page.evaluate("document.documentElement.dataset.first = 'yes'")
    await page.focus("#show-to_triage")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#show-to_triage[aria-current]:focus")
    await page.wait_for_url("**/board?show=to_triage")
    assert await page.evaluate(_ROWS) == [first]
    await expect(page.locator("#board-said")).to_have_text("One request on the list")
    assert await page.get_attribute("html", "data-first") == "yes", "the page was never left"
    await page.go_back()
    await page.wait_for_selector("#show-all_open[aria-current]")
    assert sorted(await page.evaluate(_ROWS)) == sorted([first, open_one])


async def _news(looker: Looker, street: Street, open_one: str) -> None:
    page = looker.page
    before = await page.evaluate(_ROWS)
    street.cast.clock.advance(seconds=1)
    late = (await street.seed("today"))["need"]
    await page.clock.fast_forward(MINUTE)
    await page.wait_for_selector(".newer.some")
    assert await page.inner_text(".newer span") == "One new or changed request"
    assert await page.evaluate(_ROWS) == before, "it waits until somebody asks for it"
    for width, theme in ((390, "light"), (1280, "dark")):
        look = Look(width=width, theme=theme, direction="")
        await looker.see(look)
        await looker.examine(look)
    async with page.expect_response(lambda answer: "/board/news" in answer.url) as asked:
        await page.clock.fast_forward(MINUTE)
    assert (await asked.value).status == 304
    await page.get_by_role("link", name="Show them").click()
    await page.wait_for_selector("#queue-title:focus")
    assert sorted(await page.evaluate(_ROWS)) == sorted([*before, late])
    assert not await page.locator(".newer.some").count()
    assert await page.inner_text("#show-all_open .count") == "3"


async def _beside_a_request(looker: Looker, street: Street, open_one: str) -> None:
    page = looker.page
    await looker.open("request", f"/board/{open_one}?show=all_open", typed={})
    street.cast.clock.advance(seconds=1)
    await street.seed("open")
    await page.clock.fast_forward(MINUTE)
    await page.wait_for_selector(".newer.some")
    await page.get_by_role("link", name="Show them").click()
    await expect(page.locator(".queue a")).to_have_count(4)
    await expect(page.locator(f'.queue a[href*="{open_one}"][aria-current]')).to_have_count(1)
    assert open_one in page.url, "the request beside the list stays"
    assert await page.locator(".need-side h2").count()


async def _nobody_asks(looker: Looker, street: Street) -> None:
    """Not while the page is out of sight, and not any more when nobody is signed in."""
    page, asked = looker.page, []
    page.on("request", lambda request: asked.append(request.url) if "/news" in request.url else None)
    await page.evaluate(_HIDDEN % "hidden")
    await page.clock.fast_forward(MINUTE)
    await page.clock.fast_forward(MINUTE)
    assert not asked
    await street.north.services.access.lock_now(street.north.staff)
    await page.evaluate(_HIDDEN % "visible")
    async with page.expect_request(lambda request: "/board/news" in request.url):
        await page.clock.fast_forward(MINUTE)
    await page.wait_for_selector(".newer:not([data-news])", state="attached")
    await page.clock.fast_forward(MINUTE)
    assert len(asked) == 1
