"""Help across groups on both sides' pages, with scripts off, and once more with axe: seen, offered, confirmed, done."""

import pytest
from playwright.async_api import Browser

from node.domain.actors import CONSOLE
from node.domain.exchange.handover import KEEP_DAYS
from node.domain.need import Share
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import PASSWORD, Member

pytestmark = pytest.mark.browser

PRIVATE = ("Edna", "Imaginary", "marmalade", "bell is broken", "07700 900202")


async def carry(*members: Member) -> None:
    """What the clock rings, some times over."""
    for _ in range(4):
        for member in members:
            await member.services.letters.open_waiting()
            await member.services.exchange.tell()
            await member.services.letters.deliver_due()


async def news(*members: Member) -> None:
    """Everybody publishes, everybody fetches."""
    for member in members:
        await member.services.publishing.publish(CONSOLE)
    for member in members:
        await member.services.peering.sync(CONSOLE)


async def befriend(north: Member, south: Member) -> None:
    """Both share everything with anybody, and may ring each other."""
    for one, other in ((north, south), (south, north)):
        origin = (await other.services.standing.about()).origin
        await one.services.peering.add(CONSOLE, other.url, did=origin, allow_private=True)
        await one.services.publishing.share(CONSOLE, {"all": Share.PUBLIC})
        async with one.node.network.on.db.write() as tx:
            await tx.execute("UPDATE peers SET ask_now = 1")
    await news(north, south)


async def sign_in_at_south(desk: Visitor) -> None:
    """The coordinator of the group that was set up by command."""
    await desk.go("/sign-in")
    await desk.fill(handle="kim", password=PASSWORD)
    await desk.press("Sign in", exact=True)


@pytest.mark.parametrize("script", [False, True], ids=["no script", "axe"])
async def test_the_story_on_both_sides(
    browser: Browser, north: Member, south: Member, clock: FakeClock, script: bool
) -> None:
    a = await Visitor.come(browser, north.url, script=script)
    b = await Visitor.come(browser, south.url, script=script)
    helper = await Visitor.come(browser, south.url, script=script)
    await steps.set_up(a, north)
    await sign_in_at_south(b)
    offers = await north.services.offering.wanted(["gardening", "tools"], Share.PEERS)
    await north.services.offering.offer(CONSOLE, offers)
    await befriend(north, south)
    await steps.add_volunteer(b, "Sam Pretend", "groceries", phone="07700 900111")
    await steps.take_call(a, "groceries")
    await news(north, south)

    # A's board: today, so the neighbours are rung.
    await a.go("/board?show=all_open")
    await a.press("Shopping")
    board = a.page.url.partition("?")[0].removeprefix(north.url)
    await a.press("Yes, look for someone")
    await news(north, south)
    await a.go(board)
    await a.look("across, nobody of ours")
    await a.press("Ask neighbours now")
    await carry(north, south)

    # B's board: the bell, the filter, the request, the offer.
    await b.go("/board")
    await b.look("across, the bell rings")
    assert "asks now" in await b.text()
    await b.go("/near")
    await b.look("across, the map, for staff")
    await b.press("Offer one of our people")
    assert "Who of ours could go" in await b.text()
    await b.go("/board")
    await b.press("From neighbours")
    await b.look("across, from neighbours")
    assert "Borrow a tool" in await b.text()
    await b.press(north.name)
    await b.look("across, what they offer")
    assert "Borrow a tool" in await b.text()
    await b.go("/board/neighbours")
    await b.press("Look at it")
    await b.look("across, one of theirs")
    text = await b.page.content()
    assert not [word for word in PRIVATE if word in text]
    await b.page.check('input[name="person"]')
    await b.page.check('input[name="agreed"]')
    await b.press("Offer", exact=True)
    await b.look("across, offered, with the private link")
    link = await steps.private_link(b)
    wish = b.page.url.rpartition("/")[0].removeprefix(south.url)
    await helper.go(link)
    await helper.look("across, her link, waiting")
    assert north.name in await helper.text()
    await carry(north, south)

    # A: the offer beside our own, the words, the yes.
    await a.go(board)
    await a.look("across, the neighbours' offer")
    assert "not checked by us" in await a.text()
    await a.press("Ask the person, then confirm")
    await a.look("across, the words to read")
    await a.page.check('input[name="answer"][value="yes"]')
    await a.press("Write it down, and confirm if it is a yes")
    assert "Confirmed" in await a.text()
    await carry(north, south)
    await a.go(board)
    await a.look("across, details arrived")
    assert "Details arrived there" in await a.text()

    # B: nobody but her, on her own telephone.
    await b.go(wish)
    await b.look("across, they said yes")
    assert not [word for word in PRIVATE if word in await b.page.content()]
    await helper.go(link)
    await helper.press("Open it here")
    await helper.look("across, her task")
    text = await helper.text()
    assert "7 Imaginary Row" in text
    assert "marmalade" in text
    await b.go(link)
    assert "marmalade" not in await b.text()
    await helper.press("On my way")
    await helper.press("Done", exact=True)
    await carry(north, south)

    await a.go(board)
    assert "Helper says it is done" in await a.text()
    await a.page.click("summary:has-text('Close it')")
    await a.page.select_option("#reason", "completed")
    await a.press("Close it", exact=True)
    await news(north, south)
    await b.go("/board/neighbours")
    assert "Nothing from neighbours" in await b.text()
    clock.advance(days=KEEP_DAYS, minutes=1)
    await south.services.exchange.sweep()
    await carry(north, south)

    # What was done keeps its page, without anything of the person.
    await sign_in_at_south(b)
    await b.go("/board/neighbours")
    await b.press("Sam Pretend")
    await b.look("across, what was done there")
    text = await b.text()
    assert "Done on" in text
    assert "The details are deleted here." in text
    assert not [word for word in PRIVATE if word in await b.page.content()]
    for visitor in (a, b, helper):
        assert not visitor.faults, "\n".join(visitor.faults)


@pytest.mark.parametrize("script", [False, True], ids=["no script", "axe"])
async def test_a_request_is_given_away_and_taken_over(
    browser: Browser, north: Member, south: Member, script: bool
) -> None:
    a = await Visitor.come(browser, north.url, script=script)
    b = await Visitor.come(browser, south.url, script=script)
    await steps.set_up(a, north)
    await sign_in_at_south(b)
    await befriend(north, south)
    await steps.take_call(a, "groceries")
    await a.go("/board?show=all_open")
    await a.press("Shopping")
    board = a.page.url.partition("?")[0].removeprefix(north.url)
    await a.press("Give the whole request to a neighbouring group")
    await a.look("across, give it away")
    await a.page.check('input[name="answer"][value="yes"]')
    await a.press("Write it down, and give it away if it is a yes")
    await a.look("across, with a neighbouring group")
    await carry(north, south)
    await b.go("/board")
    assert "take a request over" in await b.text()
    await b.press("Look at it")
    await b.press("Shopping")
    await b.look("across, they ask us")
    assert "Edna" not in await b.page.content()
    await b.press("Show everything")
    await b.look("across, they ask us, with the person")
    assert "Edna" in await b.text()
    await b.press("Yes, it is ours now")
    await b.look("across, ours now")
    await carry(north, south)
    await a.go(board)
    await a.look("across, they took it over")
    assert "has taken this over" in await a.text()
    for visitor in (a, b):
        assert not visitor.faults, "\n".join(visitor.faults)
