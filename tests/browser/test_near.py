"""`/near` with the files of others: the list changes in place, the map moves; without them both are there."""

import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser

from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point
from node.services.sharing.neighbourhood import NearNeed
from tests.browser import looking
from tests.browser.looking import Look, Looker
from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import Member, Neighbourhood
from ui import vendored

pytestmark = pytest.mark.browser

PLACES = ((51.4561, -2.5925), (51.41, -2.65), (51.50, -2.50))
NEAR = "/near?place=51.45,-2.59&km=10"
_ORDER = """selector => {
  const signs = [...document.querySelectorAll(selector)].map(each => [each.textContent, each.getBoundingClientRect()]);
  const by = side => signs.toSorted((a, b) => a[1][side] - b[1][side]).map(each => each[0]).join('');
  return [by('top'), by('left')];
}"""
"""The letters of the areas from north to south, and from west to east."""
PHONE = Look(width=390, theme="light", direction="")


@pytest.fixture
def live_map() -> None:
    """Skips where the files of others were not fetched."""
    if (problem := vendored.read().problem) and not os.environ.get("CI"):
        pytest.skip(f"{problem}: python -m ui.frontend.filling fetches it")


@pytest.fixture
async def south(tmp_path: Path) -> AsyncIterator[Member]:
    """A group that shows what its neighbour and itself would like help with."""
    async with Neighbourhood(tmp_path) as cast:
        north, south = await cast.add("north"), await cast.add("south", at=(51.43, -2.58))
        await cast.befriend(north, south)
        for member, kind in ((north, "groceries"), (south, "dog_walking")):
            await member.share_everything()
            for number, (lat, lon) in enumerate(PLACES):
                await member.services.intake.take(
                    member.staff,
                    NewNeed(
                        person=NewPerson(name="Wil Madeup", phone=f"07700 90012{number}"),
                        categories=(kind,),
                        requires=("car",) if kind == "groceries" else (),
                        point=Point(lat=lat, lon=lon, accuracy_m=50),
                        consents=Consents(help_you=True, groups_see=True, keep_details=True),
                        start="open",
                    ),
                )
            await cast.publish(member)
        await cast.sync(south)
        yield south


@pytest.mark.usefixtures("live_map")
async def test_the_map_moves_and_the_list_changes_in_place(browser: Browser, south: Member) -> None:
    looker = await Looker.come(browser, south.url, {}, language="en", script=True)
    page = looker.page
    await looker.open("near", NEAR, typed={})
    assert await looker.weigh() < looking.MOST_BYTES, "what is not asked for is not loaded"
    await page.evaluate("document.documentElement.dataset.first = 'yes'")

    still = await page.evaluate(_ORDER, "svg.map text.number")
    await page.get_by_role("button", name="Move the map").click()
    await page.wait_for_selector("html[data-map=live]")
    assert await looker.weigh() < looking.MOST_BYTES_WITH_MAP
    await looker.see(PHONE)
    await looker.examine(PHONE)
    assert await page.evaluate(_ORDER, ".live .sign") == still, "each area lies where the still map has it"
    assert sorted(still[0]) == ["A", "B", "C"]
    before = await page.locator(".live path.leaflet-interactive").first.bounding_box()
    await page.get_by_role("button", name="Closer").click()
    after = await page.locator(".live path.leaflet-interactive").first.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > 1.5 * before["width"]
    await page.get_by_role("button", name="Farther").click()
    await page.locator(".live path.leaflet-interactive").first.click()
    assert page.url.endswith("#area-A"), "an area leads to its part of the list"

    async with page.expect_response(lambda answer: "category=groceries" in answer.url) as asked:
        await page.select_option("#category", "groceries")
    assert "HX-Request" in (await asked.value).headers["vary"]
    await page.wait_for_url("**category=groceries**")
    assert await page.locator("tbody tr").count() == 3
    assert await page.get_attribute("html", "data-first") == "yes", "the page was never left"
    assert await page.locator("svg.map:visible").count(), "a new answer begins with its still map"

    await page.fill("#place", "Nowhere-at-all")
    async with page.expect_response(lambda answer: "Nowhere" in answer.url) as asked:
        await page.keyboard.press("Enter")
    assert (await asked.value).status == 422
    await page.wait_for_selector("#mistakes:focus")
    await page.go_back()
    await page.wait_for_selector("tbody tr >> nth=2")
    looker.faults = [fault for fault in looker.faults if "422 for" not in fault]
    assert not looker.faults, "\n".join(looker.faults)


async def test_without_them_the_same_is_there(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendored, "read", lambda: vendored.Vendored(problem="manifest.json is not there"))
    member = Member("Lone Street", (51.43, -2.58), tmp_path / "lone", FakeClock(), seed=3)
    member.folder.mkdir()
    await member.start()
    try:
        await member.set_up()
        looker = await Looker.come(browser, member.url, {}, language="en", script=True)
        page = looker.page
        await looker.open("near", NEAR, typed={})
        assert await page.locator('[src*="htmx"]').count() == 0
        await page.select_option("#category", "groceries")
        async with page.expect_navigation(url="**category=groceries**"):
            await page.get_by_role("button", name="Show").click()
        assert await page.locator("#takes").input_value() == ""
        await looker.open("licences", "/licences", typed={})
        assert not looker.faults, "\n".join(looker.faults)
    finally:
        await member.stop()


async def test_filters_by_what_it_takes(
    south: Member, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without a script: all of it is in the address."""
    neighbourhood = south.services.neighbourhood
    found = await neighbourhood.near(None)

    async def near(*_: object, **__: object) -> list[NearNeed]:
        """As in a city, where what it takes is told."""
        return [
            replace(each, seen=replace(each.seen, summary=replace(each.seen.summary, requires=("car",))))
            if each.seen.summary.category == "groceries"
            else each
            for each in found
        ]

    monkeypatch.setattr(neighbourhood, "near", near)
    looker = await Looker.come(browser, south.url, {}, language="en", script=False)
    for takes, rows in (("", 6), ("car", 3), ("tools", 0)):
        await looker.page.goto(f"{south.url}/near?takes={takes}")
        assert looker.status == 200
        assert await looker.page.locator("tbody tr").count() == rows, takes
    await looker.page.goto(f"{south.url}/near?takes=magic")
    assert looker.status == 422
    assert not looker.faults, "\n".join(looker.faults)


async def test_who_is_not_heard_from_is_said_above_the_list(south: Member, browser: Browser) -> None:
    south.clock.advance(days=5)
    looker = await Looker.come(browser, south.url, {}, language="en", script=False)
    await looker.page.goto(f"{south.url}/near")
    notice = looker.page.locator(".notice.wait")
    assert await notice.count() == 1, "one group is silent, and ours is not"
    words = await notice.inner_text()
    assert words.startswith("North: Not heard from for a while (heard ")
    assert words.endswith("What they show may be over: ring them first.")
    await looker.see(PHONE)
    assert not looker.faults, "\n".join(looker.faults)
