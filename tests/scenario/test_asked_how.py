"""How it went, by the one who asked: not before it may have happened, and nothing ends by one tap unasked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.ids import AssignmentId
from node.domain.need import Window
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, Street, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder: Path = tmp_path_factory.mktemp("how")
    async with Neighbourhood(folder) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def test_before_anybody_came_it_is_not_asked_and_done_already_asks_first(street: Street) -> None:
    made, nora = await street.asked_for("asked coming"), Visitor(cookies={"seal": "s"})
    need, path = made["need"], f"/a/{made['token']}"
    page = (await street.ask(nora, "GET", path)).text
    assert "Vera comes to you." in page
    assert "Did it go well?" not in page
    assert "Yes, well" not in page
    assert f"{path}/done?need={need}" in page
    said = {"need": need, "answer": "well"}
    assert (await street.ask(nora, "POST", f"{path}/how", said)).status == 409
    assert await street.need_state(need) == "assigned"
    sure = (await street.ask(nora, "GET", f"{path}/done?need={need}")).text
    assert "Was the help there already?" in sure
    assert await street.need_state(need) == "assigned", "opening it changes nothing"
    assert (await street.ask(nora, "POST", f"{path}/how", {**said, "early": "y"})).status == 303
    assert await street.need_state(need) == "closed"
    page = (await street.ask(nora, "GET", path)).text
    assert "comes to you" not in page
    assert (await street.ask(nora, "GET", f"{path}/done?need={need}")).location == path


async def test_it_is_asked_once_it_is_done_and_once_its_day_is_past(street: Street) -> None:
    nora = Visitor(cookies={"seal": "s"})
    done, late = await street.asked_for("asked coming"), await street.asked_for("asked coming")
    await street.north.services.dispatch.report_done(street.north.staff, AssignmentId(done["task"]))
    assert "Yes, well" in (await street.ask(nora, "GET", f"/a/{done['token']}")).text
    street.cast.clock.advance(days=9)
    page = (await street.ask(nora, "GET", f"/a/{late['token']}")).text
    assert "Yes, well" in page
    assert "/done?need=" not in page
    said = {"need": late["need"], "answer": "not"}
    assert (await street.ask(nora, "POST", f"/a/{late['token']}/how", said)).status == 303
    assert await street.need_state(late["need"]) == "assigned", "a coordinator looks at it"


async def test_a_later_day_was_not_yet(street: Street) -> None:
    day = street.cast.clock.now().date() + timedelta(days=3)
    made = await street.asked_for("asked coming", Window(first=day, last=day))
    nora = Visitor(cookies={"seal": "s"})
    assert "/done?need=" not in (await street.ask(nora, "GET", f"/a/{made['token']}")).text
    said = {"need": made["need"], "answer": "well", "early": "y"}
    assert (await street.ask(nora, "POST", f"/a/{made['token']}/how", said)).status == 409


async def test_yes_well_reaches_the_helper_as_a_thank_you_without_a_name(street: Street) -> None:
    made, nora = await street.asked_for("asked coming"), Visitor(cookies={"seal": "s"})
    path = f"/a/{made['token']}"
    await street.north.services.dispatch.report_done(street.north.staff, AssignmentId(made["task"]))
    assert "whoever helped reads that as a thank-you" in (await street.ask(nora, "GET", path)).text
    vera = Visitor(cookies={"seal": "s"})
    answer = await street.ask(vera, "POST", f"/my/in/{await street.own_link(street.helper)}")
    vera.cookies.update(answer.cookies)
    before = (await street.ask(vera, "GET", "/my/history")).text.count("it went well")
    said = {"need": made["need"], "answer": "well"}
    assert (await street.ask(nora, "POST", f"{path}/how", said)).status == 303
    page = (await street.ask(vera, "GET", "/my/history")).text
    assert page.count("it went well") == before + 1
    assert not [canary for canary in CANARIES if canary in page]
