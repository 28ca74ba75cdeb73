"""One drive for several neighbours, on the pages: planned by area, printed, driven on a phone without any script."""

from playwright.async_api import Browser

from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member


async def test_a_round_from_the_calls_to_the_last_door(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.add_volunteer(desk, "Dan Pretend", "groceries", "food_parcel")
    await steps.take_call(desk, "groceries", name="Edna Made-Up")
    await steps.take_call(desk, "food_parcel", name="Otto Made-Up", phone="07700 900203")
    await desk.go("/rounds")
    await desk.press("Plan a round here")
    await desk.page.select_option("#driver", index=1)
    await desk.fill(start="51.4500, -2.5900", note="The van is at the hall")
    await desk.look("planning a round")
    await desk.press("Plan it")
    await desk.page.click("summary:has-text('How is it handed over?')")
    await desk.page.check("input[name=hand_off][value=doorstep] >> nth=0")
    await desk.page.fill("#note-1", "behind the blue bin")
    async with desk.page.expect_navigation():
        await desk.page.click("form:has(#note-1) button")
    await desk.look("a planned round")
    await desk.press("Run sheet to print")
    assert "behind the blue bin" in await desk.text()
    await desk.press("Back to the round")
    await desk.press("Link for their phone")
    link = await steps.private_link(desk)

    await steps.take_call(desk, "groceries", name="Ida Made-Up", phone="07700 900204")
    assert "There is already a round near there" in await desk.text()
    await desk.press("Put it on this round")
    assert "On the round of" in await desk.text()

    phone = await Visitor.come(browser, north.url, script=False)
    await phone.go(link)
    await phone.press("Open it here")
    assert "Imaginary Row" not in await phone.text()
    await phone.press("I set off")
    await phone.look("a round under way")
    await phone.press("To the next door")
    text = await phone.text()
    assert "7 Imaginary Row" in text
    assert "marmalade" in text
    await phone.look("a door of a round")
    await phone.press("Done", exact=True)
    await phone.page.fill("#note", "rang twice")
    await phone.press("Nobody at home")
    await phone.press("There is a problem")
    await phone.page.click("summary:has-text('I paid for something')")
    await phone.fill(amount="12.50", number="A-77")
    await phone.press("Write it down")
    assert "You get it back" in await phone.text()
    await phone.press("I am home again")
    await phone.go(link)
    assert phone.status == 404
    stranger = await Visitor.come(browser, north.url, script=False)
    await stranger.go(link)
    assert "Imaginary Row" not in await stranger.text()

    await desk.go("/rounds")
    text = await desk.text()
    assert "Waiting to be brought" in text, "what was not done looks for somebody again"
    await desk.press("Money laid out")
    await desk.look("money laid out")
    assert "£12.50" in await desk.text()
    await desk.press("Paid back in cash")
    assert "To pay back" not in await desk.text()
    await desk.go("/paper")
    for title in ("Card for the fridge", "Leaflet", "Poster", "Tomorrow’s sheet"):
        await desk.go("/paper")
        await desk.press(title)
    await desk.look("tomorrow's sheet")
    text = await desk.text()
    assert "Shopping" in text
    assert "Made-Up" not in text
    await desk.press("With names and numbers")
    assert "Otto Made-Up" in await desk.text()
    assert not desk.faults + phone.faults, "\n".join(desk.faults + phone.faults)
