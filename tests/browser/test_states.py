"""The states a page can be in beside the good one: empty, wrong, refused, closed, too late."""

import pytest
from playwright.async_api import Browser

from node.domain.actors import Role
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser


async def test_what_strangers_meet(browser: Browser, south: Member) -> None:
    visitor = await Visitor.come(browser, south.url, script=True)
    await visitor.go("/near")
    await visitor.look("near, nothing")
    await visitor.go("/near?place=Nowhere-at-all&km=10&category=")
    await visitor.look("near, unknown place", status=422)
    await visitor.go("/no-such-page")
    await visitor.look("no such page", status=404)
    await visitor.go("/t/AAAAAAAAAAAAAAAAAAAAAA")
    await visitor.look("a private link that is closed", status=404)
    await visitor.go("/setup")
    await visitor.look("set-up is over", status=404)
    await visitor.go("/board")
    assert visitor.page.url.endswith("/sign-in?next=%2Fboard")
    await steps.sign_in(visitor, "not the password at all")
    await visitor.look("sign-in, wrong password", status=403)

    await visitor.go("/ask")
    await visitor.look("ask, in which language")
    await visitor.press("English")
    await visitor.press("Go on")
    await visitor.look("ask, something missing", status=422)
    await visitor.tick("kinds", "groceries")
    await visitor.press("Go on")
    await visitor.look("ask, when")
    await visitor.press("Go on")
    await visitor.press("Go on")
    await visitor.fill(phone="07700 900303", name="Odd Invented")
    await visitor.look("ask, how to reach")
    await visitor.press("Go on")
    await visitor.fill(notes="He said he has a knife")
    await visitor.page.wait_for_selector("#emergency:not([hidden])")
    await visitor.press("Go on")
    await visitor.look("ask, all answers, and danger")
    await visitor.page.go_back()
    assert await visitor.page.input_value("#notes") == "He said he has a knife"
    await visitor.press("Go on")
    await visitor.tick("help_you", "y")
    await visitor.press("Send it to us")
    await visitor.look("ask, sent")
    await steps.reference(visitor)
    assert not visitor.faults, "\n".join(visitor.faults)


