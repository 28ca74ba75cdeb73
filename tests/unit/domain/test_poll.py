"""Short polls: what may be asked, and what everybody is shown of the counts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from node.domain.settings.polls import (
    FARTHEST_DAYS,
    HIDDEN_BELOW,
    Asked,
    Poll,
    for_everybody,
    for_the_desk,
    is_open,
    poll_from,
    poll_record,
    problems,
    words_from,
    words_problems,
    words_record,
)

TODAY = date(2026, 3, 2)
POLL = Poll(
    id="p",
    question="What is missing most?",
    choices=("Coats", "Beds", "Company"),
    begun=TODAY,
    until=TODAY + timedelta(days=7),
    shown=True,
)


@given(st.dictionaries(st.integers(0, 2), st.integers(0, 40)))
def test_no_small_count_is_shown_and_the_desk_sees_all(counts: dict[int, int]) -> None:
    for everybody, desk in zip(for_everybody(POLL, counts), for_the_desk(POLL, counts), strict=True):
        assert everybody.choice == desk.choice
        assert desk.count is not None
        assert everybody.count == (desk.count if desk.count >= HIDDEN_BELOW else None)


def test_it_can_be_answered_through_its_last_day() -> None:
    assert is_open(POLL, POLL.until)
    assert not is_open(POLL, POLL.until + timedelta(days=1))


def test_what_may_be_asked() -> None:
    assert problems(POLL.question, POLL.choices, POLL.until, TODAY) == {}
    far = TODAY + timedelta(days=FARTHEST_DAYS + 1)
    assert problems(" ", ("one",), far, TODAY).keys() == {"question", "choices", "until"}
    assert problems("x" * 161, ("a", "a"), TODAY, TODAY).keys() == {"question", "choices"}
    assert problems("x", ("a", "b" * 81), TODAY - timedelta(days=1), TODAY).keys() == {"choices", "until"}
    assert problems("x", tuple("abcdefg"), TODAY, TODAY).keys() == {"choices"}


SPANISH = Asked(question="¿Qué falta más?", choices=("Abrigos", "Camas", "Compañía"), language="es")
BOTH = replace(POLL, language="en", also={"es": SPANISH})


def test_each_reads_it_in_a_language_that_there_is() -> None:
    assert BOTH.say("es") == SPANISH
    assert {BOTH.say(code).language for code in ("en", "ar")} == {"en"}
    assert POLL.say("es") == Asked(question=POLL.question, choices=POLL.choices)
    arabic_first = replace(POLL, language="ar", also={"en": replace(SPANISH, language="en")})
    assert [arabic_first.say(code).language for code in ("ar", "en", "es")] == ["ar", "en", "en"]
    assert for_the_desk(BOTH, {1: 3}, "es")[1].choice == "Camas"


def test_in_each_language_there_are_as_many_answers() -> None:
    def found(**changes: Any) -> set[str]:
        also = {"es": replace(SPANISH, **changes)}
        return set(problems(POLL.question, POLL.choices, POLL.until, TODAY, also))

    assert found() == set()
    assert found(choices=("Abrigos", "Camas")) == {"choices:es"}
    assert found(choices=("Abrigos", "Camas", "Camas")) == {"choices:es"}
    assert found(question="") == {"question:es"}
    assert set(problems(POLL.question, POLL.choices, POLL.until, TODAY, {"xx": SPANISH})) == {"question:xx"}


def test_what_waits_comes_back() -> None:
    assert poll_from(poll_record(BOTH)) == BOTH
    assert poll_from({key: value for key, value in poll_record(POLL).items() if key != "also"}) == POLL
    assert poll_from(poll_record(POLL)) == POLL


def test_words_of_one_language_come_later() -> None:
    first = replace(POLL, language="en")
    assert first.missing(("en", "es", "ar")) == ("es", "ar")
    assert POLL.missing(("en", "es")) == (), "nobody knows in which it was written"
    assert words_problems(first, SPANISH) == {}
    both = first.saying(SPANISH)
    assert (both.say("es"), both.missing(("en", "es", "ar"))) == (SPANISH, ("ar",))
    assert both.saying(replace(SPANISH, question="", choices=())) == first
    mended = Asked(question="What is missing?", choices=("Coats", "Beds", "Somebody"), language="en")
    assert both.saying(mended).say("en") == mended
    assert both.saying(mended).say("es") == SPANISH
    assert words_from("es", words_record(SPANISH)) == SPANISH
    wrong_ones: list[tuple[dict[str, Any], set[str]]] = [
        ({"choices": ("Abrigos", "Camas")}, {"choices"}),
        ({"choices": ("a", "a", "b")}, {"choices"}),
        ({"question": ""}, {"question"}),
        ({"question": "x" * 161}, {"question"}),
        ({"language": "xx"}, {"question"}),
        ({"language": "en", "choices": ("a", "b")}, {"choices"}),
        ({"language": "en", "question": ""}, {"question"}),
    ]
    for changes, wrong in wrong_ones:
        assert words_problems(both, replace(SPANISH, **changes)).keys() == wrong
