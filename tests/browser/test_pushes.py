"""A telephone that tells its volunteer by itself: turned on by a press, shown by the real worker, turned off again."""

import json

import pytest
from playwright.async_api import Browser, Page, expect

from federation.connections import open_session
from node.domain.ids import NeedId
from node.domain.notices.notice import Way
from node.network.outside import ToOutside
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.push_service import push_service
from tests.harness.street import STREET, Street

pytestmark = pytest.mark.browser

SHOWN = """async () => {
  const registration = await navigator.serviceWorker.ready;
  for (;;) {
    const [shown] = await registration.getNotifications();
    if (shown) return { title: shown.title, body: shown.body, lang: shown.lang, dir: shown.dir, tag: shown.tag,
                        data: shown.data, actions: shown.actions.map((each) => each.title) };
    await new Promise((go) => setTimeout(go, 50));
  }
}"""


def planted(form: dict[str, str]) -> str:
    """In place of the browser's maker, whom nobody asks in a test: what it would give to the page."""
    given = json.dumps(
        {"endpoint": form["endpoint"], "keys": {"p256dh": form["p256dh"], "auth": form["auth"]}}
    )
    return f"""
      const given = {given};
      const unsubscribe = async () => localStorage.removeItem("held");
      const held = {{ endpoint: given.endpoint, toJSON: () => given, unsubscribe }};
      PushManager.prototype.subscribe = async function ({{ userVisibleOnly, applicationServerKey }}) {{
        if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error("not as a browser wants it");
        localStorage.setItem("held", "yes");
        return held;
      }};
      PushManager.prototype.getSubscription = async () => localStorage.getItem("held") ? held : null;
    """


async def registered(page: Page) -> tuple[object, str]:
    """The browser's own line to its workers, and the registration of ours."""
    line, found = await page.context.new_cdp_session(page), []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    await line.send("ServiceWorker.enable")
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    while not found:
        await page.evaluate("() => true")
    return line, next(each["registrationId"] for each in found if each["scopeURL"].endswith("/my"))


async def test_told_on_her_telephone_and_not_any_more(browser: Browser, tmp_path) -> None:
    lines = open_session()
    async with Neighbourhood(tmp_path) as cast, push_service(tmp_path) as service:
        street = await Street.built(cast)
        vera, notices = street.helper, street.north.services.notices

        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        sending = notices._sending[Way.PUSH]
        sending._channel._outside = ToOutside(  # type: ignore[attr-defined]
            lines, resolve=resolve, allow_private=True, tls=service.trusts
        )
        await notices.push.make_key()
        hers = service.phone("hers", street.north.random.randbytes)
        phone = await Visitor.come(browser, street.north.url, script=True)
        await phone.context.grant_permissions(["notifications"], origin=street.north.url)
        await phone.context.add_init_script(planted(hers.form))

        await phone.go(f"/my/in/{await street.own_link(vera)}")
        await phone.press("Open my page")
        await phone.page.wait_for_selector("html[data-push=offer]", state="attached")
        await phone.press("Tell me on this phone")
        assert "This phone or computer shows what we tell you." in await phone.text()
        assert await phone.page.is_checked('input[name="way"][value="push"]')
        assert not await phone.page.get_by_role("button", name="Tell me on this phone").is_visible()
        await phone.look("notices on this phone")
        await phone.go("/my/devices")
        assert "Shows our notifications" in await phone.text()

        found = await street.seed("open")
        need = NeedId(found["need"])
        await street.north.services.dispatch.propose(street.north.staff, need, vera)
        cast.clock.advance(seconds=200)
        await notices.find()
        assert await notices.deliver() == 1
        (said,) = service.read(hers)
        assert STREET not in json.dumps(said)

        await phone.go("/my/notices")
        line, registration = await registered(phone.page)
        await line.send(  # type: ignore[attr-defined]
            "ServiceWorker.deliverPushMessage",
            {"origin": street.north.url, "registrationId": registration, "data": json.dumps(said)},
        )
        shown = await phone.page.evaluate(SHOWN)
        assert shown["title"] == said["title"]
        assert shown["body"].startswith("Could you do this?")
        assert shown["tag"] == said["id"]
        assert shown["actions"] == ["Fewer messages, or none"]
        assert shown["data"] == {"link": said["link"], "fewer": said["fewer"]["link"]}

        await phone.press("Not on this one any more")
        assert "shows nothing more from us" in await phone.text()
        assert not (await notices.choices(vera)).pushes
        await phone.page.wait_for_selector("html[data-push=offer]", state="attached")
        assert phone.faults == []
        await street.close()
    await lines.close()


async def test_a_coordinators_telephone_is_one_of_a_list(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast, push_service(tmp_path) as service:
        street = await Street.built(cast)
        await street.north.services.notices.push.make_key()
        choosing, staff = street.north.services.alerts.choosing, street.north.staff
        phone = await Visitor.come(browser, street.north.url, script=True)
        await phone.context.grant_permissions(["notifications"], origin=street.north.url)
        own = service.phone("own", street.north.random.randbytes)
        await phone.context.add_init_script(planted(own.form))
        cookie = {"name": "desk", "value": await street.north.sign_in(), "url": street.north.url}
        await phone.context.add_cookies([cookie])  # type: ignore[list-item]
        other = service.phone("other", street.north.random.randbytes)
        await choosing.turn_on(staff, other.subscription, "safari-iphone", "en")

        await phone.go("/devices/notices")
        assert "Safari on iPhone" in await phone.text()
        await phone.page.wait_for_selector("html[data-push=offer]", state="attached")
        await phone.press("Tell me on this phone")
        assert "This phone or computer shows what we tell you." in await phone.text()
        await phone.page.wait_for_selector("html[data-push=on]", state="attached")
        row = phone.page.locator("[data-push-device]").filter(has_text="Chrome on Linux")
        await expect(row.get_by_text("This one")).to_be_visible()
        await expect(phone.page.locator("[data-push-here]:visible")).to_have_count(1)
        assert not await phone.page.get_by_role("button", name="Tell me on this phone").is_visible()
        await phone.look("coordinators notices on this phone")

        async with phone.page.expect_navigation():
            await row.get_by_role("button", name="Not there any more").click()
        assert "That one shows nothing more from us." in await phone.text()
        await phone.page.wait_for_selector("html[data-push=offer]", state="attached")
        (left,) = (await choosing.own(staff)).devices
        assert left.browser == "safari-iphone"
        assert phone.faults == []
        await street.close()


CANNOT = "This phone or browser cannot show notifications."
DENIED = "Notifications from us are switched off in this browser."


async def test_where_it_cannot_be_it_is_said_in_words(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.north.services.notices.push.make_key()
        for script, lacks, words in (
            (False, "", CANNOT),
            (True, "delete window.PushManager", CANNOT),
            (True, "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })", DENIED),
        ):
            phone = await Visitor.come(browser, street.north.url, script=script)
            await phone.context.add_init_script(lacks)
            await phone.go(f"/my/in/{await street.own_link(street.helper)}")
            await phone.press("Open my page")
            assert not await phone.page.get_by_role("button", name="Tell me on this phone").is_visible()
            await phone.go("/my/notices")
            await phone.page.get_by_text(words).wait_for()
            assert not await phone.page.get_by_role("button", name="Tell me on this phone").is_visible()
            assert phone.faults == []
        await street.close()
