"""A group's own questions: what fits, what counts as an answer, and how answers are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.answers import Answer, together
from node.domain.settings.questions import (
    CHOICES,
    MOST_ANSWER,
    MOST_LETTERS,
    AskedAt,
    Kind,
    Question,
    count,
    problems,
    read,
)
from node.errors import Invalid

LIFT = Question(
    id="lift",
    kind=Kind.YES_NO,
    asked=frozenset({AskedAt.CALL}),
    words={"en": "Is there a lift?", "es": "¿Hay ascensor?"},
    choices={},
)
HEARD = Question(
    id="heard",
    kind=Kind.CHOICE,
    asked=frozenset({AskedAt.CALL, AskedAt.PAGE}),
    words={"en": "Where did you hear of us?"},
    choices={"1": {"en": "A neighbour", "es": "Por una vecina"}, "4": {"en": "The library"}},
)
FLOOR = Question(
    id="floor", kind=Kind.TEXT, asked=frozenset({AskedAt.HELPER}), words={"es": "¿Qué piso?"}, choices={}
)


def test_a_question_is_said_in_the_readers_language_or_the_best_there_is() -> None:
    assert LIFT.say("es") == "¿Hay ascensor?"
    assert LIFT.say("ar") == "Is there a lift?"
    assert FLOOR.say("en") == "¿Qué piso?"
    assert HEARD.answers("es") == {"1": "Por una vecina", "4": "The library"}


def test_answers_keep_the_words_that_were_asked() -> None:
    found = read([LIFT, HEARD, FLOOR], {"lift": "no", "heard": "4", "floor": "  the\n third "}, "es")
    assert found == (
        Answer(question="lift", asked="¿Hay ascensor?", code="no", said=""),
        Answer(question="heard", asked="Where did you hear of us?", code="4", said="The library"),
        Answer(question="floor", asked="¿Qué piso?", code="", said="the third"),
    )


def test_nothing_typed_and_nothing_known_is_no_answer() -> None:
    assert read([LIFT, FLOOR], {"lift": "", "floor": " \n", "heard": "1", "gone": "yes"}, "en") == ()


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        (LIFT, "maybe"),
        (LIFT, "1"),
        (HEARD, "2"),
        (HEARD, "yes"),
        (FLOOR, "x" * (MOST_ANSWER + 1)),
        (FLOOR, "\u202e"),
    ],
)
def test_an_answer_that_was_not_offered_is_refused(question: Question, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read([question], {question.id: typed}, "en")
    assert set(refused.value.fields) == {f"own:{question.id}"}


def changed(question: Question, **parts: object) -> Question:
    held = {name: getattr(question, name) for name in ("id", "kind", "asked", "words", "choices")}
    return Question(**{**held, **parts})


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (changed(LIFT, words={}), "words"),
        (changed(LIFT, words={"en": " "}), "words"),
        (changed(LIFT, words={"xx": "Is there?"}), "words"),
        (changed(LIFT, words={"en": "x" * (MOST_LETTERS + 1)}), "words"),
        (changed(LIFT, words={"en": "a\u202eb"}), "words"),
        (changed(LIFT, choices={"1": {"en": "a"}}), "choices"),
        (changed(HEARD, choices={"1": {"en": "a"}}), "choices"),
        (changed(HEARD, choices={"1": {"en": "a"}, "9": {"en": "b"}}), "choices"),
        (changed(HEARD, choices={"1": {"en": "a"}, "2": {"en": "A"}}), "choices"),
        (changed(HEARD, choices={"1": {"en": "a"}, "2": {"en": ""}}), "choice:2"),
    ],
)
def test_what_is_no_question_says_where(question: Question, field: str) -> None:
    assert field in problems(question)
    assert not problems(LIFT)
    assert not problems(HEARD)


WORDS = st.text("abc?", min_size=1, max_size=5)
QUESTIONS = st.lists(
    st.builds(
        lambda id, kind, codes: Question(
            id=id,
            kind=kind,
            asked=frozenset({AskedAt.CALL}),
            words={"en": f"{id}?"},
            choices={code: {"en": f"choice {code}"} for code in codes} if kind is Kind.CHOICE else {},
        ),
        st.sampled_from("abcdef"),
        st.sampled_from(Kind),
        st.sets(st.sampled_from(CHOICES), min_size=2),
    ),
    unique_by=lambda question: question.id,
)
TYPED = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from(["", "yes", "no", "1", "2", "a b"]))


@given(QUESTIONS, st.lists(TYPED, max_size=6))
def test_every_answer_is_counted_once(questions: list[Question], forms: list[dict[str, str]]) -> None:
    given_answers: list[Answer] = []
    for typed in forms:
        try:
            given_answers += read(questions, typed, "en")
        except Invalid:
            continue
    found = count(given_answers)
    assert sum(each.times for each in found) == len(given_answers)
    for each in found:
        assert each.times == sum(times for _, times in each.answers.values())
        times = [times for _, times in each.answers.values()]
        assert times == sorted(times, reverse=True)


def test_whoever_answers_again_has_one_answer() -> None:
    first = Answer(question="lift", asked="Is there a lift?", code="no", said="")
    again = Answer(question="lift", asked="Is there a lift?", code="yes", said="")
    other = Answer(question="floor", asked="Which floor?", code="", said="third")
    assert together((first, other), (again,)) == (again, other)
