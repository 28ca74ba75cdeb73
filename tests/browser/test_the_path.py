"""From the starting code to a closed request, and to the neighbour's map: with scripts off, and once more with axe."""

import pytest
from playwright.async_api import Browser

from node.domain.actors import CONSOLE
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [False, True], ids=["no script", "axe"])
async def test_a_call_becomes_help(browser: Browser, north: Member, south: Member, script: bool) -> None:
    desk = await Visitor.come(browser, north.url, script=script)
    helper = await Visitor.come(browser, north.url, script=script)
    other = await Visitor.come(browser, north.url, script=script)

    await steps.set_up(desk, north)
    await desk.look("board, empty")
    await desk.go("/volunteers")
    await desk.look("volunteers, none")
    await desk.go("/volunteers/add")
    await desk.look("add a volunteer")
    await steps.add_volunteer(desk, "Tam Invented", "groceries", "cooked_meal")
    await desk.look("volunteers")

    await desk.go("/intake")
    await desk.look("intake")
    await steps.take_call(desk, "groceries", "cooked_meal")
    await desk.look("taken")
    assert len(await desk.page.query_selector_all(".reference")) == 2
    number = await steps.reference(desk)
    assert "Tam Invented" in await desk.text()

    await desk.press("Ask Tam Invented")
    await desk.look("asked, with the private link")
    assert number in await desk.text()
    board, link = desk.page.url, await steps.private_link(desk)

    await helper.go(link)
    await helper.look("task, asked")
    assert "Imaginary" not in await helper.text()
    await helper.go(link)
    await desk.go("/board?show=all_open")
    assert "Waiting for an answer" in await desk.text()
    await helper.press("I can help")
    await helper.look("task, waiting")
    assert "Imaginary" not in await helper.text()

    await desk.go(board.rpartition("/")[0].removeprefix(north.url))
    await desk.look("request, somebody can help")
    assert "Edna" not in await desk.text()
    await desk.press("Confirm", exact=True)
    await desk.look("request, confirmed")
    await desk.press("I told them by phone")
    await desk.press("Show name and phone")
    await desk.look("request, with the name")
    text = await desk.text()
    assert "Edna Made-Up" in text
    assert "Mornings only" in text

    await helper.go(link)
    await helper.look("task, confirmed")
    text = await helper.text()
    assert "7 Imaginary Row" in text
    assert "marmalade" in text
    await other.go(link)
    await other.look("task, on another device")
    assert "marmalade" not in await other.text()
    await helper.press("On my way")
    await helper.press("Done", exact=True)
    await helper.look("task, done")

    await desk.go(board.rpartition("/")[0].removeprefix(north.url))
    assert "Helper says it is done" in await desk.text()
    await desk.page.click("summary:has-text('Close it')")
    await desk.page.select_option("#reason", "completed")
    await desk.press("Close it", exact=True)
    await desk.look("request, closed")

    await desk.go("/board?show=to_triage")
    await desk.press("Cooked meal")
    await desk.look("request, to look at first")
    await desk.press("Yes, look for someone")
    await _share_with_neighbours(desk, north, south)
    away = await Visitor.come(browser, south.url, script=script)
    await away.go("/")
    await away.look("front page")
    await away.go("/near?place=51.4545,-2.5879&km=10&category=")
    await away.look("near, on the neighbour's site")
    text = await away.text()
    assert "Cooked meal" in text
    assert north.name in text
    assert "Shopping" not in text.partition("requests")[2]
    for word in ("Edna", "Imaginary", "marmalade", "bell is broken", number):
        assert word not in await away.page.content()

    for visitor in (desk, helper, other, away):
        assert not visitor.faults, "\n".join(visitor.faults)


async def _share_with_neighbours(desk: Visitor, north: Member, south: Member) -> None:
    """Anyone may see food; the other group is added by its long id, from both sides."""
    await desk.go("/settings/sharing")
    await desk.look("settings")
    await desk.tick("share:groceries", "public")
    await desk.tick("share:cooked_meal", "public")
    await desk.press("Save", exact=True)
    await desk.look("before anything goes out")
    await desk.press("Yes, share it")
    await desk.press("Send out now")
    assert "Sent out now" in await desk.text()

    status = {member.name: await member.services.standing.status() for member in (north, south)}
    await desk.go("/peers")
    await desk.look("neighbouring groups, none")
    await desk.page.click("summary:has-text('by its address')")
    await desk.fill(url=south.url, did=status[south.name].id)
    await desk.page.check("#allow_private")
    await desk.press("Add this group")
    await south.services.peering.add(CONSOLE, north.url, did=status[north.name].id, allow_private=True)
    await desk.press("Fetch the news now")
    await desk.look("neighbouring groups")
    rounds = await south.services.peering.sync(CONSOLE)
    assert all(each.ok for each in rounds), rounds
