"""What the rows of a sheet become, by a saved mapping."""

from datetime import date
from pathlib import Path

import pytest

from node.domain.catalogue import Catalogue
from node.domain.need import CloseReason, NeedState, People, Repeats, Urgency
from node.domain.sheets.mapping import DateOrder, SheetMapping, read_mapping
from node.domain.sheets.sheet_dates import read_date
from node.domain.sheets.sheet_needs import NeedPlan, plan_needs
from node.domain.sheets.sheet_rows import SheetPlan
from node.domain.sheets.sheets import read_sheet
from node.errors import Invalid

CATALOGUE = Catalogue.load()
TODAY = date(2020, 3, 20)
LANSING = (Path(__file__).parents[3] / "examples" / "mappings" / "lansing.toml").read_text("utf-8")
HEADINGS = (
    "ID,Organizer,Status,Name,Timestamp,Address,email,telephone,Does your request need to remain anonymous? ,"
    "Number of people in household ,What do you need? Check all that apply,Is your need:,"
    "Add any details about your request:,Is your need recurring?,Organizer Results and Comments\n"
)
ROW = {
    "ID": "7",
    "Organizer": "Pat Invented",
    "Status": "",
    "Name": "Ada Example",
    "Timestamp": "3/15/2020 22:49:40",
    "Address": "12 Invented Street",
    "email": "ada@example.org",
    "telephone": "517 555 0123",
    "anonymous": "No",
    "people": "7",
    "need": "Food",
    "urgent": "",
    "details": "Ring twice.",
    "recurring": "",
    "results": "",
}


def lansing() -> SheetMapping:
    return read_mapping(LANSING, CATALOGUE)


def sheet_of(*rows: dict[str, str]) -> bytes:
    lines = [",".join(f'"{text}"' for text in (ROW | row).values()) for row in rows]
    return (HEADINGS + "\n".join(lines) + "\n").encode()


def plan(*rows: dict[str, str], open_: bool = False, stated: bool = False) -> SheetPlan[NeedPlan]:
    return plan_needs(
        read_sheet(sheet_of(*rows)), lansing(), CATALOGUE, today=TODAY, open_=open_, stated=stated
    )


def one(open_: bool = False, stated: bool = False, **row: str) -> NeedPlan:
    found = plan(row, open_=open_, stated=stated)
    assert not found.errors
    (only,) = found.rows
    return only


def test_a_plain_row() -> None:
    row = one()
    assert row.categories == ("food_parcel",)
    assert row.state is NeedState.NEW
    assert row.posted == date(2020, 3, 15)
    assert not row.to_check
    assert row.people is People.FIVE_OR_MORE
    assert (row.person.name, row.person.address) == ("Ada Example", "12 Invented Street")
    assert row.notes == "Ring twice."
    assert row.groups_see is None
    assert not row.keep_here


def test_nothing_in_a_row_is_lost() -> None:
    cells = {"Status": "Strange", "urgent": "as you like", "recurring": "perhaps", "results": "Called back."}
    row = one(**cells, people="a few", telephone="none", email="at work")
    kept = " ".join(
        [*row.leftovers.values(), row.notes, row.person.name, row.person.address, row.person.email]
    )
    for text in {**ROW, **cells, "people": "a few", "telephone": "none", "email": "at work"}.values():
        assert text in kept


@pytest.mark.parametrize(
    ("need", "codes"),
    [
        ("Food, pet care, clothing/laundry", ("food_parcel", "pet_food", "clothing", "laundry")),
        ("Pet care - food, litter", ("pet_food",)),
        ("Housing, Transportation for essential travel", ("housing", "lift")),
        ("Food, Food", ("food_parcel",)),
        ("Food, a piano tuner", ("food_parcel", "other")),
    ],
)
def test_several_kinds_in_one_cell(need: str, codes: tuple[str, ...]) -> None:
    assert one(need=need).categories == codes


def test_a_kind_that_nobody_knows_becomes_other_with_its_words() -> None:
    found = plan({"need": "a piano tuner, quickly"})
    assert found.rows[0].categories == ("other",)
    assert "a piano tuner, quickly" in found.rows[0].notes
    assert "Ring twice." in found.rows[0].notes
    assert "not known" in found.remarks[0].message


def test_a_row_with_no_choice_is_still_a_request() -> None:
    assert one(need="").categories == ("other",)
    assert one(need="I do not have resources to share").categories == ("other",)


def test_open_old_and_finished_rows() -> None:
    assert one(open_=True).state is NeedState.OPEN
    old = one(open_=True, Timestamp="3/5/2020 10:00:00")
    assert (old.state, old.to_check) == (NeedState.NEW, True)
    edge = one(open_=True, Timestamp="3/6/2020 10:00:00")
    assert (edge.state, edge.to_check) == (NeedState.OPEN, False)
    undated = one(open_=True, Timestamp="")
    assert (undated.state, undated.to_check) == (NeedState.NEW, True)
    strange = one(open_=True, Status="on the list")
    assert (strange.state, strange.to_check) == (NeedState.NEW, True)
    done = one(open_=True, Status="Completed (recurring) 4/15/20", Timestamp="1/5/2020 10:00:00")
    assert (done.state, done.close_reason, done.to_check) == (NeedState.CLOSED, CloseReason.COMPLETED, False)
    assert done.closed == date(2020, 1, 5)


@pytest.mark.parametrize(
    ("urgent", "urgency"),
    [
        ("Urgent! I need this within 24 hours", Urgency.TODAY),
        ("non urgent, I can wait a day or two", Urgency.THIS_WEEK),
        ("It would be great if available, but could survive without", Urgency.WHENEVER),
        ("", Urgency.THIS_WEEK),
        ("hm", Urgency.THIS_WEEK),
    ],
)
def test_urgency_is_a_sentence(urgent: str, urgency: Urgency) -> None:
    assert one(urgent=urgent).urgency is urgency


