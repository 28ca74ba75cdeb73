"""A group's own questions through its pages: asked where they are wanted, sealed, shown, counted, never passed on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.ids import NeedId
from node.domain.settings.questions import AskedAt
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

CALL = {"kinds": "groceries", "screen": "07700 900456", "help_you": "y", "script": "en", "whose": "self",
        "phone_kind": "own", "urgency": "today", "helpers": "1"}  # fmt: skip
HELPER = {"name": "Vera Invented", "phone": "07700 900123", "kinds": "groceries", "hours": "mon:morning",
          "transport": "foot", "keep_details": "y"}  # fmt: skip
EDIT = "/settings/questions/edit"


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        yield street
        await street.close()


@pytest.fixture
async def kim(street: Street) -> Visitor:
    """The first account: admin and coordinator, in a browser with a seal."""
    visitor = Visitor()
    visitor.cookies.update((await street.ask(visitor, "GET", "/sign-in")).cookies)
    await street.sign_in(visitor)
    return visitor


async def test_a_question_is_written_in_two_languages_and_answered_everywhere(
    street: Street, kim: Visitor
) -> None:
    form = {"words": "How did you hear of us?", "kind": "choice", "asked": "call",
            "choice:1": "A neighbour", "choice:3": "The library"}  # fmt: skip
    assert (await street.ask(kim, "POST", EDIT, form | {"choice:3": ""})).status == 422
    assert (await street.ask(kim, "POST", EDIT, form)).status == 303
    [question] = await street.north.services.questions.all()
    spanish = {"words": "¿Cómo nos conoció?", "asked": "call", "choice:1": "Por una vecina"}
    assert (await street.ask(kim, "POST", f"{EDIT}?id={question.id}&language=es", spanish)).status == 303
    [question] = await street.north.services.questions.all()
    assert question.answers("es") == {"1": "Por una vecina", "3": "The library"}
    page = (await street.ask(kim, "GET", "/intake")).text
    assert "¿Cómo nos conoció?" in page, "the words of every language of the script stand beside it"
    assert "How did you hear of us?" in page
    assert "How did you hear of us?" in (await street.ask(kim, "GET", "/intake/paper")).text
    for page in ("/ask?step=more", "/volunteer?step=more"):
        assert "How did you hear of us?" not in (await street.ask(Visitor(), "GET", page)).text
    wrong = await street.ask(
        kim, "POST", "/intake", CALL | {f"own:{question.id}": "2", "notes": "still here"}
    )
    assert (wrong.status, "still here" in wrong.text) == (422, True)
    taken = await street.ask(kim, "POST", "/intake", CALL | {f"own:{question.id}": "3"})
    need = NeedId(taken.location.partition("need=")[2].partition("&")[0])
    board = (await street.ask(kim, "GET", f"/board/{need}")).text
    assert "How did you hear of us?" in board
    assert "The library" in board
    answers = (await street.ask(kim, "GET", "/settings/questions/answers")).text
    assert "The library" in answers
    assert (await street.ask(kim, "POST", "/settings/questions/remove", {"id": question.id})).status == 303
    board = (await street.ask(kim, "GET", f"/board/{need}")).text
    assert "How did you hear of us?" in board, "what was asked stays with its answer"


async def test_a_stranger_and_a_new_volunteer_answer_while_the_records_are_closed(
    street: Street, kim: Visitor
) -> None:
    for words, where in (("May we park there?", "page"), ("Why do you help?", "helper")):
        kind = "yes_no" if where == "page" else "text"
        assert (
            await street.ask(kim, "POST", EDIT, {"words": words, "kind": kind, "asked": where})
        ).status == 303
    [park] = await street.north.services.questions.asked_at(AskedAt.PAGE)
    [why] = await street.north.services.questions.asked_at(AskedAt.HELPER)
    assert (await street.ask(kim, "POST", "/lock")).status == 303
    stranger = Visitor()
    stranger.cookies.update((await street.ask(stranger, "GET", "/ask")).cookies)
    asking = {"phone": "07700 900457", "kinds": "lift", "help_you": "y", f"own:{park.id}": "no"}
    assert (await street.ask(stranger, "POST", "/ask", asking)).status == 200
    said = "Because the otter told me to"
    joined = await street.ask(stranger, "POST", "/volunteer", HELPER | {f"own:{why.id}": said})
    assert joined.status == 200, joined.text
    assert (await street.ask(kim, "GET", "/settings/questions/answers")).status != 200
    await street.sign_in(kim)
    counted = {
        each.asked: each.answers for each in await street.north.services.questions.counted(street.north.staff)
    }
    assert counted["May we park there?"] == {"no": ("", 1)}
    [person] = await street.north.services.journeys.newcomers(street.north.staff)
    page = await street.ask(kim, "POST", f"/people/{person.person_id}", {"why": "to ring"})
    assert "Why do you help?" in page.text
    assert said in page.text
    assert said not in (await street.ask(kim, "GET", "/settings/questions/answers")).text
