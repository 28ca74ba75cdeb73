"""Every page there is, in Chromium, in a well-filled office: nothing scrolls sideways, nothing is cut off, axe finds
nothing, no fault in the console, no other origin, no word of the code, and no page is heavy.

Here each page is looked at in one of the 36 ways (three widths, both themes, both directions, each language), which
follows from its name, then in the other theme at another width for what depends on these. Of further states only every
third goes through axe, and of the empty office only every third page is opened, so that it takes no longer than it
must. ``script/look DIR`` looks at everything in all ways and keeps pictures.
"""

import asyncio
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser import looking
from tests.browser.filled import Filled
from tests.browser.looking import Look, Looker
from tests.browser.tour import EMPTY, MORE, NO_PAGE, Stop, stops
from tests.browser.visitor import RULES
from tests.contract.route_table import TABLE, Who
from tests.harness.crowd import Crowd
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street
from ui.i18n import Languages

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("MUTUALAID_LOOK", "")
"""A folder for pictures: then every page is looked at in every way."""
ONLY = os.environ.get("MUTUALAID_LOOK_ONLY", "").split()
"""Then only pages with one of these words in their name."""
WAYS = os.environ.get("MUTUALAID_LOOK_WAYS", "")
"""Then only these ways ("390-light-en 1280-dark-en"), and without axe: pictures in a hurry."""
AXE = bool(os.environ.get("MUTUALAID_LOOK_AXE"))
"""With axe in each of those ways all the same; without ``WAYS``, every way there is."""
PART = os.environ.get("MUTUALAID_LOOK_PART", "")
"""``2/6``: of six parts of all pages the second, for a look that takes long."""
WHOLE = bool(PICTURES or WAYS or AXE)
"""Every page in all ways that are wanted, instead of one."""
AT_ONCE = 2
LANGUAGES = tuple(language.code for language in Languages.load())


def test_every_page_is_on_the_tour() -> None:
    pages = {row.path for row in TABLE if row.method == "GET"}
    toured = {stop.path.partition("?")[0] for stop in stops()}
    assert set(NO_PAGE) <= pages, "left out, and does not exist"
    assert pages - set(NO_PAGE) <= toured
    names = [stop.name for stop in stops()]
    assert len(names) == len(set(names))


async def test_every_page(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        crowd = Crowd(street)
        await crowd.gather()
        words = await Filled(crowd).furnish()
        tour = [(stop, await _address(crowd, stop, words)) for stop in stops() if _wanted(stop)]
        cookies = {who: visitor.cookies for who, visitor in crowd.visitors.items()}
        faults = await _walk(browser, street.north.url, cookies, tour)
        await street.close()
    assert not faults, "\n".join(faults)


async def test_every_page_of_an_empty_office(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        new = await cast.add("new-street")
        desk = {"desk": await new.sign_in()}
        cookies = {who: {} if who is Who.ANONYMOUS else desk for who in Who}
        tour = [(stop, stop.path) for stop in EMPTY if _wanted(stop) and (WHOLE or looking.third(stop.name))]
        faults = await _walk(browser, new.url, cookies, tour)
    assert not faults, "\n".join(faults)


def _wanted(stop: Stop) -> bool:
    part, _, of = PART.partition("/")
    if of and zlib.crc32(stop.name.encode()) % int(of) != int(part) - 1:
        return False
    return not ONLY or any(word in stop.name for word in ONLY)


async def _address(crowd: Crowd, stop: Stop, words: Mapping[str, str]) -> str:
    """The address, where what the page is about has been made."""
    if stop not in MORE:
        row = next(row for row in TABLE if row.method == "GET" and row.path == stop.path.partition("?")[0])
        made = await crowd.objects(row, stop.who, stop.whose, lasting=True)
        words = {**made, **{name: text.format(**made) for name, text in stop.values}}
    return stop.path.format(**words)


async def _walk(
    browser: Browser, home: str, cookies: Mapping[Who, Mapping[str, str]], tour: list[tuple[Stop, str]]
) -> list[str]:
    waiting = iter(tour)

    async def visitor() -> list[str]:
        lookers: dict[tuple[Who, str], Looker] = {}
        for stop, path in waiting:
            looks = looking.chosen(WAYS, LANGUAGES) if WHOLE else looking.one_of(stop.name, LANGUAGES)
            for language in dict.fromkeys(look.language for look in looks):
                who = (stop.who, language)
                if who not in lookers:
                    lookers[who] = await Looker.come(
                        browser, home, cookies[stop.who], language=language, script=True
                    )
                await _look(lookers[who], stop, path, [look for look in looks if look.language == language])
        return [fault for looker in lookers.values() for fault in looker.faults]

    async with asyncio.TaskGroup() as group:
        visits = [group.create_task(visitor()) for _ in range(AT_ONCE)]
    return sorted(fault for visit in visits for fault in visit.result())


async def _look(looker: Looker, stop: Stop, path: str, looks: list[Look]) -> None:
    known = len(looker.faults)
    await looker.open(
        stop.name, path, typed=dict(stop.typed), unfold=stop.unfold, press=stop.press, given=stop.given
    )
    if looker.status != stop.status:
        looker.faults.append(f"{stop.name}: answered {looker.status}, not {stop.status}")
    size = await looker.weigh()
    await looker.read()
    for at, look in enumerate(looks):
        await looker.see(look)
        if (AXE or not WAYS) if WHOLE else (stop not in MORE or looking.third(stop.name)):
            await looker.examine(look, rules=RULES if WHOLE or not at else looking.OF_THE_WAY)
        if PICTURES:
            await looker.picture(Path(PICTURES), look)
    if WHOLE:
        said = "".join(f"\n        {fault}" for fault in looker.faults[known:])
        print(f"{size:7} {stop.name}{said}", flush=True)
