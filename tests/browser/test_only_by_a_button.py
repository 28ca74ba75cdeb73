"""Pages that nothing but a button or somebody else's quicker answer leads to, each looked at with axe, in two sizes and
both themes; and the sheet of calls as it is printed."""

import json
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from node.domain.actors import Role
from node.domain.ids import NeedId
from node.vault import Compartment
from tests.browser.visitor import Visitor
from tests.harness import street as harness
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street

pytestmark = pytest.mark.browser
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def _come(browser: Browser, street: Street, handle: str) -> Visitor:
    """Somebody of the desk, signed in."""
    signed = harness.Visitor(handle=handle)
    await street.sign_in(signed)
    visitor = await Visitor.come(browser, street.north.url, script=True)
    cookie = {"name": "desk", "value": signed.cookies["desk"], "url": street.north.url}
    await visitor.context.add_cookies([cookie])  # type: ignore[list-item]
    return visitor


async def test_pages_that_only_a_button_leads_to(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.hire("sue-safe", Role.SAFETY, grants=(Compartment.PEOPLE,))
        await street.hire("ann-admin", Role.ADMIN)
        sue, ann = await _come(browser, street, "sue-safe"), await _come(browser, street, "ann-admin")
        desk = await Visitor.come(browser, street.north.url, script=True)
        cookie = {"name": "desk", "value": await street.north.sign_in(), "url": street.north.url}
        await desk.context.add_cookies([cookie])  # type: ignore[list-item]

        await sue.go("/safety/incidents")
        await sue.press("Open the closed records, and show the cards")
        await sue.look("the cards of safety")
        assert await sue.page.locator(".card-words").count() == 3
        assert not await sue.page.locator("form[action='/language']").count(), "nothing leads back to them"

        kit = tmp_path / "kit.json"
        await ann.go("/settings/kit")
        answer = await ann.context.request.get(f"{street.north.url}/settings/kit/file?part=texts&part=rules")
        kit.write_bytes(await answer.body())
        assert json.loads(kit.read_bytes())
        await ann.page.set_input_files("#file", kit)
        await ann.press("Look at it")
        await ann.look("a starter kit, looked at", status=ann.status)

        await desk.go(f"/people/{street.helper}")
        await desk.press("Show", exact=True)
        await desk.press("Link to their own page")
        await desk.look("a link to an own page")

        need = (await street.seed("open"))["need"]
        people = [await street.new_helper(f"Wanda Invented {number}") for number in range(2)]
        await street.north.services.waves.start(street.north.staff, NeedId(need), people)
        await desk.go(f"/board/{need}")
        await desk.press("Messages to send")
        await desk.look("messages to send")
        found = await desk.page.locator("code.copy").all_inner_texts()
        first, second = re.findall(r"/t/[\w-]{22}", " ".join(found))
        quick, late = [await Visitor.come(browser, street.north.url, script=True) for _ in range(2)]
        await quick.go(first)
        await quick.press("I can help")
        await late.go(second)
        await late.look("somebody was quicker")

        calls = await street.calls("calls", None, "her telephone")
        await desk.go(f"/calls/{calls['calls']}/today")
        await desk.press("Print it with boxes to tick")
        await desk.look("a sheet of calls")
        await desk.page.emulate_media(media="print")
        await desk.page.set_viewport_size({"width": 794, "height": 1123})  # A4 at 96 to the inch
        assert await desk.page.evaluate(WIDE) == 0
        assert not await desk.page.locator(".site-head, .site-foot").locator("visible=true").count()

        stranger = await Visitor.come(browser, street.north.url, script=True)
        await stranger.go("/embed?near=nowhere")
        await stranger.look("a frame with a wrong place", status=422)
        seen = (sue, ann, desk, quick, late, stranger)
        assert not [fault for each in seen for fault in each.faults]
        await street.close()
