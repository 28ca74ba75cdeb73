"""A whole call with nothing but the keyboard, the keys counted: under a minute for somebody who types four a second.

Forty words a minute is about 3.5 keys a second; who takes calls every day types faster. The clock that counts is the
number of keys: no mouse, no wait for a look-up (the next field can be typed meanwhile).
"""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from node.domain.consents import Consents
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

pytestmark = pytest.mark.browser

KEYS_A_SECOND = 4
SECONDS = 60
MOST_HIGH = 5500
"""CSS pixels at 390; 6532 before the kinds of help were folded."""


class Typist:
    """Ten fingers and no mouse: every key is counted."""

    def __init__(self, desk: Visitor) -> None:
        self.keyboard: Any = desk.page.keyboard
        self.page = desk.page
        self.keys = 0

    async def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.keys += 1
            await self.keyboard.press(key)

    async def type(self, text: str) -> None:
        self.keys += len(text)
        await self.keyboard.type(text)

    async def on_to(self, name: str, most: int = 12) -> None:
        """Tab until the field has the focus."""
        for _ in range(most):
            await self.press("Tab")
            if (
                await self.page.evaluate("document.activeElement.name || document.activeElement.hash || ''")
                == name
            ):
                return
        raise AssertionError(f"{name} is not within {most} steps")


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
async def test_a_call_takes_less_than_a_minute_without_a_mouse(
    browser: Browser, north: Member, script: bool
) -> None:
    desk = await Visitor.come(browser, north.url, script=script)
    await steps.set_up(desk, north)
    await desk.go("/intake")
    if script:
        await desk.page.evaluate("addEventListener('mousedown', () => document.body.dataset.mouse = 'used')")
    call = Typist(desk)

    assert await desk.page.evaluate("document.activeElement.name") == "whose"
    await call.on_to("screen")
    await call.type("07700900205")
    await call.on_to("name")
    await call.type("Edna Made-Up")
    await call.on_to("kind_numbers")
    await call.type("1 10")
    await call.on_to("#when")
    await call.press("Enter")
    await call.on_to("urgency")
    await call.press("ArrowLeft")
    await call.on_to("address")
    await call.type("7 Imaginary Row BS3 4XX")
    await call.on_to("notes")
    await call.type("Bell is broken, knock twice")
    await call.on_to("doorstep_word")
    await call.type("marmalade")
    await call.on_to("#read-out")
    await call.press("Enter")
    for consent in ("help_you", "groups_see", "keep_details"):
        await call.on_to(consent)
        await call.press("Space")
    call.keys += 1
    async with desk.page.expect_navigation():
        await call.keyboard.press("Enter")

    assert "/intake/taken" in desk.page.url, await desk.text()
    print(f"{call.keys} keys: {call.keys / KEYS_A_SECOND:.0f} s at {KEYS_A_SECOND} keys a second")
    assert call.keys < KEYS_A_SECOND * SECONDS
    assert len(await desk.page.query_selector_all(".reference")) == 2
    assert await steps.reference(desk)
    text = await desk.text()
    assert "A lift by car" in text
    need = (await north.services.board.queue(north_staff := (await _mina(north))))[0]
    assert str(need.urgency) == "today"
    view = await north.services.board.need(north_staff, need.need_id, reveal=True)
    assert view.person is not None
    assert (view.person.name, view.person.best_phone) == ("Edna Made-Up", "07700900205")
    assert not desk.faults, "\n".join(desk.faults)


async def test_what_was_typed_outlives_the_sign_in(browser: Browser, north: Member) -> None:
    """Without scripts: the form is sent when the sign-in has run out, and is there again after signing in."""
    desk = await Visitor.come(browser, north.url, script=False)
    await steps.set_up(desk, north)
    await desk.go("/intake")
    await desk.fill(screen="07700 900206", name="Edna Made-Up", notes="Knock twice")
    await desk.tick("kinds", "groceries")
    await desk.page.check("#help_you")
    north.clock.advance(hours=13)
    await desk.press("Save the call")
    assert "kept for a day" in await desk.text()
    await steps.sign_in(desk)
    assert "as you left it" in await desk.text()
    assert await desk.page.input_value("#name") == "Edna Made-Up"
    assert await desk.page.is_checked('input[name="kinds"][value="groceries"]')
    await desk.press("Save the call")
    assert await steps.reference(desk)
    await desk.go("/board")
    assert "middle of a call" not in await desk.text()


