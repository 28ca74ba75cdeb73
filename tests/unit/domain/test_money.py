"""Amounts as people type them, in hundredths."""

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from node.domain.money import MOST_HUNDREDTHS, Money, parse, plain


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("", 0), (" ", 0), ("45", 4500), ("£45.50", 4550), ("45,5 €", 4550), ("1.200", 120_000), ("1,200.50", 120_050),
        ("1.200,50", 120_050), ("1 200", 120_000), ("$ 20", 2000), ("٤٥٫٥٠", 4550), ("45 pounds", 4500),
        ("1'200", 120_000),
        ("0", None), ("-5", None), ("12.3456", None), ("forty", None), ("4 5", None), ("1,20,0", None),
        ("999999999", None), ("5 to 10", None),
    ],
)  # fmt: skip
def test_what_people_type(text: str, hundredths: int | None) -> None:
    assert parse(text) == hundredths


@given(st.integers(1, MOST_HUNDREDTHS), st.sampled_from(["en", "es", "de", "ar", "fr", "de_CH"]))
def test_what_a_locale_writes_is_read_again(hundredths: int, locale: str) -> None:
    assert parse(plain(hundredths)) == hundredths
    assert parse(format_decimal(hundredths / 100, "#,##0.00", locale=locale)) == hundredths
    assert parse(format_currency(hundredths / 100, "GBP", locale=locale)) == hundredths


def test_more_than_the_group_gives() -> None:
    assert Money(asked=5001, most=5000).over
    assert not Money(asked=5000, most=5000).over
    assert not Money(asked=5001).over
    assert Money(asked=12_050, most=5000, currency="GBP").told == "GBP 120.50, max. 50"
    assert Money().told == ""
