"""People who are rung, on the pages: a pasted list, one key a call at the desk, and a telephone without any script."""

from playwright.async_api import Browser

from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

STREET = "Mary Made-Up 07700 900301\nHugh Made-Up, 07700 900302, hard of hearing, let it ring\nno number here"


async def test_a_winter_list_from_pasted_names_to_a_worried_caller(browser: Browser, north: Member) -> None:
    desk = await Visitor.come(browser, north.url, script=True)
    await steps.set_up(desk, north)
    await steps.take_call(desk, "groceries", name="Mary Made-Up", phone="07700 900301")
    await desk.go("/calls")
    await desk.look("no list of calls yet")
    await desk.press("Make a list")
    await desk.fill(name="Winter calls", people=STREET)
    await desk.page.check("input[name=callers] >> nth=0")
    await desk.press("Look at it first")
    text = await desk.text()
    assert "There is no telephone number in this line." in text
    assert "We know them by this number." in text, "Mary rang before; nobody makes her one unseen"
    await desk.look("a pasted list")
    street = STREET.removesuffix("\nno number here")
    await desk.fill(people=street.replace("07700 900302", "07700 900302 / 0117 496 0002"))
    await desk.press("Look at it first")
    await desk.press("Make the list")
    assert "There are two telephone numbers in this line." in await desk.text(), "never taken silently"
    await desk.look("a doubtful line")
    await desk.tick("sure-2", "yes")
    await desk.press("Make the list")
    assert "Mary" not in await desk.text(), "names come by a look that is written down"
    await desk.press("Show who is on it")
    assert "Mary Made-Up" in await desk.text()
    await desk.look("a list of calls")

    await desk.press("Today’s calls", exact=True)
    await desk.press("Show names and numbers")
    await desk.look("today's calls")
    await desk.key("1")
    text = await desk.text()
    assert "1 of 2 to ring" in text
    assert "All is well" in text
    await desk.key("4")
    text = await desk.text()
    assert "A caller is worried" in text
    assert "Hugh Made-Up" in text, "the second key was for the second call"
    await desk.look("a worried caller")
    await desk.go("/board")
    assert "please ring now" in await desk.text()
    await desk.press("A caller is worried", exact=True)
    await desk.press("Show who it is")
    await desk.press("Write it down as a request")
    assert await desk.page.input_value("#name") == "Hugh Made-Up"

    await desk.go("/volunteers/add")
    await desk.fill(
        name="Vera Pretend", phone="07700 900303", address="3 Imaginary Row (51.4540, -2.5870)", radius="8"
    )
    await desk.tick("kinds", "phone_call")
    await desk.tick("cleared", "id")
    await desk.press("Save", exact=True)
    await desk.go("/calls")
    await desk.press("Who is on it")
    await desk.page.select_option("#caller", label="Vera Pretend")
    await desk.press("Add", exact=True)
    await desk.press("Share everybody out anew")
    await desk.press("Link for their phone")
    link = await steps.private_link(desk)
    phone = await Visitor.come(browser, north.url, script=False)
    await phone.go(link)
    await phone.look("a caller's link before it is opened")
    await phone.press("Open it here")
    await phone.look("a caller's day")
    assert "Hugh" not in await phone.text()