async def test_what_goes_wrong_at_the_desk(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await _where_the_group_is(desk)
    cards = await steps.set_up(desk, north)
    await desk.press("Check them now")
    await desk.fill(first="not", second="the", third="words")
    await desk.press("Check the words")
    await desk.look("rescue cards, wrong words", status=422)
    await desk.fill(first=cards[0], second=cards[1], third=cards[2])
    await desk.press("Check the words")
    assert "The rescue cards are right" in await desk.text()

    await desk.go("/intake")
    await desk.press("Save the call")
    await desk.look("intake, something missing", status=422)
    await desk.go("/volunteers/add")
    await desk.fill(name="Tam Invented")
    await desk.press("Save", exact=True)
    await desk.look("add a volunteer, something missing", status=422)
    await desk.go("/board/AAAAAAAAAAAAAAAAAAAAAA")
    await desk.look("no such request", status=404)
    await desk.go("/peers")
    await desk.page.click("summary:has-text('by its address')")
    await desk.fill(url="http://127.0.0.1:9", words="one two three four five six")
    await desk.press("Add this group")
    assert desk.status >= 400
    await desk.look("a group that cannot be added", status=desk.status)

    await steps.take_call(desk, "groceries")
    await desk.look("taken, nobody to ask")
    await desk.go("/intake")
    await desk.fill(screen="07700 900202")
    await desk.press("Do we know this number?")
    await desk.look("intake, a number we know")
    assert "Edna Made-Up" in await desk.text()
    await desk.fill(screen="07700 900999")
    await desk.press("Do we know this number?")
    assert "Nobody we know has this number" in await desk.text()

    await steps.add_volunteer(desk, "Tam Invented", "groceries")
    await desk.press("Tam Invented")
    await desk.look("a person, closed")
    await desk.press("Show", exact=True)
    await desk.look("a person")
    assert not desk.faults, "\n".join(desk.faults)


async def test_of_two_confirmations_one_wins(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.add_volunteer(desk, "Tam Invented", "groceries")
    await steps.add_volunteer(desk, "Ola Fictional", "groceries", phone="07700 900102")
    await steps.take_call(desk, "groceries")
    await desk.press("See it on the board")
    request = desk.page.url.removeprefix(north.url)
    await desk.press("Ask Tam Invented")
    await desk.go(request)
    await desk.press("Ask Ola Fictional")
    await desk.go(request)
    late = await desk.context.new_page()
    await late.goto(north.url + request)

    await desk.press("Confirm", exact=True)
    await late.get_by_role("button", name="Confirm", exact=True).last.click()
    assert "was quicker" in await late.inner_text("[role=alert]")
    desk.page, first = late, desk.page
    desk.status = 409
    await desk.look("already taken", status=409)
    assert "Confirmed by Mina" in await first.inner_text("body")

    desk.page = first
    await desk.go(request)
    await desk.page.click("summary:has-text('Put it on hold')")
    await desk.page.fill("#until", "2020-01-01")
    await desk.press("Put it on hold", exact=True)
    await desk.look("on hold, a day that is past", status=422)
    assert not desk.faults, "\n".join(desk.faults)


async def test_locked_and_not_allowed(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.take_call(desk, "groceries")
    actor = (await north.services.access.sign_in("Mina", steps.PASSWORD)).actor
    await north.services.team.add_staff(actor, "Sorter", steps.PASSWORD, {Role.TRIAGE})
    await desk.page.goto("about:blank")  # her page asks for news, and would open the records
    await north.stop()
    await north.start()

    visitor = await Visitor.come(browser, north.url, script=True)
    await visitor.go("/sign-in")
    await visitor.look("sign-in, locked")
    assert "after a power cut" in await visitor.text()
    await visitor.go("/ask")
    assert visitor.status == 200

    # Whoever holds no key sees no names, and is told who can help.
    await visitor.go("/sign-in")
    await visitor.fill(handle="Sorter", password=steps.PASSWORD)
    await visitor.press("Sign in", exact=True)
    await visitor.look("board, not allowed", status=403)

    # The next click on a board that was left open opens the records again.
    await desk.go("/board?show=all_open")
    assert "Shopping" in await desk.text()
    await desk.press("Lock the records now")
    await desk.look("locked by hand")
    assert not [*desk.faults, *visitor.faults], "\n".join([*desk.faults, *visitor.faults])


async def test_a_foreign_form_is_refused(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await desk.page.evaluate("document.querySelector('form[action=\"/lock\"] [name=seal]').value = 'forged'")
    await desk.press("Lock the records now")
    await desk.look("a foreign form", status=403)
    await desk.go("/board")
    assert "Signed in as Mina" in await desk.text()
    assert not desk.faults, "\n".join(desk.faults)


async def _where_the_group_is(desk: Visitor) -> None:
    """A map's link that says nothing, then one that does, is drawn before anything else is asked."""
    await desk.go("/setup")
    await desk.fill(group_name="North", point="https://maps.app.goo.gl/made-up")
    await desk.press("Show where that is")
    assert "This short link does not say where" in await desk.text()
    await desk.look("set-up, a link that says nothing", status=422)
    await desk.fill(point="https://www.openstreetmap.org/#map=14/51.4545/-2.5879")
    await desk.press("Show where that is")
    assert "The middle is here: 51.4545, -2.5879" in await desk.text()
    assert await desk.page.locator("svg.map .halo").count() == 1
    assert await desk.page.input_value("#group_name") == "North", "nothing else that was typed is lost"
    await desk.look("set-up, where the group is")
    await desk.fill(code=" ", handle="Mina", password="made-up password")
    await desk.page.focus("#password")
    await desk.key("Enter")
    assert desk.status == 422, "Enter sets up, it does not only look"
    assert "The middle is here" in await desk.text()


async def test_a_call_saved_twice_with_something_changed(browser: Browser, north: Member) -> None:
    """Two windows of one half-typed call: the second is shown what it is, with all that was typed."""
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await desk.go("/intake")
    draft = await desk.page.input_value('input[name="draft"]')
    await _typed(desk, "The bell is broken")
    await desk.press("Save the call")
    await desk.go("/intake")
    await desk.page.eval_on_selector(
        'input[name="draft"]', "(field, draft) => { field.value = draft }", draft
    )
    await _typed(desk, "The bell is mended")
    await desk.press("Save the call")
    assert "You saved this call already" in await desk.text()
    await desk.look("saved already", status=409)
    assert not desk.faults, "\n".join(desk.faults)


async def _typed(desk: Visitor, notes: str) -> None:
    await desk.fill(name="Nora Madeup", screen="07700 900882", notes=notes)
    await desk.tick("kinds", "groceries")
    await desk.tick("help_you", "y")
