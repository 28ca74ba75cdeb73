"""A volunteer in a cellar: her task stays readable with the network cut, and what she presses is sent once."""

import asyncio
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from node.domain.actors import volunteer_actor
from node.domain.dispatch.correction import as_it_is
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Item
from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import STREET, Street

pytestmark = pytest.mark.browser


async def settled(page: Page) -> None:
    """The worker is there and has kept the page."""
    await page.wait_for_selector("html[data-kept]", state="attached")
    await page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")


async def back_online(phone: Visitor) -> None:
    """The page loads itself anew; what comes after must not run into that."""
    await phone.context.set_offline(False)
    await phone.page.wait_for_selector("html:not([data-offline])", state="attached")
    await phone.page.wait_for_load_state()


async def test_a_task_is_read_and_reported_with_the_network_cut(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        vera = street.helper
        found = await street.seed("open")
        link = await street.own_link(vera)
        phone = await Visitor.come(browser, street.north.url, script=True)

        await phone.go(f"/my/in/{link}")
        await phone.press("Open my page")
        await phone.press("I can help")
        await phone.press("Yes, I can help")
        assert await phone.page.get_by_role("button", name="Undo").is_visible()
        task = await _task(street, vera)
        await street.north.services.dispatch.approve(street.north.staff, task)
        await phone.go("/my")
        await settled(phone.page)
        await phone.press("Open the task")
        assert STREET in await phone.text()
        here = phone.page.url

        await phone.context.set_offline(True)
        phone.faults.clear()
        await phone.page.reload()
        assert STREET in await phone.text()
        assert "You have no connection just now." in await phone.text()
        await phone.press("On my way")
        assert "is sent as soon as there is a connection" in await phone.text()
        assert STREET in await phone.text()
        taken = phone.page.get_by_role("button", name="Taken: it is sent later")
        await taken.wait_for()
        assert await taken.is_disabled(), "pressed again it would be sent twice"
        await phone.go("/my")
        await phone.page.wait_for_url("**/my")
        assert "You have no connection just now." in await phone.text()
        assert await street.need_state(found["need"]) == "assigned"
        await phone.page.locator("footer a[href='/privacy']").click(no_wait_after=True)
        told = phone.page.get_by_role("alert").filter(has_text="press again when the connection is back")
        await told.wait_for()
        assert phone.page.url.endswith("/my"), "no worker looks after that page: hers stays"

        await back_online(phone)
        await phone.go(here)
        assert "You have no connection just now." not in await phone.text()
        assert await street.need_state(found["need"]) == "in_progress"
        await phone.press("Done", exact=True)
        assert await _kept(phone.page) == ["/my"], "the address is off the phone once it is done"
        await phone.go("/my")
        await phone.press("Sign out here")
        assert await _kept(phone.page) == []
        await street.close()


async def test_what_was_pressed_is_never_lost_unsaid(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        desk, vera = street.north.services, street.helper
        found = await street.seed("open")
        phone = await Visitor.come(browser, street.north.url, script=True)

        async def come_in() -> None:
            await phone.go(f"/my/in/{await street.own_link(vera)}")
            await phone.press("Open my page")

        await come_in()
        await phone.press("I can help")
        await phone.press("Yes, I can help")
        task = await _task(street, vera)
        await desk.dispatch.approve(street.north.staff, task)
        await phone.go("/my")
        await settled(phone.page)
        await phone.press("Open the task")
        await phone.context.set_offline(True)
        phone.faults.clear()
        await phone.press("On my way")
        assert "is sent as soon as there is a connection" in await phone.text()
        await phone.go("/my")
        assert "Thank you!" not in await phone.text(), "what was said once is not said again tomorrow"

        # Her session ended meanwhile: it waits for her, and says so.
        [device] = await desk.own_door.devices(volunteer_actor(vera), "")
        await desk.own_door.end_device(volunteer_actor(vera), device.id)
        await back_online(phone)
        await phone.go("/my")
        assert "Something that you pressed has not reached us yet." in await phone.text()
        assert await street.need_state(found["need"]) == "assigned"
        await come_in()
        assert "has not reached us yet" not in await phone.text()
        assert await street.need_state(found["need"]) == "in_progress"

        # The task was taken back meanwhile: she reads that it did not count.
        await phone.press("Open the task")
        await phone.context.set_offline(True)
        await phone.press("Done", exact=True)
        await desk.dispatch.withdraw(street.north.staff, task)
        await back_online(phone)
        phone.faults.clear()
        await phone.go("/my")
        refused = phone.page.locator(".when-refused")
        assert "the task had changed meanwhile" in await refused.inner_text()
        assert "Done" in await refused.inner_text()
        assert "On my way" not in await refused.inner_text()
        await phone.go("/my")
        assert await refused.is_visible(), "until she says that she has read it"
        await phone.page.get_by_role("button", name="I have read it").click()
        await phone.go("/my")
        assert not await refused.is_visible()

        # Given back, and only the answer was lost: that it was done already is no "could not be done".
        await street.seed("open")
        await phone.go("/my")
        await phone.press("I can help")
        await phone.press("Yes, I can help")
        task = await _task(street, vera)
        await desk.dispatch.approve(street.north.staff, task)
        await phone.go("/my")
        await phone.press("Open the task")
        await phone.context.set_offline(True)
        await phone.page.get_by_text("Problem?").click()
        await phone.press("I cannot do it: give it back")
        assert "is sent as soon as there is a connection" in await phone.text()
        await desk.dispatch.withdraw(street.north.staff, task)
        await back_online(phone)
        await phone.go("/my")
        assert not await refused.is_visible()
        assert "has not reached us yet" not in await phone.text()
        await street.close()


async def test_what_was_typed_stays_on_her_pages_too(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        found = await street.seed("approved", device="her-telephone", helper=street.helper)
        phone = await Visitor.come(browser, street.north.url, script=True)
        await phone.go(f"/my/in/{await street.own_link(street.helper)}")
        await phone.press("Open my page")
        await phone.go("/my")
        await settled(phone.page)
        await phone.go("/my/times")
        await phone.page.fill("#max_per_week", "5")
        await phone.context.set_offline(True)
        await phone.page.get_by_role("button", name="Save").first.click(no_wait_after=True)
        await _held(phone.page)
        assert await phone.page.input_value("#max_per_week") == "5"

        phone = await Visitor.come(browser, street.north.url, script=True)
        cookie = {"name": "device", "value": "her-telephone", "url": street.north.url}
        await phone.context.add_cookies([cookie])  # type: ignore[list-item]
        await phone.go(f"/t/{found['token']}")
        await settled(phone.page)
        await phone.go(f"/t/{found['token']}/unsafe")
        await phone.page.fill("textarea", "A made-up dog bit me.")
        await phone.context.set_offline(True)
        await phone.page.locator("main form button[type=submit]").first.click(no_wait_after=True)
        await _held(phone.page)
        assert await phone.page.input_value("textarea") == "A made-up dog bit me."

        # Typed below the task itself, where the page would come anew with the line.
        await phone.context.set_offline(False)
        await phone.go(f"/t/{found['token']}")
        text, send = (
            phone.page.locator("#text"),
            phone.page.locator("form[action$='/write'] button[type=submit]"),
        )
        await text.fill("Is there a made-up lift?")
        await phone.context.set_offline(True)
        await send.click(no_wait_after=True)
        await _held(phone.page)
        came = "new Promise((done) => addEventListener('online', () => setTimeout(done, 0)))"
        back = asyncio.create_task(phone.page.evaluate(came))
        await phone.page.evaluate("1")
        await phone.context.set_offline(False)
        await back
        assert await text.input_value() == "Is there a made-up lift?"
        async with phone.page.expect_navigation():
            await send.click()
        await expect(phone.page.locator("main")).to_contain_text("Is there a made-up lift?")
        await street.close()


async def test_what_she_ticked_off_is_ticked_by_its_words(browser: Browser, tmp_path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        desk, kim = street.north.services, street.north.staff
        found = await street.seed("approved", device="her-telephone", helper=street.helper)
        need = NeedId(found["need"])

        async def wanted(*items: str) -> None:
            view = await desk.board.need(kim, need, reveal=True)
            assert view.details
            said = replace(
                as_it_is(view.need, view.details), items=tuple(Item(quantity=1, what=each) for each in items)
            )
            await desk.corrections.correct(kim, need, said, None)

        await wanted("bread", "insulin")
        phone = await Visitor.come(browser, street.north.url, script=True)
        cookie = {"name": "device", "value": "her-telephone", "url": street.north.url}
        await phone.context.add_cookies([cookie])  # type: ignore[list-item]
        await phone.go(f"/t/{found['token']}")
        await phone.page.get_by_label("bread").check()
        await wanted("soap", "insulin", "bread")
        await phone.go(f"/t/{found['token']}")
        ticked = await phone.page.locator("[data-ticked-off] input:checked").all()
        assert ["bread" in await each.locator("xpath=..").inner_text() for each in ticked] == [True]
        kept = await phone.page.evaluate("Object.entries(localStorage).join()")
        assert "bread" not in kept
        assert found["token"] not in kept
        await street.close()


async def _held(page: Page) -> None:
    told = page.get_by_role("alert").filter(has_text="What you typed is still on this page")
    await told.wait_for()
    await expect(page.locator("#busy")).to_be_empty()


async def _task(street: Street, person: PersonId) -> AssignmentId:
    view = await street.north.services.own_page.view(volunteer_actor(person), None)
    return AssignmentId(view.tasks[0].id)


async def _kept(page: Page) -> list[str]:
    return await page.evaluate(
        "async () => { const found = []; for (const name of (await caches.keys()).filter((n) => n === 'own-pages'))"
        " for (const each of await (await caches.open(name)).keys()) found.push(new URL(each.url).pathname);"
        " return found.sort(); }"
    )
