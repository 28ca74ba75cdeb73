"""Typed words on a page from right to left: an address reads as it was typed, its number before its street."""

import pytest
from playwright.async_api import Browser, Page

from tests.browser.looking import Looker
from tests.browser.tour import ASKED_TODAY
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street

pytestmark = pytest.mark.browser

_LEFT = """([selector, part]) => {
  const walk = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.data.indexOf(part);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(walk.currentNode, at);
    range.setEnd(walk.currentNode, at + part.length);
    return range.getBoundingClientRect().left;
  }
}"""


async def test_a_number_to_read_out_keeps_the_order_of_its_groups_in_arabic(
    browser: Browser, south: Member
) -> None:
    looker = await Looker.come(browser, south.url, {}, language="ar", script=True)
    await looker.open("sent", "/ask?step=check", typed={}, given=ASKED_TODAY, press="Send it to us")
    places = await looker.page.locator(".reference").first.evaluate(
        "each => [...each.children].map(part => part.getBoundingClientRect().left)"
    )
    assert len(places) == 3
    assert places == sorted(places)


async def _in_order(page: Page, selector: str, *parts: str) -> bool:
    lefts = [await page.evaluate(_LEFT, [selector, part]) for part in parts]
    assert None not in lefts, (selector, parts)
    return lefts == sorted(lefts)


async def test_in_arabic_addresses_and_days_are_drawn_as_they_were_typed(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        made = await street.seed("approved", device="her-telephone")
        phone = await Visitor.come(browser, street.north.url, script=False)
        cookie = await street.north.services.own_door.sign_in(await street.own_link(street.helper))
        cookies = {"own": cookie, "device": "her-telephone", "language": "ar"}
        await phone.context.add_cookies(
            [{"name": name, "value": value, "url": street.north.url} for name, value in cookies.items()]
        )
        await phone.go(f"/my/task/{made['task']}")
        assert await phone.page.get_attribute("html", "dir") == "rtl"
        assert await _in_order(phone.page, "main", "99 ", "Nonesuch", "Terrace")
        await street.close()
