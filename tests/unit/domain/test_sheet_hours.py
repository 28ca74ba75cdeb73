"""When a volunteer can, as sheets say it: read in one way or not at all."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.hours import ALL_HOURS, Hours, in_order
from node.domain.sheets.mapping import Sort, read_mapping
from node.domain.sheets.sheet_guess import as_toml, columns_of, new_mapping
from node.domain.sheets.sheet_hours import read_cell, read_hours, write_hours
from node.domain.sheets.sheet_volunteers import UNCLEAR_HOURS, plan_volunteers
from node.domain.sheets.sheets import Row, Sheet
from node.errors import Invalid

SURE = {
    "Mon-Wed mornings": "Mon-Wed morning",
    "weekends": "Sat-Sun all day",
    "Mo Di vormittags": "Mon-Tue morning",
    "lunes y martes por la tarde": "Mon-Tue afternoon",
    "Lunes a viernes por la mañana": "Mon-Fri morning",
    "الاثنين والثلاثاء صباحًا": "Mon-Tue morning",
    "من الاثنين إلى الأربعاء": "Mon-Wed all day",
    "السبت بعد الظهر": "Sat afternoon",
    "Mon mornings and Tue evenings": "Mon morning; Tue evening",
    "Mornings: Mon, Tue": "Mon-Tue morning",
    "Weekdays (evenings)": "Mon-Fri evening",
    "weekday mornings and weekends": "Mon-Fri morning; Sat-Sun all day",
    "Mon/Wed/Fri afternoons": "Mon afternoon; Wed afternoon; Fri afternoon",
    "Fri-Mon": "Mon all day; Fri-Sun all day",
    "evenings": "Mon-Sun evening",
    "Anytime": "any time",
    "siempre": "any time",
    "": "any time",
    "nunca": "never",
    "any": "any time",
    "AM": "Mon-Sun morning",
    "Tue/Thu pm": "Tue afternoon; Thu afternoon",
    "Mon am Tue pm": "Mon morning; Tue afternoon",
    "am Montag": "Mon all day",
    "9-12": "Mon-Sun morning",
    "9am-12pm": "Mon-Sun morning",
    "0900-1200": "Mon-Sun morning",
    "9:00-17:00": "Mon-Sun morning and afternoon",
    "9-5": "Mon-Sun morning and afternoon",
    "10-2": "Mon-Sun morning",
    "2-4pm": "Mon-Sun afternoon",
    "14:00-16:00": "Mon-Sun afternoon",
    "Mon-Fri 9-12 and 14-17": "Mon-Fri morning and afternoon",
    "evenings after 6": "Mon-Sun evening",
    "Saturdays after 5pm": "Sat evening",
    "until 12": "Mon-Sun morning",
    "lunes de 9 a 12": "Mon morning",
    "a partir de las 18": "Mon-Sun evening",
    "por la tarde de 4 a 6": "Mon-Sun afternoon",
    "من 9 إلى 12": "Mon-Sun morning",
    "الاثنين بعد ٦ م": "Mon evening",
    "9-12 Uhr": "Mon-Sun morning",
}
TWO_WAYS = (
    "weekends and evenings", "evenings, weekends", "usually Monday", "not Mondays", "except Sunday", "after 9",
    "8-10", "6-8", "1-2", "1-2 evenings", "2-3 hours a week", "2-3 times", "17-19", "Sat mornings 14-16", "from 1 May",
    "10am",
    "9-12 May", "after 6 weeks", "12-12", "25-30", "I do mornings", "Mon-Fri, mornings", "so", "do",
    "ask me", "Mon?", "every other Tuesday",
    "Mon-mornings",
)  # fmt: skip


@pytest.mark.parametrize("text", SURE)
def test_read_in_one_way(text: str) -> None:
    found = read_hours(text)
    assert found is not None
    assert write_hours(found) == SURE[text]


@pytest.mark.parametrize("text", TWO_WAYS)
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert read_hours(text) is None


@given(st.sets(st.sampled_from(ALL_HOURS)))
def test_what_goes_out_comes_in_again(slots: set[str]) -> None:
    assert read_hours(write_hours(slots)) == in_order(slots)


@given(st.text(max_size=40))
def test_any_text_is_hours_or_a_question(text: str) -> None:
    found = read_hours(text)
    assert found is None or found == in_order(found)


def _read(columns: dict[str, str]) -> tuple[Hours | None, list[str]]:
    cells = {"Name": "Ana Invented", "Phone": "0117 496 0123", "How can you help?": "Groceries", **columns}
    sheet = Sheet(headings=tuple(cells), rows=(Row(line=2, cells=cells),))
    mapping = new_mapping("made up", Sort.VOLUNTEERS, "ymd", columns_of(sheet, Sort.VOLUNTEERS))
    kinds = catalogue()
    plan = plan_volunteers(sheet, read_mapping(as_toml(mapping), kinds), kinds, today=date(2026, 11, 2))
    hours = plan.rows[0].hours if plan.rows else None
    if plan.rows and columns:
        assert all(text in plan.rows[0].notes for text in columns.values()), "what was written is kept"
    return hours, [each.message for each in plan.errors]


def test_columns_of_a_form_are_known_and_read() -> None:
    assert _read({}) == (ALL_HOURS, [])
    assert _read({"Availability": "weekends"}) == (ALL_HOURS[15:], [])
    grid = {f"When are you available? [{day}]": "" for day in ("Monday", "Tuesday", "Sunday")}
    ticked = grid | {"When are you available? [Monday]": "Morning, Evening"}
    assert _read(ticked) == (("mon:morning", "mon:evening"), [])
    parts = {"When can you help? [Mornings]": "Monday, Wednesday", "When can you help? [Evenings]": "TRUE"}
    hours, errors = _read(parts)
    assert not errors
    assert hours is not None
    assert {"mon:morning", "wed:morning", "sun:evening"} <= set(hours)
    assert len(hours) == 9
    for unclear in ({"Availability": "after 9"}, {"When are you available? [Monday]": "Tuesday"}):
        assert _read(unclear) == (None, [UNCLEAR_HOURS])


def test_an_empty_cell_of_a_grid_is_no_time_and_a_tick_all_of_it() -> None:
    assert read_cell("", weekday="mon") == ()
    assert read_cell("x", weekday="mon") == ("mon:morning", "mon:afternoon", "mon:evening")


def test_what_a_text_means_is_asked_once_and_kept_with_the_mapping() -> None:
    said = [("school hours", ""), ("school hours", "odd"), ("9-12", "x")]
    cells = [
        {"Name": f"Ana {at}", "Phone": f"0117 496 010{at}", "Availability": text, "When [Monday]": also}
        for at, (text, also) in enumerate(said)
    ]
    sheet = Sheet(
        headings=tuple(cells[0]), rows=tuple(Row(line=at, cells=each) for at, each in enumerate(cells, 2))
    )
    kinds, today = catalogue(), date(2026, 11, 2)
    columns = {"Name": "name", "Phone": "phone", "Availability": "hours", "When [Monday]": "hours_mon"}
    draft = new_mapping("made up", Sort.VOLUNTEERS, "ymd", columns)
    plan = plan_volunteers(sheet, read_mapping(as_toml(draft), kinds), kinds, today=today)
    assert plan.unknown == {("hours", "school hours"): 2, ("hours_mon", "odd"): 1}
    assert [row.line for row in plan.rows] == [4]
    draft["values"] |= {
        "hours": {"school hours": "Tue morning", "*": "never"},
        "hours_mon": {"odd": "any time"},
    }
    told = plan_volunteers(sheet, read_mapping(as_toml(draft), kinds), kinds, today=today)
    assert not told.errors
    assert [row.hours for row in told.rows[:2]] == [
        ("tue:morning",),
        ("mon:morning", "mon:afternoon", "mon:evening", "tue:morning"),
    ]
    draft["values"] = {"hours": {"*": "never"}}
    asked = plan_volunteers(sheet, read_mapping(as_toml(draft), kinds), kinds, today=today)
    assert asked.unknown[("hours", "school hours")] == 2, "one cell with a star speaks for no other"
    draft["values"] = {}
    free = plan_volunteers(sheet, read_mapping(as_toml(draft), kinds), kinds, today=today, any_hours=True)
    assert not free.errors
    assert free.rows[0].hours == ALL_HOURS
    assert "school hours" in free.rows[0].notes
    with pytest.raises(Invalid, match="hours"):
        read_mapping(as_toml({**draft, "values": {"hours": {"x": "now and then"}}}), kinds)
