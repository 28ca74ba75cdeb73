"""Two groups become neighbours on the pages: invitation, both sides' yes, what goes to and fro, news by hand."""

from pathlib import Path

import pytest
from playwright.async_api import Browser

from node.domain.actors import CONSOLE
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser


async def test_two_groups_become_neighbours(
    browser: Browser, north: Member, south: Member, tmp_path: Path
) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await south.services.publishing.publish(CONSOLE)
    await north.services.publishing.publish(CONSOLE)
    words = (await north.services.standing.status()).words.split()

    # the other group's invitation, looked at before anything is said
    await desk.go("/peers")
    await desk.press("We were invited")
    await desk.fill(link="https://nowhere.example/nothing")
    await desk.press("See who they are")
    await desk.look("an invitation that is none", status=422)
    theirs = await south.services.joining.invite(CONSOLE)
    await desk.fill(link=theirs.link)
    await desk.page.check("#allow_private")
    await desk.press("See who they are")
    await desk.look("who invited us")
    assert set(south.words.split()) <= set((await desk.text()).split())
    assert not await south.services.joining.asked(CONSOLE), "only looked"
    await desk.press("The words are the same: yes")
    assert "Their people must say yes too" in await desk.text()
    (asked,) = await south.services.joining.asked(CONSOLE)
    assert (asked.name, list(asked.words)) == (north.name, words)

    # our own invitation, and a group that waits for our yes
    stranger = await Visitor.come(browser, north.url, script=True)
    await desk.go("/peers/invite")
    await desk.press("Make the invitation")
    await desk.look("our invitation")
    link = (await desk.page.inner_text("code.copy")).strip()
    assert await desk.page.locator("svg.qr[role=img]").count() == 1
    await stranger.go(link)
    await stranger.look("where an invitation leads")
    assert set(words) <= set((await stranger.text()).split())
    await desk.go("/peers/invite")
    assert link not in await desk.page.content(), "shown once"
    await desk.press("Take it back")
    assert "opens nothing any more" in await desk.text()

    await south.services.joining.decline(CONSOLE, asked.origin)
    await north.services.terms.leave(CONSOLE, south.id)
    ours = await north.services.joining.invite(CONSOLE)
    await south.services.joining.join(CONSOLE, ours.link, allow_private=True)
    await desk.go("/peers")
    await desk.look("a group waits")
    await desk.press("See who they are")
    await desk.look("who waits")
    await desk.press("The words are the same: yes")
    assert "You are neighbours now" in await desk.text()

    # what goes to and fro
    await desk.go("/peers")
    await desk.press("Fetch the news now")
    await desk.press(south.name)
    await desk.look("a neighbouring group")
    assert "every kind of help" in await desk.text()
    await desk.press("See the very document that would be sent")
    await desk.page.click("summary:has-text('As it is') >> nth=0")
    await desk.look("the very document")

    file = tmp_path / "news.ndjson"
    file.write_bytes(await south.services.carrier.export(("public", "peers"), to=asked.origin))
    await desk.go("/peers/file")
    await desk.page.set_input_files("#file", file)
    await desk.press("Bring it in")
    await desk.look("news by hand")
    assert "Nothing is missing" in await desk.text(), await desk.text()

    await desk.go(f"/peers/{south.id}")
    await desk.press("Block", exact=True)
    await desk.look("before a group is blocked")
    await desk.press("Block them")
    assert "Nothing from them is shown any more" in await desk.text()
    await desk.look("a blocked group")
    for visitor in (desk, stranger):
        assert not visitor.faults, "\n".join(visitor.faults)
