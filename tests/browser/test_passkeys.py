"""A volunteer makes a passkey, comes in with it, and takes it away: Chromium with an authenticator of its own."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, CDPSession

from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def home(street: Street) -> str:
    """As this machine calls itself: a number is no address for a passkey."""
    return street.north.url.replace("127.0.0.1", "localhost")


async def with_device(visitor: Visitor) -> tuple[CDPSession, str]:
    """An authenticator like a telephone's own; its id."""
    line = await visitor.page.context.new_cdp_session(visitor.page)
    await line.send("WebAuthn.enable")
    made = await line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return line, made["authenticatorId"]


async def test_a_passkey_comes_in_and_goes_and_nobody_needs_one(browser: Browser, tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await _made_used_and_taken_away(browser, street)
        await _told_where_the_device_said_no(browser, street)
        await _nothing_of_it_without_script(browser, street)
        await street.close()


async def _made_used_and_taken_away(browser: Browser, street: Street) -> None:
    vera = await Visitor.come(browser, home(street), script=True)
    line, device = await with_device(vera)
    await vera.go(f"/my/in/{await street.own_link(street.helper)}")
    await vera.press("Open my page")
    await vera.press("fingerprint or PIN next time")
    await vera.look("passkeys")
    await vera.press("Make a passkey here")
    assert "Next time you come in with it" in await vera.text()
    assert "Not used yet." in await vera.text()
    held = await line.send("WebAuthn.getCredentials", {"authenticatorId": device})
    [credential] = held["credentials"]
    assert (credential["rpId"], credential["isResidentCredential"]) == ("localhost", True)
    await vera.go("/my")
    await vera.press("Sign out here")
    await vera.look("door with a passkey")
    await vera.press("Sign in with a passkey")
    assert "What is wanted near you" in await vera.text()
    await vera.go("/my/passkeys")
    assert "Last used" in await vera.text()
    await vera.press("Take away")
    await vera.go("/my")
    await vera.press("Sign out here")
    await vera.press("Sign in with a passkey")
    assert vera.status == 422
    assert "opens nothing here" in await vera.text()
    assert not vera.faults


async def _told_where_the_device_said_no(browser: Browser, street: Street) -> None:
    vera = await Visitor.come(browser, home(street), script=True)
    line, device = await with_device(vera)
    await line.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    await vera.go("/my")
    await vera.page.get_by_role("button", name="Sign in with a passkey").click()
    await vera.page.get_by_text("That did not open anything").wait_for()
    assert await vera.page.get_by_role("button", name="Ask for a link").is_visible()


async def _nothing_of_it_without_script(browser: Browser, street: Street) -> None:
    vera = await Visitor.come(browser, home(street), script=False)
    await vera.go("/my")
    assert "passkey" not in await vera.text()
    await vera.go(f"/my/in/{await street.own_link(street.helper)}")
    await vera.press("Open my page")
    assert "fingerprint" not in await vera.text()
    await vera.press("Your devices")
    await vera.press("Your passkeys")
    assert "Make a passkey here" not in await vera.text()
    assert "You have none yet." in await vera.text()
