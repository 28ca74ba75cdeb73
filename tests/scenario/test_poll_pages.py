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


async def front_in(street: Street, code: str) -> str:
    return (await street.ask(Visitor(headers={"Accept-Language": code}), "GET", "/")).text


async def test_a_language_that_was_forgotten_is_written_later(street: Street) -> None:
    desk = await at_the_desk(street)
    asked = form(street, question="Which evening suits?", choices="Monday\nTuesday")
    assert (await street.ask(desk, "POST", "/polls", asked)).status == 303
    [poll] = [
        each
        for each in await street.north.services.polls.open_now()
        if each.question == "Which evening suits?"
    ]
    way = f"/polls/{poll.id}/words"
    for _ in range(2):
        await answered(street, f"/poll/{poll.id}", "1")
    listed = (await street.ask(desk, "GET", "/polls")).text
    assert re.search(rf'Not written in: [^<]*Spanish[^<]* · <a href="{way}"', listed)
    spanish = {"language": "es", "question": "¿Qué noche conviene?", "choices": "Lunes"}
    wrong = await street.ask(desk, "POST", way, spanish)
    assert (wrong.status, "Write as many answers as there were" in wrong.text) == (422, True)
    assert "¿Qué noche conviene?" in wrong.text, "what was typed is still there"
    kept = await street.ask(desk, "POST", way, {**spanish, "choices": "Lunes\nMartes"})
    assert kept.location == f"{way}?done=poll_words"
    assert "¿Qué noche conviene?" in await front_in(street, "es")
    assert "Which evening suits?" in await front_in(street, "ar")
    mended = {"language": "en", "question": "Which evening suits you?", "choices": "Monday\nTuesday"}
    assert (await street.ask(desk, "POST", way, mended)).status == 303
    listed = (await street.ask(desk, "GET", "/polls")).text
    assert re.search(r"Which evening suits you\?.*?Tuesday</dt><dd[^>]*>2<", listed, re.S), "answers stay"
    gone = await street.ask(desk, "POST", way, {"language": "es", "question": "", "choices": ""})
    assert gone.status == 303
    assert "¿Qué noche conviene?" not in await front_in(street, "es")
    await street.ask(desk, "POST", f"/polls/{poll.id}/end")
    assert (await street.ask(desk, "GET", way)).status == 404
    assert (await street.ask(desk, "POST", way, mended)).status == 409


async def test_words_written_later_wait_for_a_second_yes(street: Street) -> None:
    services, staff = street.north.services, street.north.staff
    desk, poll = await at_the_desk(street), await street.poll()
    await services.rules.change(staff, {"public_yes": "two"})
    way = f"/polls/{poll}/words"
    arabic = {"language": "ar", "question": "ما الذي ينقص؟", "choices": "معاطف\nأسرّة"}
    assert (await street.ask(desk, "POST", way, arabic)).location == f"{way}?done=waits"
    assert "ما الذي ينقص؟" not in await front_in(street, "ar")
    (waiting,) = await services.second_yes.waiting(staff)
    assert (waiting.kind, waiting.subject, waiting.language) == ("poll_words", poll, "ar")
    assert "ما الذي ينقص؟" in (await street.ask(desk, "GET", "/settings/public")).text
    await services.second_yes.decide(staff, waiting.id, True)
    assert "ما الذي ينقص؟" in await front_in(street, "ar")
    await street.ask(desk, "POST", way, {**arabic, "question": "ماذا ينقص؟"})
    gone = await street.ask(desk, "POST", way, {"language": "ar", "question": "", "choices": ""})
    assert gone.location == f"{way}?done=poll_words", "taking away waits for nobody"
    assert await services.second_yes.waiting(staff) == [], "and what waited goes with it"


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
