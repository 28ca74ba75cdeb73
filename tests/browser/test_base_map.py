"""Streets under the areas of `/near`: pictures from this very site, and none asked for where there is no file."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Request, expect

from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point
from tests.browser import looking
from tests.browser.looking import Look, Looker
from tests.browser.planting import CORPUS, SENSOR
from tests.harness.map_archive import town
from tests.harness.neighbourhood import Member, Neighbourhood
from ui import vendored

pytestmark = pytest.mark.browser
NEAR = "/near?place=51.45,-2.59&km=10"
PICTURES = os.environ.get("MUTUALAID_LOOK", "")
"""A folder for pictures."""
SHOWN = """() => [...document.querySelectorAll('.live .leaflet-tile')].filter(each =>
  each.complete && each.naturalWidth === 256 && each.getBoundingClientRect().width > 200
  && getComputedStyle(each).visibility !== 'hidden').length"""
PANNED = re.compile(r"translate3d\(0px, 80px")
"""By one press of an arrow."""
DIM = "() => getComputedStyle(document.querySelector('.live .leaflet-tile-pane')).filter"


@pytest.fixture(autouse=True)
def live_map() -> None:
    """Skips where the files of others were not fetched."""
    if (problem := vendored.read().problem) and not os.environ.get("CI"):
        pytest.skip(f"{problem}: python -m ui.frontend.filling fetches it")


@pytest.fixture
async def north(tmp_path: Path) -> AsyncIterator[Member]:
    """A group that would like help in three places."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        await north.share_everything()
        for number, (lat, lon) in enumerate(((51.4561, -2.5925), (51.41, -2.65), (51.50, -2.50))):
            await north.services.intake.take(
                north.staff,
                NewNeed(
                    person=NewPerson(name="Wil Madeup", phone=f"07700 90012{number}"),
                    categories=("groceries",),
                    point=Point(lat=lat, lon=lon, accuracy_m=50),
                    consents=Consents(help_you=True, groups_see=True, keep_details=True),
                    start="open",
                ),
            )
        await cast.publish(north)
        yield north


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[Member]:
    """A node that nobody has set up yet."""
    async with Neighbourhood(tmp_path) as cast:
        yield await cast.add("new", set_up=False)


async def come(browser: Browser, member: Member, asked: list[str], *, language: str = "en") -> Looker:
    looker = await Looker.come(browser, member.url, {}, language=language, script=True)

    def heard(request: Request) -> None:
        if "/tiles/" in request.url:
            asked.append(request.url)

    looker.page.on("request", heard)
    return looker


async def test_streets_lie_under_the_areas(browser: Browser, north: Member) -> None:
    (north.folder / "map.pmtiles").write_bytes(town(zooms=(5, 11)).written())
    asked: list[str] = []
    looker = await come(browser, north, asked)
    page = looker.page
    await looker.open("near", NEAR, typed={})
    assert await looker.weigh() < looking.MOST_BYTES
    assert asked == [], "before somebody wants the map that moves"
    for language in ("en", "ar"):
        looker = await come(browser, north, asked, language=language)
        page = looker.page
        await looker.open(f"near-{language}", NEAR, typed={})
        await page.click('[data-do="move"]')
        await page.wait_for_selector("html[data-map=live]")
        await expect(page.locator(".live .leaflet-tile-loaded").first).to_be_visible()
        assert await page.evaluate(SHOWN) >= 2
        words = (
            "الشوارع: © OpenStreetMap contributors الرخصة"
            if language == "ar"
            else ("Streets: © OpenStreetMap contributors Licence")
        )
        assert await page.locator("[data-credit]").inner_text() == words
        for width, theme in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            look = Look(width=width, theme=theme, direction="", language=language)
            await looker.see(look)
            await looker.examine(look)
            assert ("brightness" in await page.evaluate(DIM)) is (theme == "dark")
            if PICTURES:
                await page.wait_for_load_state("networkidle")
                await looker.picture(Path(PICTURES), look)
    for _ in range(4):
        await page.click('[data-do="near"]')
    await expect(page.locator(".live .leaflet-tile-loaded").first).to_be_visible()
    assert await page.evaluate("() => [...document.querySelectorAll('.live .leaflet-tile')].length")
    assert asked
    version = (await north.services.base_maps.look()).version  # type: ignore[union-attr]
    assert all(url.startswith(north.url) and url.endswith(f"?v={version}") for url in asked)
    zooms = {int(url.split("/tiles/")[1].split("/")[0]) for url in asked}
    assert max(zooms) == 11, "the finest pictures grow; finer ones are not asked for"
    assert not looker.faults, "\n".join(looker.faults)


async def test_without_the_file_all_is_as_it_was(browser: Browser, north: Member) -> None:
    (north.folder / "map.pmtiles").write_bytes(town().written()[:-1])
    asked: list[str] = []
    looker = await come(browser, north, asked)
    await looker.open("near", NEAR, typed={})
    await looker.page.click('[data-do="move"]')
    await looker.page.wait_for_selector("html[data-map=live]")
    assert await looker.weigh() < looking.MOST_BYTES_WITH_MAP
    assert await looker.page.locator(".live.streets, [data-credit]").count() == 0
    assert asked == []
    assert not looker.faults, "\n".join(looker.faults)


