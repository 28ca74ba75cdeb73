"""The board's benchmark prints nothing unless both sides show the same."""

import pytest

from tests.bench.board import compare

FACTS = [
    {"reference": "123456789", "name": "Made Up", "notes": "the bell is broken", "asked": ["Vera Invented"]},
    {"reference": "987654321", "name": "Made Up", "notes": "the bell is broken", "asked": []},
]
PAGE = "123456789 Made Up the bell is broken Vera Invented"


def test_two_boards_that_show_the_same_may_be_compared() -> None:
    compare(FACTS, ["123456789", "987654321"], PAGE)


@pytest.mark.parametrize("shown", [[], ["123456789"], ["123456789", "000000000"]])
def test_two_boards_that_show_different_requests_may_not(shown: list[str]) -> None:
    with pytest.raises(AssertionError, match="different requests"):
        compare(FACTS, shown, PAGE)


def test_nor_where_one_page_says_less() -> None:
    with pytest.raises(AssertionError, match="Vera"):
        compare(FACTS, ["123456789", "987654321"], PAGE.replace("Vera", "Somebody"))
