"""Over HTTP: a question before the yes, on one device; and the words that stand beside a choice of messages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.consents import Purpose
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.store import consents
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street
from tests.scenario.test_complaints import at_desk
from tests.scenario.test_own_page import WHO, come_in, sealed


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def answers(street: Street, person: PersonId) -> list[tuple[bool, str]]:
    async with street.north.services.export._desk.db.read() as tx:
        return [
            (each.answer, each.wording)
            for each in await consents.of_person(tx, person)
            if each.purpose is Purpose.MESSAGES
        ]


async def test_a_question_is_asked_before_the_yes_and_answered_to_her_alone(street: Street) -> None:
    desk, kim = street.north.services, street.north.staff
    office = await at_desk(street)
    found = await street.seed("proposed")
    need, task = NeedId(found["need"]), AssignmentId(found["task"])
    other = await desk.dispatch.propose(kim, need, await street.new_helper("Olga Other"))
    link = f"/t/{await desk.dispatch.task_link(kim, task)}"
    theirs = f"/t/{await desk.dispatch.task_link(kim, other)}"
    hers, olga = sealed(), sealed()
    assert "A question first?" in (await street.ask(hers, "GET", link)).text
    asked = await street.ask(hers, "POST", f"{link}/write", {"text": "zqlift, is there one?"})
    assert asked.status == 303, asked.text
    hers.cookies.update(asked.cookies)
    assert "zqlift" in (await street.ask(hers, "GET", link)).text
    on_board = (await street.ask(office, "GET", f"/board/{need}")).text
    assert "zqlift" in on_board
    assert "They are not confirmed" in on_board
    told = f"/board/{need}/task/{task}/write"
    assert (await street.ask(office, "POST", told, {"text": "zqyes, a wide one"})).status == 303
    page = (await street.ask(hers, "GET", link)).text
    assert "zqyes" in page
    assert "Can you help?" in page, "asking is no yes"
    for nobody, path in ((olga, theirs), (olga, link), (sealed(), link)):
        said = (await street.ask(nobody, "GET", path)).text
        assert not re.search("zqlift|zqyes", said), "(two letters stand in a seal by chance)"
    await desk.dispatch.withdraw(kim, task)
    gone = await street.ask(hers, "GET", link)
    assert gone.status == 404
    assert not re.search("zqlift|zqyes", gone.text)


async def test_the_words_beside_a_choice_of_messages_are_what_she_agreed_to(street: Street) -> None:
    texts = street.north.services.texts
    said = await texts.said("consent.messages", "en")
    nia = sealed()
    all_of_it = {"kinds": "groceries", "hours": "mon:morning", "transport": "bike", "radius": "10", **WHO}
    without = await street.ask(nia, "POST", "/volunteer", {"step": "more", "go": "next", **all_of_it})
    assert said.text not in without.text
    all_of_it["email"] = "nia@example.org"
    check = await street.ask(nia, "POST", "/volunteer", {"step": "more", "go": "next", **all_of_it})
    assert said.text in check.text
    version = re.search(r'name="wording:messages" value="([^"]+)"', check.text)
    assert version
    assert version[1] == said.version
    sent = {"step": "check", "go": "send", "keep_details": "y", "wording:messages": version[1], **all_of_it}
    done = await street.ask(nia, "POST", "/volunteer", sent)
    assert done.status == 200
    people = await street.north.services.journeys.newcomers(street.north.staff)
    (nia_id,) = [row.person_id for row in people if row.name == "Nia Newcomer"]
    assert await answers(street, nia_id) == [(True, said.version)]

    vera = sealed()
    await come_in(street, vera)
    assert said.text in (await street.ask(vera, "GET", "/my/notices")).text
    chosen = {"digest": "y", "quiet_from": "", "quiet_until": "", "wording:messages": said.version}
    for way in ("email", "email", "phone"):
        assert (await street.ask(vera, "POST", "/my/notices", {**chosen, "way": way})).status == 303
    assert await answers(street, street.helper) == [(True, said.version), (False, said.version)]