@pytest.mark.parametrize(
    ("recurring", "repeats"),
    [
        ("Yes, I would need this weekly.", Repeats.WEEKLY),
        ("Yes, I would need it occasionally.", Repeats.OTHER),
        ("One time need.", None),
        ("No, I only have need this one time I think.", None),
    ],
)
def test_repeats(recurring: str, repeats: Repeats | None) -> None:
    assert one(recurring=recurring).repeats is repeats


@pytest.mark.parametrize(
    ("answer", "stays"),
    [("No", False), ("no ", False), ("Yes", True), ("Yes, please", True), ("", True), ("?", True)],
)
def test_anonymous_keeps_a_need_here_and_so_does_doubt(answer: str, stays: bool) -> None:
    row = one(stated=True, anonymous=answer)
    assert row.keep_here is stays
    assert row.groups_see is (None if stays else True)


def test_a_sheet_with_its_own_column_for_consent() -> None:
    mapping = read_mapping(
        'version = 1\nname = "own"\n[columns]\ncategories = "Need"\nname = "Name"\ngroups_see = "See"\n',
        CATALOGUE,
    )
    sheet = read_sheet(b"Name,Need,See\nA,Food,yes\nB,Food,no\nC,Food,\nD,Food,maybe\n")
    found = plan_needs(sheet, mapping, CATALOGUE, today=TODAY, stated=True)
    assert [row.groups_see for row in found.rows] == [True, False, None, None]
    assert not any(row.keep_here for row in found.rows)


def test_bad_dates_are_errors_of_their_row_and_the_others_come_in() -> None:
    found = plan({"ID": "1", "Timestamp": "15/3/2020"}, {"ID": "2", "Timestamp": "4/1/2020"}, {"ID": "3"})
    assert [(error.line, error.column) for error in found.errors] == [(2, "Timestamp"), (3, "Timestamp")]
    assert [row.line for row in found.rows] == [4]


def test_the_same_row_twice_in_one_sheet_counts_once() -> None:
    found = plan({}, {})
    assert len(found.rows) == 1
    assert "twice" in found.errors[0].message


def test_a_row_is_recognised_when_its_status_has_moved_on() -> None:
    assert one().identity == one(Status="Completed", results="Done.").identity
    assert one().identity != one(ID="8").identity
    assert one(ID="", Name="B").identity != one(ID="").identity


def test_nobody_to_be_found_is_remarked() -> None:
    found = plan({"Address": "", "email": "", "telephone": ""})
    assert any("cannot be found" in remark.message for remark in found.remarks)


def test_missing_columns_are_named_all_at_once() -> None:
    with pytest.raises(Invalid, match=r"Timestamp.*What do you need"):
        plan_needs(read_sheet(b"Name,Address\nA,B\n"), lansing(), CATALOGUE, today=TODAY)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/15/2020 22:49:40", "mdy", date(2020, 3, 15)),
        ("15/3/2020", "dmy", date(2020, 3, 15)),
        ("15.3.20", "dmy", date(2020, 3, 15)),
        ("2020-03-15T10:00", "mdy", date(2020, 3, 15)),
        ("15/3/2020", "mdy", None),
        ("3/15/2020", "ymd", None),
        ("2/30/2020", "mdy", None),
        ("yesterday", "mdy", None),
        ("٣/15/2020", "mdy", None),
    ],
)
def test_dates(text: str, order: DateOrder, day: date | None) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ('version = 1\n[columns]\ncategories = "x"\n', "name is missing"),
        ('version = 2\nname = "x"\n[columns]\ncategories = "x"\n', "version must be 1"),
        ('version = 1\nname = "x"\n', "columns"),
        ('version = 1\nname = "x"\n[columns]\nname = "x"\n', "columns.categories is missing"),
        ('version = 1\nname = "x"\n[columns]\ncategories = 3\n', "columns.categories must be"),
        ('version = 1\nname = "x"\n[columns]\ncategories = "x"\nfood = "y"\n', "columns.food is not a field"),
        ('version = 1\nname = "x"\ndates = "us"\n[columns]\ncategories = "x"\n', "dates must be"),
        ('version = 1\nname = "x"\nspeed = 1\n[columns]\ncategories = "x"\n', "unknown key speed"),
        ('version = 1\nname = "x"\n[columns]\ncategories = "x"\n[choices]\nx = "magic"\n', "choices.'x'"),
        (
            'version = 1\nname = "x"\n[columns]\ncategories = "x"\n[values.status]\nx = "gone"\n',
            "values.status.'x' has no meaning 'gone'",
        ),
        ("no toml", "not TOML"),
    ],
)
def test_a_faulty_mapping_says_every_fault(change: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_mapping(change, CATALOGUE)


def test_a_name_and_an_address_in_several_columns_come_together() -> None:
    mapping = read_mapping(
        """
version = 1
name = "made-up"
[columns]
name = "First Name"
family_name = "Last Name"
address = "Street Address"
town = "City"
postcode = "Zip"
categories = "Needs"
""",
        CATALOGUE,
    )
    rows = b"""First Name,Last Name,Street Address,City,Zip,Needs
Ada,Example,12 Invented Street,Nowhere,BS4 9XX,Shopping
,Example,,Nowhere,,Shopping
"""
    made = plan_needs(read_sheet(rows), mapping, CATALOGUE, today=TODAY)
    assert [(row.person.name, row.person.address) for row in made.rows] == [
        ("Ada Example", "12 Invented Street, BS4 9XX, Nowhere"),
        ("Example", "Nowhere"),
    ]
