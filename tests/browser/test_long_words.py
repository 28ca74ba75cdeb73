"""What another group says of itself is one long word each: no page of ours scrolls sideways for it."""

import pytest
from playwright.async_api import Browser

from node.domain.actors import CONSOLE
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.calls import need
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser

TOO_WIDE = """() => {
  const page = document.documentElement;
  if (page.scrollWidth <= page.clientWidth) return [];
  return ["scrolls sideways by " + (page.scrollWidth - page.clientWidth), ...[...document.querySelectorAll("main *")]
    .filter(each => each.getBoundingClientRect().right > page.clientWidth + 1 && !each.children.length)
    .map(each => each.tagName + " " + each.textContent.slice(0, 20)).slice(0, 3)];
}"""


async def test_a_neighbours_long_words_push_no_page_out_of_shape(
    browser: Browser, north: Member, south: Member
) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    north.id = (await north.services.standing.about()).origin
    await south.services.peering.add(CONSOLE, north.url, did=north.id, allow_private=True)
    await north.services.peering.add(CONSOLE, south.url, did=south.id, allow_private=True)
    await south.services.second_yes.card(
        south.staff,
        name="W" * 80,
        phone="0117-" + "4" * 34,
        hours="Mo–Fr" + "9" * 110,
        state="open",
        until=None,
        headings="all",
    )
    await need(south)
    await south.services.publishing.publish(CONSOLE)
    await north.services.peering.sync(CONSOLE)
    here = f"/peers/{south.id}"
    pages = ("/peers", here, f"{here}/block", f"{here}/document", f"{here}/settings", "/peers/file", "/near")
    faults = []
    for path in (*pages, "/board/neighbours", "/board", "/intake"):
        await desk.go(path)
        for width in (320, 1280):
            await desk.page.set_viewport_size({"width": width, "height": 800})
            faults += [f"{path} at {width} px: {each}" for each in await desk.page.evaluate(TOO_WIDE)]
    assert not faults, "\n".join(faults)
