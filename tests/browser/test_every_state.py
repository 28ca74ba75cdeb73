"""Pages in the states that the tour of ``test_every_page`` does not see: the records are closed, there is no script,
nothing was set up yet. Each once, on a phone, in light and English, and some of the pages only: it must not take long.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Browser

from node.domain.actors import Actor, Role, volunteer_actor
from node.vault import Compartment
from tests.browser.looking import Look, Looker, third
from tests.browser.tour import EMPTY
from tests.contract.route_table import Who
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.browser

PHONE = Look(width=390, theme="light", direction="")
DESK = tuple(stop.path for stop in EMPTY if stop.who is Who.COORDINATOR)
PUBLIC = tuple(stop.path for stop in EMPTY if stop.who is Who.ANONYMOUS)
BEFORE = ("/", "/setup", "/sign-in", "/board", "/ask", "/near")
"""What somebody may open first."""


async def test_pages_while_the_records_are_closed_and_without_a_script(
    browser: Browser, tmp_path: Path
) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        need = (await street.seed("proposed"))["need"]
        await street.hire("with-key", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        await street.hire("no-key", Role.COORDINATOR)
        keyed, keyless = [await _signed_in(street, handle) for handle in ("with-key", "no-key")]
        home = street.north.url
        shown = [f"/board/{need}", "/board", "/intake"]
        asked = f"/a/{(await street.asked_for('asked coming'))['token']}"
        rested, own = await _hers(street)
        faults = await _walk(browser, home, own, "on a break", ["/my", "/my/times"], script=True)
        await street.north.services.own_times.back(rested)
        faults += await _walk(
            browser, home, keyed, "no script", [*shown, *_some("no-script", DESK)], script=False
        )
        faults += await _walk(browser, home, {}, "no script", _some("no-script", PUBLIC), script=False)
        street.north.services.board._desk.vault.lock()
        faults += await _walk(browser, home, keyless, "closed", [*shown, *_some("closed", DESK)], script=True)
        faults += await _walk(browser, home, {}, "closed", ["/ask?step=check", asked], script=True)
        faults += await _walk(browser, home, own, "closed", ["/my", "/my/history"], script=True)
        assert not street.north.services.board._desk.unlocked, "somebody opened the records meanwhile"
        await street.close()
    assert not faults, "\n".join(faults)


async def test_pages_before_anything_is_set_up(browser: Browser, north: Member) -> None:
    faults = await _walk(browser, north.url, {}, "not set up", BEFORE, script=True)
    assert not faults, "\n".join(faults)


async def _hers(street: Street) -> tuple[Actor, Mapping[str, str]]:
    """A volunteer on a break, and the cookies of her own page."""
    person = await street.new_helper("Olive Invented")
    hers = volunteer_actor(person)
    await street.seed("approved", device="her-telephone", helper=person)
    await street.north.services.own_times.rest(hers, None)
    cookie = await street.north.services.own_door.sign_in(await street.own_link(person))
    return hers, {"own": cookie, "device": "her-telephone", "seal": "a-seal"}


async def _signed_in(street: Street, handle: str) -> Mapping[str, str]:
    visitor = Visitor(handle=handle, cookies={"seal": "a-seal"})
    await street.sign_in(visitor)
    return visitor.cookies


def _some(state: str, paths: Iterable[str]) -> list[str]:
    """A ninth of the pages, other ones in each state."""
    return [path for path in paths if third(f"{state} {path}") and third(f"{path} {state}")]


async def _walk(
    browser: Browser,
    home: str,
    cookies: Mapping[str, str],
    state: str,
    paths: Iterable[str],
    *,
    script: bool,
) -> list[str]:
    looker = await Looker.come(browser, home, cookies, language="en", script=script)
    for path in paths:
        await looker.open(f"{path}, {state}", path, typed={})
        if looker.status >= 500:
            looker.faults.append(f"{path}, {state}: answered {looker.status}")
        await looker.read()
        await looker.see(PHONE)
        if script:  # axe itself waits for timers, which a page without scripts does not have
            await looker.examine(PHONE)
    await looker.context.close()
    return looker.faults
