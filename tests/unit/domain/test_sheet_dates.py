"""Days as people and spreadsheets write them; what can be read in two ways is asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.sheets.sheet_dates import orders, read_date

DAY = date(2020, 3, 15)


@pytest.mark.parametrize(
    "text",
    ["2020-03-15", "2020-03-15 22:49:40", "2020/3/15", "43905", "43905.95", "15 March 2020", "Mar 15, 2020",
     "March 15 2020", "Sunday, March 15, 2020", "15 de marzo de 2020", "15 mar. 2020"],
)  # fmt: skip
def test_what_is_clear_needs_no_order(text: str) -> None:
    for order in ("ymd", "mdy", "dmy"):
        assert read_date(text, order) == DAY


def test_an_order_decides_the_rest() -> None:
    assert read_date("3/4/2020", "mdy") == date(2020, 3, 4)
    assert read_date("3/4/2020", "dmy") == date(2020, 4, 3)
    assert read_date("3/4/2020", "ymd") is None
    assert read_date("3/15/2020 22:49:40", "dmy") is None


@pytest.mark.parametrize(
    "text", ["", "soon", "15", "12345678", "0", "00001", "2020-13-01", "31 Foo 2020", "1/2/3"]
)
def test_what_is_no_day(text: str) -> None:
    assert read_date(text, "dmy") is None


def test_one_day_above_twelve_tells_the_order_of_a_sheet() -> None:
    assert orders(["3/4/2020", "3/15/2020"]) == ("mdy",)
    assert orders(["3/4/2020", "15/3/2020"]) == ("dmy",)
    assert orders(["2020-03-04", "15 March 2020", "43905", "", "soon"]) == ("ymd",)


def test_what_can_be_read_both_ways_is_asked() -> None:
    assert orders(["3/4/2020", "5/6/2020"]) == ("dmy", "mdy")
    assert orders(["3/15/2020", "15/3/2020"]) == ("dmy", "mdy"), "several hands wrote it"
    assert orders(["5/5/2020"]) == ("dmy",), "the same either way"


@given(
    st.lists(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=8),
    st.sampled_from(["mdy", "dmy"]),
)
def test_the_true_order_is_always_among_those_offered_and_reads_every_day(
    days: list[date], order: str
) -> None:
    shape = "{0.month}/{0.day}/{0.year}" if order == "mdy" else "{0.day}/{0.month}/{0.year}"
    texts = [shape.format(day) for day in days]
    offered = orders(texts)
    fits = [each for each in offered if [read_date(text, each) for text in texts] == days]
    assert fits
