"""Spreadsheet files as others made them, and as somebody would make them to do harm."""

import io
import zipfile

import pytest

from node.domain.sheets import xlsx
from node.domain.sheets.sheet_table import FileKind, Table, written
from node.domain.sheets.sheets import read_sheet
from node.errors import Invalid
from tests.harness.workbook import CUSTOM_DATE, MAIN, workbook


def code(data: bytes, **more: str) -> str:
    with pytest.raises(Invalid) as refused:
        read_sheet(data, **more)
    return refused.value.code


def test_every_sort_of_cell_becomes_its_text() -> None:
    rows = [
        ["Name", "When", "Day", "Phone", "Old?", "Sum", "Half"],
        [
            "Añil <b>",
            ("date", 43905.95),
            ("date", 43905, CUSTOM_DATE),
            7700900001,
            True,
            ("formula", "1+1", "2"),
            0.5,
        ],
        [],
        ["=1+1", None, "3/4/2020", "+44 7700 900002"],
    ]
    sheet = read_sheet(workbook({"People": rows}))
    first, second = sheet.rows
    assert list(first.cells.values()) == [
        "Añil <b>", "2020-03-15 22:48:00", "2020-03-15", "7700900001", "TRUE", "2", "0.5",
    ]  # fmt: skip
    assert (first.line, second.line) == (2, 4)
    assert second.cells["Name"] == "=1+1", "a text that looks like a formula is a text"
    assert second.cells["Phone"] == "+44 7700 900002"


def test_days_of_a_file_from_a_mac_begin_in_1904() -> None:
    sheet = read_sheet(workbook({"A": [["Day"], [("date", 42443)]]}, from_1904=True))
    assert sheet.rows[0].cells["Day"] == "2020-03-15"


def test_one_page_of_several_hidden_ones_aside() -> None:
    data = workbook(
        {"Secret": [["X"], ["1"]], "One": [["A"], ["1"]], "Two": [["B"], ["2"]]}, hidden=["Secret"]
    )
    assert read_sheet(data).headings == ("A",)
    assert read_sheet(data).tabs == ("One", "Two")
    assert read_sheet(data, tab="Two").headings == ("B",)
    assert code(data, tab="Secret") == "no_tab"


def test_a_title_above_the_headings_is_no_heading() -> None:
    rows = [["Requests in March"], ["Name", "Need"], ["Ada", "Food"], ["Bo", "Lift"]]
    sheet = read_sheet(workbook({"A": rows}, merged=["A1:B1"]))
    assert sheet.headings == ("Name", "Need")
    assert [row.line for row in sheet.rows] == [3, 4]
    assert read_sheet(b"Requests,\nName,Need\nAda,Food\n").headings == ("Name", "Need")


def test_headings_twice_are_told_apart() -> None:
    sheet = read_sheet(
        workbook({"A": [["Name", "Phone", "Phone", None, "Need"], ["Ada", "1", "2", "3", "4"]]})
    )
    assert sheet.headings == ("Name", "Phone", "Phone (3)", "(4)", "Need")


@pytest.mark.parametrize(
    ("merged", "wanted"),
    [("B1:C1", "merged_headings"), ("A1:A2", "merged_headings"), ("A3:A4", "merged_rows")],
)
def test_joined_cells_that_leave_it_open_what_belongs_together(merged: str, wanted: str) -> None:
    rows = [["Name", "Contact"], ["Ada", "1", "2"], ["Bo", "3", "4"], ["", "5", "6"]]
    assert code(workbook({"A": rows}, merged=[merged])) == wanted


def test_a_page_that_unpacks_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_UNPACKED", 1_000_000)
    row = f'<row><c t="inlineStr"><is><t>{"x" * 100}</t></is></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * 20_000}</sheetData></worksheet>'
    bomb = workbook({"A": [["x"]]}, more={"xl/worksheets/sheet1.xml": sheet})
    assert len(bomb) < 30_000
    assert code(bomb) == "unpacks_too_large"


