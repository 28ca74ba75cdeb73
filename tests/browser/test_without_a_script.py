"""What people come for, with JavaScript off: asking, reading how far it is, and a volunteer's two taps."""

import pytest
from playwright.async_api import Browser

from tests.browser import steps
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street

pytestmark = pytest.mark.browser


async def test_asking_and_two_taps_need_no_script(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        home = street.north.url
        asks = await Visitor.come(browser, home, script=False)
        await asks.go("/ask")
        await asks.press("English")
        await asks.press("Go on")
        assert asks.status == 422, "what is missing is said without a script, too"
        await asks.tick("kinds", "groceries")
        await asks.press("Go on")
        await asks.press("Go on")
        await asks.fill(address="7 Imaginary Row")
        await asks.press("Go on")
        await asks.fill(phone="07700 900303", name="Odd Invented")
        await asks.press("Back")
        assert await asks.page.input_value("#address") == "7 Imaginary Row"
        await asks.press("Go on")
        assert await asks.page.input_value("#name") == "Odd Invented", "on the way back nothing is lost"
        await asks.press("Go on")
        await asks.fill(notes="The bell is broken, knock twice")
        await asks.press("Go on")
        await asks.tick("help_you", "y")
        await asks.press("Send it to us")
        await asks.look("sent without a script")
        await steps.reference(asks)
        await asks.go(await steps.private_link(asks))
        assert "Shopping" in await asks.text()

        wanted = await street.seed("open")
        helps = await Visitor.come(browser, home, script=False)
        await helps.go(f"/my/in/{await street.own_link(street.helper)}")
        await helps.press("Open my page")
        await helps.press("I can help")
        await helps.press("Yes, I can help")
        assert helps.status == 200
        assert await street.need_state(wanted["need"]) == "offered"
        assert await street.task_states(wanted["need"]) == ["interested"]
        assert not asks.faults + helps.faults, "\n".join(asks.faults + helps.faults)
        await street.close()
