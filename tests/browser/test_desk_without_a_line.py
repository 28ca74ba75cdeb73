"""The desk with the network cut: a page of ours, nothing of anybody on the computer, and what was typed stays."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.steps import ask_up_to_the_address
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street

pytestmark = pytest.mark.browser
NOTES = "The bell is broken, please knock"
_KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const each of await (await caches.open(name)).keys()) {
      const text = await (await (await caches.open(name)).match(each, {ignoreVary: true})).text();
      found.push([new URL(each.url).pathname, text]);
    }
  return found;
}"""


async def ready(page: Page) -> None:
    """The worker is there, looks after this page, and has kept what it needs."""
    await page.wait_for_selector("html[data-kept]", state="attached")
    await page.evaluate(
        "() => navigator.serviceWorker.controller || new Promise(done =>"
        " navigator.serviceWorker.addEventListener('controllerchange', done, {once: true})).then(() => 0)"
    )


async def test_the_desk_has_words_of_its_own(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        found = await street.seed("open")
        desk = await Visitor.come(browser, street.north.url, script=True)
        cookie = {"name": "desk", "value": await street.north.sign_in(), "url": street.north.url}
        await desk.context.add_cookies([cookie])  # type: ignore[list-item]
        await desk.go(f"/board/{found['need']}")
        await ready(desk.page)
        await desk.go("/intake")
        await ready(desk.page)
        kept = await desk.page.evaluate(_KEPT)
        assert {path for path, _ in kept if not path.startswith("/static/")} == {"/no-connection"}
        assert not [text for _, text in kept if street.north.staff.name in text], "it is drawn for nobody"

        await desk.fill(phone="07700 900555", notes=NOTES)
        await desk.context.set_offline(True)
        desk.faults.clear()
        await desk.page.get_by_role("button", name="Save the call").last.click(no_wait_after=True)
        told = desk.page.get_by_role("alert").filter(has_text="What you typed is still on this page")
        await told.wait_for()
        assert await desk.page.input_value("#notes") == NOTES
        await expect(desk.page.locator("#busy")).to_be_empty()

        # A button that sends its form elsewhere than the others.
        await desk.context.set_offline(False)
        await desk.go(f"/board/{found['need']}")
        await desk.page.evaluate(
            "const form = document.querySelector('main form[method=post]');"
            "const button = form.appendChild(document.createElement('button'));"
            "button.setAttribute('formaction', '/board/elsewhere');"
        )
        away = desk.page.locator("button[formaction='/board/elsewhere']")
        await desk.context.set_offline(True)
        await away.dispatch_event("click")
        await told.wait_for()
        await expect(desk.page.locator("#busy")).to_be_empty()

        await desk.go(f"/board/{found['need']}")
        assert "You have no connection just now." in await desk.text()
        background = "getComputedStyle(document.querySelector('.button')).backgroundColor"
        assert await desk.page.evaluate(background) != "rgba(0, 0, 0, 0)", "with its style"
        await desk.look("no-connection", status=200)

        desk.faults.clear()
        await desk.context.set_offline(False)
        # It looks again by itself.
        await desk.page.wait_for_selector("#need", state="attached")
        await street.close()


async def test_who_asks_leaves_no_worker_and_loses_nothing(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        visitor = await Visitor.come(browser, street.north.url, script=True)
        page = visitor.page
        await ask_up_to_the_address(visitor)
        await visitor.context.set_offline(True)
        await page.get_by_role("button", name="Go on").click(no_wait_after=True)
        await _held(page)
        assert await page.input_value("#address") == "3 Imaginary Row"
        visitor.faults.clear()
        await visitor.look("held", status=200)
        await visitor.context.set_offline(False)
        await visitor.press("Go on")
        assert (
            await page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
        )
        assert await page.evaluate("async () => (await caches.keys()).length + localStorage.length") == 0
        await street.close()


async def _held(page: Page) -> None:
    """What was to be sent is still here, and the page says so."""
    told = page.get_by_role("alert").filter(has_text="What you typed is still on this page")
    await told.wait_for()
    await expect(told).to_be_focused()
    await expect(page.locator("#busy")).to_be_empty()


async def test_a_form_of_any_page_is_held_while_there_is_no_connection(browser: Browser, tmp_path) -> None:
    """Pages that no worker looks after: whoever wants to help, offers, looks around, or works with records."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        visitor = await Visitor.come(browser, street.north.url, script=True)
        cookie = {"name": "desk", "value": await street.north.sign_in(), "url": street.north.url}
        await visitor.context.add_cookies([cookie])  # type: ignore[list-item]
        page = visitor.page
        for path, field, typed, button in (
            ("/volunteer?step=who", "name", "Vera Made-Up", "Go on"),
            ("/offer?step=what", "what", "A made-up ladder", "Go on"),
            ("/near", "place", "51.45, -2.59", "Show"),
            ("/people", "text", "Zzyzx", "Find"),
        ):
            await visitor.go(path)
            await page.fill(f"#{field}", typed)
            await visitor.context.set_offline(True)
            await (
                page.locator("main form", has=page.locator(f"#{field}"))
                .get_by_role("button", name=button)
                .first.click(no_wait_after=True)
            )
            await _held(page)
            assert await page.input_value(f"#{field}") == typed, path
            await page.locator("a[href='/privacy'], a[href='/team']").first.click(no_wait_after=True)
            await _held(page)
            assert await page.input_value(f"#{field}") == typed, "a link leaves the page as it is, too"
            await visitor.context.set_offline(False)
            visitor.faults.clear()
        await street.close()