async def test_hostile_words_of_a_map_stay_words(browser: Browser, north: Member) -> None:
    looker = await come(browser, north, [])
    for number, hostile in enumerate(CORPUS):
        (north.folder / "map.pmtiles").write_bytes(
            town(zooms=(5, 6), told={"attribution": hostile}).written()
        )
        await looker.open(f"near-{number}", NEAR, typed={})
        await looker.page.click('[data-do="move"]')
        await looker.page.wait_for_selector("html[data-map=live]")
        assert await looker.page.evaluate(SENSOR) == "", hostile
    assert not looker.faults, "\n".join(looker.faults)


# -- picking the middle of the area, at set-up


async def test_the_middle_of_the_area_is_picked_on_the_map(browser: Browser, new: Member) -> None:
    """Tapped, and by keys alone; the field then holds what set-up takes, and nothing else of the form has moved."""
    (new.folder / "map.pmtiles").write_bytes(town(zooms=(5, 12)).written())
    asked: list[str] = []
    for language in ("en", "ar"):
        looker = await come(browser, new, asked, language=language)
        page = looker.page
        await looker.open(f"setup-{language}", "/setup", typed={})
        assert await looker.weigh() < looking.MOST_BYTES
        await page.fill("#group_name", "Made-up Street")
        await page.click('[data-do="pick"]')
        await page.wait_for_selector("html[data-map=live]")
        assert await looker.weigh() < looking.MOST_BYTES_WITH_MAP
        assert await page.evaluate("document.activeElement === document.querySelector('#pick [role=group]')")

        await page.keyboard.press("Enter")
        assert await page.input_value("#point") == "51.4502, -2.5750", "the middle of all there is"
        await expect(page.locator(".live .leaflet-tile-loaded").first).to_be_visible()
        if language == "en":
            assert "51.4502, -2.5750" in await page.locator("#pick [role=status]").inner_text()
        await page.keyboard.press("ArrowUp")
        await expect(page.locator(".leaflet-map-pane")).to_have_attribute("style", PANNED)
        await page.click('[data-do="middle"]')
        assert float((await page.input_value("#point")).split(",")[0]) > 51.4502, "the arrow moved the map"
        for width, theme in ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")):
            look = Look(width=width, theme=theme, direction="", language=language)
            await looker.see(look)
            await looker.examine(look)
            if PICTURES:
                await page.wait_for_load_state("networkidle")
                await looker.picture(Path(PICTURES), look)
        box = await page.locator("#pick [role=group]").bounding_box()
        assert box is not None
        await page.mouse.click(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2)
        assert float((await page.input_value("#point")).split(",")[1]) > -2.5750
        assert await page.locator("#pick path.here").count() == 1
        assert await page.input_value("#group_name") == "Made-up Street"
        assert not looker.faults, "\n".join(looker.faults)
    assert asked
    assert all(url.startswith(new.url) for url in asked)


async def test_what_was_picked_is_what_set_up_takes(browser: Browser, new: Member) -> None:
    (new.folder / "map.pmtiles").write_bytes(town(zooms=(5, 12)).written())
    looker = await come(browser, new, [])
    page = looker.page
    await looker.open("setup", "/setup", typed={"point": "51.4600, -2.6000"})
    await page.click('[data-do="pick"]')
    await page.wait_for_selector("html[data-map=live]")
    await page.click('[data-do="middle"]')
    lat, lon = map(float, (await page.input_value("#point")).split(","))
    assert (abs(lat - 51.46) < 0.01, abs(lon + 2.6) < 0.01) == (True, True), "it begins where the field says"
    async with page.expect_navigation():
        await page.click('button[name="look"]')
    assert looker.status == 200
    assert f"{lat:.4f}, {lon:.4f}" in await page.locator("#where + figure").inner_text()
    await page.click('[data-do="pick"]')
    await page.wait_for_selector("html[data-map=live]")
    await page.click('[data-do="middle"]')
    assert await page.locator("#where + figure").count() == 0, "the drawing of another spot is gone"
    assert not looker.faults, "\n".join(looker.faults)


@pytest.mark.parametrize("script", [True, False], ids=["no map", "no script"])
async def test_without_a_map_nobody_is_asked_to_pick(browser: Browser, new: Member, script: bool) -> None:
    if not script:
        (new.folder / "map.pmtiles").write_bytes(town(zooms=(5, 6)).written())
    looker = await Looker.come(browser, new.url, {}, language="en", script=script)
    await looker.open("setup", "/setup", typed={})
    assert await looker.page.locator("[data-do]:visible, #pick:visible").count() == 0
    assert await looker.page.locator('[name="look"]:visible').count() == 1
    assert not looker.faults, "\n".join(looker.faults)
