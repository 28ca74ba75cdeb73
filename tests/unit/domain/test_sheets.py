"""Sheets as files: what can be read, and what is told in words when it cannot."""

import pytest

from node.domain.catalogue import Catalogue
from node.domain.sheets.sheets import MAX_BYTES, MAX_CELL, MAX_ROWS, heading_key, read_sheet, split_choices
from node.errors import Invalid

KNOWN = Catalogue.load().aliases


def test_a_sheet_as_spreadsheets_write_it() -> None:
    sheet = read_sheet('\ufeffName ,"What, please? ",\r\nA B,"two\nlines",\r\n,,\r\n C ,x,\r\n'.encode())
    assert sheet.headings == ("Name", "What, please?")
    assert [row.line for row in sheet.rows] == [2, 4]
    assert sheet.rows[0].cells == {"Name": "A B", "What, please?": "two\nlines"}
    assert sheet.rows[1].cells["Name"] == "C"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_three_separators(separator: str) -> None:
    sheet = read_sheet(f"Name{separator}Need\nA{separator}Food\n".encode())
    assert sheet.rows[0].cells == {"Name": "A", "Need": "Food"}


def test_utf_16_as_some_spreadsheets_save_it() -> None:
    assert read_sheet("Nombre,Qué\nAñil,Compras\n".encode("utf-16")).rows[0].cells["Nombre"] == "Añil"


def test_short_rows_are_filled_and_doubled_headings_numbered() -> None:
    sheet = read_sheet(b"A,B,A,\n1\n1,2,3\n")
    assert sheet.headings == ("A", "B", "A (3)")
    assert sheet.rows[0].cells == {"A": "1", "B": "", "A (3)": ""}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_sheet"),
        (b"\n\n ,\n", "empty_sheet"),
        (b"PK\x03\x04anything", "not_a_spreadsheet"),
        (b"\xd0\xcf\x11\xe0old", "spreadsheet_file"),
        (b"%PDF-1.7", "not_a_sheet"),
        (b"<html><table>", "not_a_sheet"),
        (b'{"rows": []}', "not_a_sheet"),
        (b"Name,Need\nA\x00B,Food\n", "not_a_sheet"),
        ("Name,Need\nAñil,Food\n".encode("latin-1"), "not_utf8"),
        (b"\xff\xfeN", "not_utf8"),
        (b"Name,Need\nA,Food,more\n", "ragged_row"),
        (b'Name,Need\nA,"Food\nB,Food\n', "bad_quotes"),
        (b'Name,Need\nA,"Food"x\n', "bad_quotes"),
        (b"Name,Need\nA," + b"x" * (MAX_CELL + 1) + b"\n", "long_cell"),
        (b"Name,Need\nA," + b"x" * 200_000 + b"\n", "long_cell"),
        (b"Need\n" + b"Food\n" * (MAX_ROWS + 1), "too_many_rows"),
        (bytes(MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_sheet(data)
    assert caught.value.code == code
    assert str(caught.value)


def test_lines_above_the_headings_are_passed_over_or_told_as_such() -> None:
    sheet = read_sheet(b"Our needs list,,\nupdated 3 May,,\nName,Phone,Need\nAnn,1,Food\n")
    assert sheet.headings == ("Name", "Phone", "Need")
    assert [row.line for row in sheet.rows] == [4]
    for lines in (
        b"Our needs list\nupdated 3 May\nName,Phone,Need\nAnn,1,Food\n",
        b"Needs list,updated 3 May\nName,Phone,Need\nAnn,1,Food\nBo,2,Lift\n",
    ):
        with pytest.raises(Invalid, match="Take the lines above the headings away") as caught:
            read_sheet(lines)
        assert caught.value.code == "title_above"
    with pytest.raises(Invalid, match="quotation mark"):
        read_sheet(b"Name,Need\n" + b"A,Food\n" * 5 + b"B,Food,more\n")
    one = read_sheet(b"Need\nFood\nLift\n")
    assert (one.headings, len(one.rows)) == (("Need",), 2)


def test_the_row_of_a_fault_is_named_as_the_spreadsheet_numbers_it() -> None:
    with pytest.raises(Invalid, match="Row 3 has more cells"):
        read_sheet(b'Name,Need\n"A\nB",Food\nC,Food,x\n')


def test_a_heading_is_found_however_it_is_blanked() -> None:
    sheet = read_sheet(b'"Does it need to stay anonymous?  ",Is your need:\nNo,x\n')
    assert sheet.heading(["Does it need to stay anonymous?<br><br>If you can, say no."])
    assert sheet.heading(["is your  need"]) == "Is your need:"
    assert sheet.heading(["Something else"]) is None
    assert heading_key("Name ") == heading_key("name:")


def test_a_heading_that_stands_there_twice_is_not_guessed() -> None:
    with pytest.raises(Invalid, match="twice"):
        read_sheet(b"Name,name \nA,B\n").heading(["Name"])


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        ("Food, pet care, clothing/laundry", ["Food", "pet care", "clothing/laundry"]),
        ("Pet care - food, litter", ["Pet care - food, litter"]),
        ("Housing, Pet care - food, litter, Clothing", ["Housing", "Pet care - food, litter", "Clothing"]),
        ("Food;Laundry access", ["Food", "Laundry access"]),
        ("Food\nLifts", ["Food", "Lifts"]),
        ("Food, a ladder, really, a long one, Lifts", ["Food", "a ladder, really, a long one", "Lifts"]),
        ("something, else entirely", ["something, else entirely"]),
        ("", []),
        (" , ,", []),
    ],
)
def test_choices_with_commas_inside(cell: str, choices: list[str]) -> None:
    assert split_choices(cell, KNOWN) == choices
