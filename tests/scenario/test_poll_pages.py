"""A short poll over HTTP: asked, answered once a device while locked, counted, and waiting for a second yes."""

import re
from datetime import timedelta

import pytest

from tests.harness.street import Street, Visitor, at_the_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


def form(street: Street, **changes: str) -> dict[str, str]:
    until = (street.cast.clock.now().date() + timedelta(days=7)).isoformat()
    asked = {"question": "What is missing most?", "choices": "Coats\n\n Beds \nCompany", "until": until}
    return {**asked, "shown": "y", **changes}


async def answered(street: Street, path: str, choice: str) -> Visitor:
    visitor = Visitor(cookies={"seal": "a-strangers-seal"})
    answer = await street.ask(visitor, "POST", path, {"choice": choice})
    assert answer.status == 303, answer.text
    visitor.cookies.update(answer.cookies)
    return visitor


async def test_asked_answered_once_a_device_and_counted(street: Street) -> None:
    desk = await at_the_desk(street)
    wrong = await street.ask(desk, "POST", "/polls", form(street, choices="Coats"))
    assert wrong.status == 422
    assert "two to six answers" in wrong.text
    assert (await street.ask(desk, "POST", "/polls", form(street))).status == 303
    await street.north.stop()
    await street.north.start()
    front = (await street.ask(Visitor(), "GET", "/")).text
    link = re.search(r"/poll/[\w-]{22}", front)
    assert link
    assert "What is missing most?" in front

    for _ in range(5):
        visitor = await answered(street, link[0], "1")
    assert not any(value == "1" for name, value in visitor.cookies.items() if name == "polls"), "never what"
    assert (await street.ask(visitor, "POST", link[0], {"choice": "0"})).status == 303
    shown = (await street.ask(visitor, "GET", link[0])).text
    assert re.search(r"<dt[^>]*>Coats</dt><dd[^>]*>fewer than 5", shown)
    assert re.search(r"<dt[^>]*>Beds</dt><dd[^>]*>5<", shown)
    stranger = Visitor(cookies={"seal": "another-seal"})
    assert ">Beds</dt>" not in (await street.ask(stranger, "GET", link[0])).text, "the answer comes first"
    for choice in ("7", "-1", "x", ""):
        assert (await street.ask(stranger, "POST", link[0], {"choice": choice})).status == 422
    listed = (await street.ask(await at_the_desk(street), "GET", "/polls")).text
    assert re.search(r"<dt[^>]*>Coats</dt><dd[^>]*>0<", listed), (
        "a second answer of one device counts nothing"
    )

    desk = await at_the_desk(street)
    assert (await street.ask(desk, "POST", f"/polls/{link[0].removeprefix('/poll/')}/end")).status == 303
    assert (await street.ask(stranger, "POST", link[0], {"choice": "1"})).status == 409
    assert link[0] not in (await street.ask(stranger, "GET", "/")).text
    assert (await street.ask(desk, "POST", f"/polls/{link[0].removeprefix('/poll/')}/remove")).status == 303
    assert (await street.ask(stranger, "GET", link[0])).status == 404


async def test_each_reads_it_in_their_own_language_where_it_was_written(street: Street) -> None:
    desk = await at_the_desk(street)
    spanish = {"question:es": "¿Qué día conviene?", "choices:es": "Lunes\nMartes"}
    asked = form(street, question="Which day is best?", choices="Monday\nTuesday", **spanish)
    wrong = await street.ask(desk, "POST", "/polls", {**asked, "choices:es": "Lunes"})
    assert wrong.status == 422
    assert "as many answers as in the first language" in wrong.text
    assert "¿Qué día conviene?" in wrong.text, "what was typed is still there"
    assert (await street.ask(desk, "POST", "/polls", asked)).status == 303
    fronts = {
        code: (await street.ask(Visitor(headers={"Accept-Language": code}), "GET", "/")).text
        for code in ("es", "ar")
    }
    assert '<span lang="es" dir="auto">¿Qué día conviene?</span>' in fronts["es"]
    assert '<span lang="en" dir="auto">Which day is best?</span>' in fronts["ar"], "else as it is in English"
    [link] = re.findall(r'href="(/poll/[\w-]{22})"[^>]*>(?:(?!</a>).)*conviene', fronts["es"])
    page = (await street.ask(Visitor(headers={"Accept-Language": "es"}), "GET", link)).text
    assert "<span>Martes</span>" in page
    assert "Tuesday" not in page


async def test_it_waits_for_a_second_yes_where_the_group_wants_one(street: Street) -> None:
    services, staff = street.north.services, street.north.staff
    await services.rules.change(staff, {"public_yes": "two"})
    desk = await at_the_desk(street)
    answer = await street.ask(desk, "POST", "/polls", form(street, question="Which day suits?"))
    assert answer.headers["Location"] == "/polls?done=waits"
    assert "Which day suits?" not in (await street.ask(Visitor(), "GET", "/")).text
    (waiting,) = await services.second_yes.waiting(staff)
    assert waiting.kind == "poll"
    assert "Which day suits?" in (await street.ask(desk, "GET", "/settings/public")).text
    await services.second_yes.decide(staff, waiting.id, True)
    assert "Which day suits?" in (await street.ask(Visitor(), "GET", "/")).text
