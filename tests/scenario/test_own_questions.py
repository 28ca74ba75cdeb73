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


async def test_what_was_answered_is_put_right_and_what_it_was_stays_in_the_history(
    street: Street, kim: Visitor
) -> None:
    for words, kind, where in (
        ("Is there a lift?", "yes_no", "call"),
        ("Which floor?", "text", "page"),
        ("Asked no more?", "text", "call"),
        ("Why do you help?", "text", "helper"),
    ):
        await street.ask(kim, "POST", EDIT, {"words": words, "kind": kind, "asked": where})
    lift, floor, gone, helper = await street.north.services.questions.all()
    asked = {f"own:{lift.id}": "yes", f"own:{gone.id}": "Otters"}
    taken = await street.ask(kim, "POST", "/intake", CALL | asked)
    need = taken.location.partition("need=")[2].partition("&")[0]
    await street.ask(kim, "POST", "/settings/questions/remove", {"id": gone.id})
    path = f"/board/{need}/correct"
    page = (await street.ask(kim, "GET", path)).text
    assert [words in page for words in ("Is there a lift?", "Which floor?", "Asked no more?", "Why do you help?")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert "Otters" in page
    typed = {"category": "groceries", "urgency": "today", "helpers": "1"}
    wrong = await street.ask(kim, "POST", path, typed | {f"own:{lift.id}": "perhaps", "notes": "third bell"})
    assert (wrong.status, "third bell" in wrong.text) == (422, True)
    right = {f"own:{lift.id}": "no", f"own:{floor.id}": "The fourth", f"own:{helper.id}": "never"}
    assert (await street.ask(kim, "POST", path, typed | right)).status == 303
    board = (await street.ask(kim, "GET", f"/board/{need}")).text
    history = board.partition("What was put right")[2].partition("</details>")[0]
    assert "Is there a lift? Yes" in history
    assert "Is there a lift? No · Which floor? The fourth" in history
    assert "Otters" not in history, "what did not come stays"
    view = await street.north.services.board.need(street.north.staff, NeedId(need))
    assert view.details
    assert [(each.code, each.said) for each in view.details.answers] == [
        ("no", ""), ("", "The fourth"), ("", "Otters"),
    ]  # fmt: skip
    again = typed | right | {f"own:{gone.id}": ""}
    assert (await street.ask(kim, "POST", path, again)).status == 303
    view = await street.north.services.board.need(street.north.staff, NeedId(need))
    assert view.details
    assert gone.id not in {each.question for each in view.details.answers}
    assert "done=as_it_was" in (await street.ask(kim, "POST", path, typed | right)).location