async def test_the_page_keeps_what_is_typed_and_knows_who_rings(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.take_call(desk, "groceries", "lift", name="Edna Made-Up", phone="07700 900207")
    await desk.go("/intake")
    await desk.page.type("#screen", "07700900207")
    await desk.page.wait_for_selector("#known strong:has-text('Edna')")
    await desk.page.keyboard.press("Tab")
    await desk.page.click("button:has-text('Same as last time')")
    assert await desk.page.is_checked('input[name="kinds"][value="lift"]')
    await desk.page.fill("#notes", "He says there is a FIRE, and she cannot breathe!")
    await desk.page.wait_for_selector("#emergency", state="visible")
    await desk.page.check('input[name="script"][value="es"]', force=True)
    await desk.page.wait_for_selector("text=¿Podemos guardar esto")
    await desk.page.wait_for_selector("#saved[data-tone=good]")
    await desk.look("a call, known, danger, in Spanish")
    again = await desk.context.new_page()
    await again.goto(north.url + "/board")
    await again.click("text=Go on")
    assert "FIRE" in await again.input_value("#notes")
    await desk.page.check("#help_you")
    await desk.press("Save the call")
    await desk.look("taken, danger")
    assert "Ring 999 first" in await desk.text()
    await desk.go("/intake/paper")
    await desk.look("the form on paper")
    printed = await desk.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, "it fits on one sheet, as it says"
    await desk.go("/people/twice")
    await desk.look("written down twice, nobody")
    assert not desk.faults, "\n".join(desk.faults)


async def test_on_a_phone_the_form_is_short_and_what_is_chosen_is_seen(
    browser: Browser, north: Member
) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    page = desk.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await desk.go("/intake")
    await desk.look("a call, folded")
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.documentElement.scrollHeight") < MOST_HIGH
    open_ones = page.locator(".kinds > details[open]")
    assert await open_ones.count() == 1, "a new group finds the first heading open"
    far = page.locator(".kinds > details", has=page.locator('input[value="dog_walking"]')).first
    number = await far.locator("input").first.get_attribute("data-number")
    assert number is not None
    assert f"{number}\u00a0" in await far.inner_text(), "its number stands on it while it is folded"
    assert await page.locator(".kinds details[open] .choice .figures").first.is_visible(), "and on each kind"
    await page.type("#kind_numbers", number)
    await far.locator("input").first.wait_for(state="visible")
    await far.locator("summary").click()
    await far.locator("input:checked").first.wait_for(state="visible")
    assert not desk.faults, "\n".join(desk.faults)

    mina = await _mina(north)
    for number, kind in enumerate(("dog_walking", "dog_walking", "phone_call", "lift", "lift")):
        person = NewPerson(name=f"Wil Madeup {number}", phone=f"07700 90012{number}")
        await north.services.intake.take(mina, NewNeed(person=person, categories=(kind,)))
    await desk.go("/intake")
    for kind in ("dog_walking", "lift"):
        assert await page.locator(f'.kinds input[value="{kind}"]').is_visible(), (
            "what is asked for most is not folded"
        )
    assert await open_ones.count() == 2


async def _mina(member: Member) -> Any:
    return (await member.services.access.sign_in("Mina", steps.PASSWORD)).actor


async def test_among_several_whoever_is_chosen_is_shown_whole(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    mina = await _mina(north)
    for name in ("Ada", "Bea"):
        said = NewNeed(
            for_self=False,
            caller=Caller(name="Ward Made-Up", phone="07700 900208"),
            person=NewPerson(name=f"{name} Made-Up", address=f"{name} House", email=f"{name}@example.org"),
            categories=("groceries",),
            notes=f"notes of {name}",
            consents=Consents(help_you=True),
        )
        await north.services.intake.take(mina, said)
    await desk.go("/intake")
    await desk.page.type("#screen", "07700900208")
    cards = desk.page.locator("#known .known")
    await expect(cards).to_have_count(2)
    await expect(desk.page.locator("#known")).not_to_contain_text("House")
    await expect(desk.page.locator("#known input:checked")).to_have_count(0)
    await desk.look("a call, a number that rang for several")
    await cards.filter(has_text="Bea").get_by_text("Same as last time").click()
    await expect(desk.page.locator("#notes")).to_have_value("notes of Bea")
    await expect(cards.filter(has_text="Bea")).to_contain_text("Bea House")
    await expect(cards.filter(has_text="Ada")).not_to_contain_text("House")
    await expect(desk.page.locator("#caller_name")).to_have_value("Ward Made-Up")

    # Without a number, by the e-mail address.
    await desk.go("/intake")
    await desk.page.locator("summary:has-text('e-mail')").click()
    await desk.page.type("#email", "ada@example.org")
    await expect(cards).to_have_count(1)
    await expect(cards).to_contain_text("Ada House")