def test_a_size_that_is_lied_about_does_not_help() -> None:
    row = f'<row><c t="inlineStr"><is><t>{"x" * 100}</t></is></c></row>'
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{row * 5_000}</sheetData></worksheet>'
    data = bytearray(workbook({"A": [["x"]]}, more={"xl/worksheets/sheet1.xml": sheet}))
    size = len(sheet).to_bytes(4, "little")
    assert data.count(size) == 2
    at = data.rindex(size)
    data[at : at + 4] = (100).to_bytes(4, "little")
    assert code(bytes(data)) == "not_a_spreadsheet"


@pytest.mark.parametrize(
    "bad",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]><worksheet/>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><worksheet/>',
        "<worksheet><sheetData>",
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="n"><v>1e</v></c></row></sheetData></worksheet>',
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="x"><c/></row></sheetData></worksheet>',
    ],
)
def test_pages_made_to_do_harm_are_refused(bad: str) -> None:
    assert code(workbook({"A": [["Name"]]}, more={"xl/worksheets/sheet1.xml": bad})) == "not_a_spreadsheet"


def test_too_many_columns_rows_parts_and_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="ZZZ1"><v>1</v></c></row></sheetData></worksheet>'
    assert code(workbook({"A": [["x"]]}, more={"xl/worksheets/sheet1.xml": wide})) == "too_wide"
    assert code(workbook({"A": [["Name"], ["x" * 30_000]]})) == "long_cell"
    assert code(workbook({"A": []})) == "empty_sheet"
    monkeypatch.setattr("node.domain.sheets.sheets.MAX_ROWS", 3)
    assert code(workbook({"A": [["Name"], *([["x"]] * 9)]})) == "too_many_rows"
    monkeypatch.setattr(xlsx, "MAX_PARTS", 3)
    assert code(workbook({"A": [["x"]]})) == "unpacks_too_large"


def test_what_is_no_spreadsheet_of_this_kind() -> None:
    assert code(b"\xd0\xcf\x11\xe0 an old or locked one") == "spreadsheet_file"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert code(out.getvalue()) == "not_a_spreadsheet"
    assert code(workbook({"A": [["x"]]})[:-20]) == "not_a_spreadsheet"


@pytest.mark.parametrize("kind", list(FileKind))
def test_what_goes_out_comes_in_again_and_no_cell_is_a_formula(kind: FileKind) -> None:
    evil = [
        "=HYPERLINK(1)",
        "+44 7700 900003",
        "-1",
        "@SUM(A1)",
        "  =2+2",
        "'quoted",
        'a "b", c',
        "two\nlines",
        "07700",
    ]
    table = Table(headings=tuple(f"H{n}" for n in range(len(evil))), rows=[tuple(evil), ("",) * len(evil)])
    data = written(table, kind)
    again = read_sheet(data)
    assert again.headings == table.headings
    assert list(again.rows[0].cells.values()) == [each.strip() for each in evil]
    if kind is FileKind.CSV:
        text = data.decode("utf-8-sig")
        assert "'=HYPERLINK" in text
        assert "'+44" in text
        assert "'@SUM" in text
        assert "'  =2+2" in text
    else:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            assert b"<f>" not in packed.read("xl/worksheets/sheet1.xml")


def test_letters_that_xml_cannot_say_are_left_out() -> None:
    table = Table(headings=("A",), rows=[("a\x00b\x1b\ud800c",)])
    assert read_sheet(written(table, FileKind.XLSX)).rows[0].cells["A"] == "abc"


@pytest.mark.parametrize(
    ("at", "value"), [(6, 1), (8, 99)], ids=["with a password", "packed in an unknown way"]
)
def test_a_part_that_python_cannot_unpack_is_said_in_words(at: int, value: int) -> None:
    data = bytearray(workbook({"A": [["Name"], ["Ada"]]}))
    for mark, shift in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):  # each part says it twice
        found = data.find(mark)
        while found >= 0:
            data[found + at + shift] = value
            found = data.find(mark, found + 4)
    assert code(bytes(data)) == "not_a_spreadsheet"
