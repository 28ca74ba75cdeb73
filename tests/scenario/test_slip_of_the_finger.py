"""A volunteer's "On my way" and "Done" can be taken back for a short while, and only by her."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.ids import NeedId
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("slip")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def pressed(street: Street, what: str) -> tuple[Visitor, dict[str, str], str]:
    made = await street.seed("approved", device="her-telephone")
    vera, base = Visitor(cookies={"seal": "s", "device": "her-telephone"}), f"/t/{made['token']}"
    assert (await street.ask(vera, "POST", f"{base}/{what}")).status == 303
    return vera, made, base


@pytest.mark.parametrize(("what", "state"), [("on-my-way", "in_progress"), ("done", "reported")])
async def test_it_is_taken_back_at_once_and_not_later(street: Street, what: str, state: str) -> None:
    vera, made, base = await pressed(street, what)
    assert await street.need_state(made["need"]) == state
    assert f'action="{base}/not-yet"' in (await street.ask(vera, "GET", base)).text
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).location == f"{base}?done=not_yet"
    assert await street.need_state(made["need"]) == "assigned"
    page = (await street.ask(vera, "GET", base)).text
    assert "/not-yet" not in page
    assert "On my way" in page
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 409, "once"
    vera, made, base = await pressed(street, what)
    street.cast.clock.advance(seconds=31)
    assert "/not-yet" not in (await street.ask(vera, "GET", base)).text
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 409
    assert await street.need_state(made["need"]) == state


async def test_what_was_given_back_is_hers_again(street: Street) -> None:
    vera, made, base = await pressed(street, "give-back")
    assert await street.need_state(made["need"]) == "open"
    page = await street.ask(vera, "GET", base)
    assert (page.status, f'action="{base}/not-yet"' in page.text) == (200, True)
    assert "Imaginary" not in page.text, "what is given back is closed meanwhile"
    other = Visitor(cookies={"seal": "s", "device": "another-telephone"})
    assert (await street.ask(other, "POST", f"{base}/not-yet")).status == 409
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).location == f"{base}?done=not_yet"
    assert await street.need_state(made["need"]) == "assigned"
    assert "On my way" in (await street.ask(vera, "GET", base)).text
    vera, made, base = await pressed(street, "give-back")
    street.cast.clock.advance(seconds=31)
    assert (await street.ask(vera, "GET", base)).status == 404
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 404
    # Somebody else has it by then: it stays as it is.
    vera, made, base = await pressed(street, "give-back")
    nils = await street.new_helper("Nils Invented")
    await street.north.services.dispatch.assign(street.north.staff, NeedId(made["need"]), nils)
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 404
    assert await street.need_state(made["need"]) == "assigned"


async def test_a_no_is_taken_back_and_she_is_asked_as_before(street: Street) -> None:
    for state, stands, button in (
        ("proposed", "offered", "Can you help?"),
        ("interested", "offered", "I cannot after all"),
    ):
        made = await street.seed(state, device="her-telephone")
        vera, base = Visitor(cookies={"seal": "s", "device": "her-telephone"}), f"/t/{made['token']}"
        said = await street.ask(vera, "POST", f"{base}/not-this-time")
        assert (said.location, await street.need_state(made["need"])) == (base, "open")
        page = (await street.ask(vera, "GET", base)).text
        assert f'action="{base}/not-yet"' in page
        assert "/unsafe" not in page, "she was never there"
        other = Visitor(cookies={"seal": "s", "device": "another-telephone"})
        assert (await street.ask(other, "POST", f"{base}/not-yet")).status == 409
        assert (await street.ask(vera, "POST", f"{base}/not-yet")).location == f"{base}?done=not_yet"
        assert await street.need_state(made["need"]) == stands
        assert button in (await street.ask(vera, "GET", base)).text
        await street.ask(vera, "POST", f"{base}/not-this-time")
        street.cast.clock.advance(seconds=31)
        assert (await street.ask(vera, "GET", base)).status == 404
        assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 404


async def test_not_by_another_device_and_not_after_the_desk_did_something(street: Street) -> None:
    vera, made, base = await pressed(street, "done")
    other = Visitor(cookies={"seal": "s", "device": "another-telephone"})
    assert (await street.ask(other, "POST", f"{base}/not-yet")).status == 409
    desk = Visitor()
    desk.cookies.update((await street.ask(desk, "GET", "/sign-in")).cookies)
    await street.sign_in(desk)
    assert "/undo" not in (await street.ask(desk, "GET", f"/board/{made['need']}")).text, "it is hers"
    assert (await street.ask(desk, "POST", f"/board/{made['need']}/undo")).status != 303
    assert await street.need_state(made["need"]) == "reported"
    closed = await street.ask(desk, "POST", f"/board/{made['need']}/close", {"reason": "completed"})
    assert closed.status == 303
    assert (await street.ask(vera, "POST", f"{base}/not-yet")).status == 409
    assert await street.need_state(made["need"]) == "closed"


async def test_off_the_task_she_can_still_say_that_she_felt_unsafe_there(street: Street) -> None:
    vera, _, base = await pressed(street, "give-back")
    there = f'href="{base}/unsafe"'
    assert there in (await street.ask(vera, "GET", base)).text, "at once"
    street.cast.clock.advance(seconds=31)
    page = await street.ask(vera, "GET", base)
    assert (page.status, there in page.text, "Imaginary" in page.text) == (404, True, False)
    other = Visitor(cookies={"seal": "s", "device": "another-telephone"})
    assert there not in (await street.ask(other, "GET", base)).text
    form = await street.ask(vera, "GET", f"{base}/unsafe")
    assert (form.status, f'href="{base}"' in form.text) == (200, False)
    assert (await street.ask(vera, "POST", f"{base}/unsafe", {"text": " "})).status == 422
    assert (await street.ask(other, "POST", f"{base}/unsafe", {"text": "words"})).status == 409
    told = await street.ask(vera, "POST", f"{base}/unsafe", {"text": "he stood in the door"})
    assert told.location == f"{base}/unsafe?done=unsafe_told"
    assert "look after safety" in (await street.ask(vera, "GET", told.location)).text
