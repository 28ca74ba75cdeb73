"""Whole numbers as people write them."""

import pytest

from ui import forms


@pytest.mark.parametrize(
    "text", ["20000", "20,000", "20.000", "20 000", "20\u202f000", "20’000", " 20000 ", "٢٠٬٠٠٠", "٢٠٠٠٠"]
)
def test_twenty_thousand(text: str) -> None:
    assert forms.whole(text) == 20_000


@pytest.mark.parametrize("text", ["", "many", "20,00", "1.5", "-3", "20,0000", "2" * 30, "²"])
def test_what_is_none(text: str) -> None:
    assert forms.whole(text) is None
