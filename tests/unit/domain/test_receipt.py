"""Receipts: amounts as people type them, the cap, settled once, totals by month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.rounds import receipt as rules
from node.domain.rounds.receipt import ReceiptMove, ReceiptState
from node.errors import Conflict

AMOUNTS = st.integers(1, rules.MAX_AMOUNT)


def test_nothing_is_paid_twice_and_every_mistake_can_be_taken_back() -> None:
    assert rules.after(ReceiptState.CLAIMED, ReceiptMove.PAY) is ReceiptState.PAID
    with pytest.raises(Conflict):
        rules.after(ReceiptState.PAID, ReceiptMove.PAY)
    with pytest.raises(Conflict):
        rules.after(ReceiptState.REFUSED, ReceiptMove.PAY)
    for state in (ReceiptState.PAID, ReceiptState.REFUSED):
        assert rules.after(state, ReceiptMove.TAKE_BACK) is ReceiptState.CLAIMED


@given(st.lists(AMOUNTS, max_size=8), AMOUNTS, st.integers(0, 5_000_000))
def test_the_cap_holds_for_the_sum(counted: list[int], amount: int, cap: int) -> None:
    if not rules.over_cap(cap, counted, amount):
        assert cap == 0 or sum(counted) + amount <= cap
    assert rules.over_cap(cap, counted, amount) is (cap > 0 and sum([*counted, amount]) > cap)


@given(
    st.lists(
        st.tuples(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.sampled_from(ReceiptState), AMOUNTS),
        max_size=20,
    )
)
def test_no_penny_is_lost_between_the_months(lines: list[tuple[date, ReceiptState, int]]) -> None:
    months = rules.by_month(lines)
    assert sum(month.claimed + month.paid + month.refused for month in months) == sum(
        amount for _, _, amount in lines
    )
    assert [month.first for month in months] == sorted(
        {day.replace(day=1) for day, _, _ in lines}, reverse=True
    )


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", 1250), ("12,5", 1250), (" 12 ", 1200), ("0.07", 7), ("", None), ("-3", None), ("12.505", None),
     ("1e3", None), ("٣", None), ("12.٣", None), ("£3", None), ("99999999", None), (".5", None)],
)  # fmt: skip
def test_amounts_as_people_type_them(text: str, amount: int | None) -> None:
    assert rules.hundredths(text) == amount
