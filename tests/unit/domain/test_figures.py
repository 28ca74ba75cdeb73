"""The group's own figures: the days that a reader asks for, and what others may see."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.domain.board.figures import (
    MOST_DAYS,
    SMALL,
    Figures,
    Laid,
    Period,
    Waited,
    few_hidden,
    for_outsiders,
    period,
)

TODAY = date(2026, 3, 2)
DAYS = st.none() | st.dates(TODAY - timedelta(days=5000), TODAY + timedelta(days=5000))


@given(first=DAYS, last=DAYS)
def test_days_are_always_in_order_not_to_come_and_not_too_many(first: date | None, last: date | None) -> None:
    found = period(first, last, TODAY)
    assert found.first <= found.last <= TODAY
    assert (found.last - found.first).days <= MOST_DAYS


def test_four_weeks_unless_said_and_two_days_in_the_wrong_order_are_turned() -> None:
    assert period(None, None, TODAY) == Period(first=date(2026, 2, 3), last=TODAY)
    turned = period(date(2026, 2, 9), date(2026, 2, 1), TODAY)
    assert turned == Period(first=date(2026, 2, 1), last=date(2026, 2, 9))


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 12), max_size=8))
def test_no_small_number_can_be_worked_out_from_the_sum_and_the_rest(counts: dict[str, int]) -> None:
    told = few_hidden(counts)
    hidden = [number for code, number in counts.items() if told[code] is None]
    assert all(told[code] in (number, None) for code, number in counts.items())
    assert not [number for number in told.values() if number and number < SMALL]
    others = [number for number in counts.values() if number]
    assert len(hidden) != 1 or len(others) == 1, (
        "what is missing from the sum is the one number that is hidden"
    )
    if not [number for number in others if number < SMALL]:
        assert hidden == []


def test_what_others_get_says_nothing_of_few() -> None:
    few = Waited(of=4, half=60, most=90)
    figures = Figures(
        period=Period(first=TODAY, last=TODAY),
        counts={"came_in": 4, "open_now": 0, "active": 5},
        kinds={"groceries": 9, "post": 4, "pets": 0},
        ended={},
        first_answer=few,
        done=Waited(of=5, half=60, most=90),
        laid=Laid(receipts=4, sum=999),
    )
    told = for_outsiders(figures)
    assert told.counts == {"came_in": None, "open_now": 0, "active": 5}
    assert told.kinds == {"groceries": None, "post": None, "pets": 0}
    assert told.first_answer == Waited(of=None, half=None, most=None)
    assert told.done == figures.done
    assert told.laid == Laid(receipts=None, sum=None)
    assert not figures.empty
    assert not replace(told, counts={"came_in": None}, kinds={}).empty, "hidden is not nothing"


def test_a_part_is_hidden_where_the_rest_of_the_whole_is_small_and_nothing_is_told_as_nothing() -> None:
    few = Waited(of=0, half=None, most=None)
    figures = Figures(
        period=Period(first=TODAY, last=TODAY),
        counts={"came_in": 12, "by_phone": 9, "open_now": 12, "unmet": 6},
        kinds={},
        ended={},
        first_answer=few,
        done=few,
        laid=Laid(receipts=0, sum=0),
    )
    told = for_outsiders(figures)
    assert told.counts == {"came_in": 12, "by_phone": None, "open_now": 12, "unmet": 6}
    assert told.laid == figures.laid
