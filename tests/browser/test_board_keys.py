"""The keys of the board, their switch, and who else has a request open: by the page's own question or without it."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from node.domain.actors import Role
from node.vault import Compartment
from tests.browser.looking import Look, Looker
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.browser

MINUTE = 61_000
_AT = "document.activeElement.pathname?.split('/')[2] ?? ''"


async def test_keys_lead_and_never_send_and_a_colleague_is_seen(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        for seed in ("new", "open", "open"):
            await street.seed(seed)
        looker = await Looker.come(
            browser, street.north.url, {"desk": await street.north.sign_in()}, language="en", script=True
        )
        await looker.page.clock.install()
        need = await _keys(looker)
        await _a_colleague(looker, street, need)
        await _off(looker)
        assert not looker.faults, "\n".join(looker.faults)
        await street.close()


async def _keys(looker: Looker) -> str:
    page = looker.page
    await looker.open("board with keys", "/board", typed={})
    rows = await page.evaluate(
        "[...document.querySelectorAll('.queue a')].map(row => row.pathname.split('/')[2])"
    )
    assert len(rows) == 3
    for key, at in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1)):
        await page.keyboard.press(key)
        assert await page.evaluate(_AT) == rows[at], key
    for key in ("Control+j", "Alt+j", "x"):
        await page.keyboard.press(key)
        assert await page.evaluate(_AT) == rows[1], "with another key it is not ours"
    await page.keyboard.press("?")
    await page.wait_for_selector("#keys[open]")
    await page.keyboard.press("j")
    assert await page.evaluate(_AT) == "", "the window is open"
    look = Look(width=390, theme="dark", direction="")
    await looker.see(look)
    await looker.examine(look)
    await looker.see(Look(width=1280, theme="light", direction=""))
    await page.keyboard.press("Escape")
    await page.focus(f".queue a[href*='{rows[1]}']")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.keyboard.press("2")
    await page.keyboard.press("c")
    await page.wait_for_selector("#call[open] button:focus")
    assert await page.locator("#calls-title").count() == 0, "a digit outside the log is none of ours"
    async with page.expect_navigation():
        await page.keyboard.press("2")
    await expect(page.locator("section[aria-labelledby=calls-title] li")).to_have_count(1)
    await page.keyboard.press("c")
    await page.wait_for_selector("#call[open] button:focus")
    await page.fill("#call-note", "")
    await page.keyboard.type("jn?")
    assert await page.input_value("#call-note") == "jn?", "while somebody types they are letters"
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("a")
    await page.wait_for_selector("#who button:focus, #who a:focus")
    return str(rows[1])


async def _a_colleague(looker: Looker, street: Street, need: str) -> None:
    page, colleague = looker.page, Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(colleague)
    await expect(page.locator("#looking")).to_be_hidden()
    shown = (await street.ask(colleague, "GET", f"/board/{need}")).text
    assert "Also looking at this now: <strong>kim</strong>" in shown, "without script, too"

    async with page.expect_response(lambda answer: "/board/news" in answer.url):
        await page.clock.fast_forward(MINUTE)
    await expect(page.locator("#looking strong")).to_have_text("one-coordinator")
    street.cast.clock.advance(minutes=5)
    async with page.expect_response(lambda answer: "/board/news" in answer.url):
        await page.clock.fast_forward(MINUTE)
    await expect(page.locator("#looking")).to_be_hidden()


async def _off(looker: Looker) -> None:
    page = looker.page
    await looker.open("devices with keys", "/devices", typed={})
    async with page.expect_navigation():
        await page.get_by_role("button", name="Switch them off on this device").click()
    await looker.open("board without keys", "/board", typed={})
    assert not await page.locator("#keys").count()
    await page.keyboard.press("j")
    assert await page.evaluate(_AT) == ""
