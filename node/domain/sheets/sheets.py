"""A sheet as a file, CSV or .xlsx: bytes in, rows of text out. Every fault is told in words of somebody who has a
spreadsheet.

Nothing is guessed that could be guessed wrong: bytes that are not UTF-8 (or UTF-16) are refused unless somebody says
what they are, and a row with more cells than the headings means that a quotation mark is missing somewhere, so
nothing is taken from it.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from node.domain.catalogue import text_key
from node.domain.sheets.sheet_table import fused
from node.domain.sheets.xlsx import Grid, read_xlsx
from node.errors import N_, Invalid

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
MAX_CELL = 20_000

_SEPARATORS = (",", ";", "\t")
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OLDER_WINDOWS = "windows-1252"
"""What a spreadsheet on an older Windows writes as CSV in western Europe and the Americas."""
ENCODINGS = ("", OLDER_WINDOWS)
"""What may be said of the letters in a CSV; empty: nothing."""
_TITLE_LINES = 5
"""Lines above the headings: a name, a day, whose sheet it is."""
_LOOKED_AT = 20
"""Rows by which it is seen whether the headings are as wide as what stands below."""
_TAG = re.compile(r"<br\b.*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: where it stands in the file (the heading is line 1), and its cells by heading."""

    line: int
    cells: Mapping[str, str]
    """Heading as it stands in the sheet -> text with outer blanks removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A whole sheet. Headings are unique; a second one of the same name got a number."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    tabs: tuple[str, ...] = ()
    """The pages of a spreadsheet file, if it has several that are not hidden."""

    def heading(self, names: Iterable[str]) -> str | None:
        """The heading that one of these names means; blanks, capitals and closing punctuation do not matter.

        Raises ``Invalid`` if two columns carry it.
        """
        wanted = {heading_key(name) for name in names}
        found = [heading for heading in self.headings if heading_key(heading) in wanted]
        if len(found) > 1:
            raise Invalid(
                "column_twice",
                N_("The sheet has the column %(column)s twice. Rename one of them."),
                column=found[0],
            )
        return found[0] if found else None


def heading_key(heading: str) -> str:
    """A heading as it is compared. What a form shows below the question (after a line break) does not
    count.
    """
    return text_key(_TAG.sub("", heading)).rstrip("?").strip()


def read_sheet(data: bytes, *, encoding: str = "", tab: str = "") -> Sheet:
    """The sheet in a CSV file (comma, semicolon or tab, quoted as spreadsheets do), or one page of an .xlsx file.

    ``encoding``: one of ``ENCODINGS``. Raises ``Invalid`` for anything else.
    """
    if len(data) > MAX_BYTES:
        raise Invalid(
            "too_large",
            N_("This file is larger than %(most)s MB. Split it into several files."),
            most=MAX_BYTES // 1_000_000,
        )
    if data.startswith(_OLD):
        raise Invalid(
            "spreadsheet_file",
            N_(
                "This spreadsheet is of an old kind or has a password. Open it, choose Save as, and take .xlsx or CSV."
            ),
        )
    if not data.startswith(_ZIP):
        return _sheet(_rows(_text(data, encoding)))
    grid = read_xlsx(data, tab, most_rows=MAX_ROWS, most_letters=MAX_CELL)
    for number, cells in grid.rows:
        if any(len(cell) > MAX_CELL for cell in cells):
            raise _long_cell(number)
    return _sheet(grid.rows, grid)


def _sheet(rows: Sequence[tuple[int, list[str]]], grid: Grid | None = None) -> Sheet:
    at = _heading_at(rows)
    if grid is not None and rows:
        _no_joined(grid, rows[at][0])
    if not rows:
        raise Invalid("empty_sheet", N_("There is nothing in this sheet."))
    names = _unique(rows[at][1])
    _no_title(rows[at:], len(names))
    if len(rows) - 1 - at > MAX_ROWS:
        raise Invalid(
            "too_many_rows",
            N_("This sheet has more than %(most)s rows. Split it into several files."),
            most=MAX_ROWS,
        )
    found = []
    for line, cells in rows[at + 1 :]:
        if any(cells[len(names) :]):
            raise Invalid(
                "ragged_row",
                N_("Row %(row)s has more cells than there are headings. Is a quotation mark missing there?")
                if grid is None
                else N_("Row %(row)s has more cells than there are headings. Give each column a heading."),
                row=line,
            )
        filled = dict(zip(names, [*cells, *[""] * len(names)], strict=False))
        found.append(Row(line=line, cells=filled))
    tabs = grid.tabs if grid is not None and len(grid.tabs) > 1 else ()
    return Sheet(headings=tuple(names), rows=tuple(found), tabs=tabs)


def _heading_at(rows: Sequence[tuple[int, list[str]]]) -> int:
    """Where the headings stand: below a title, which is one cell alone above rows of several. A title of more lines is
    one only where each lies in a row as wide as the headings: a sheet of one column may have a comma too many."""
    filled = [sum(map(bool, cells)) for _, cells in rows[: _TITLE_LINES + 2]]
    at = next((at for at, many in enumerate(filled) if many > 1), 0)
    wide = all(len(cells) >= filled[at] for _, cells in rows[:at])
    return at if at + 1 < len(filled) and (at == 1 or wide) else 0


def _no_title(rows: Sequence[tuple[int, list[str]]], names: int) -> None:
    """Raises ``Invalid`` where the headings are narrower than most rows below: those are lines above the headings."""
    below = [sum(map(bool, cells)) > names for _, cells in rows[1 : _LOOKED_AT + 1]]
    if below[:_TITLE_LINES].count(True) and 2 * sum(below) > len(below) > 1:
        raise Invalid(
            "title_above",
            N_(
                "Row %(row)s is not the row of headings: most rows below it have more cells. Take the lines above the "
                "headings away, so that the headings stand in the first row."
            ),
            row=rows[0][0],
        )


def _no_joined(grid: Grid, heading: int) -> None:
    """Raises ``Invalid`` where joined cells leave it open which heading or row a word belongs to."""
    for top, bottom, left, right in grid.merged:
        if top <= heading <= bottom and right > left:
            raise Invalid(
                "merged_headings",
                N_(
                    "In row %(row)s one heading stands over several columns. Part the cells: each column needs its own."
                ),
                row=top,
            )
        if top > heading and bottom > top:
            raise Invalid(
                "merged_rows",
                N_(
                    "Rows %(row)s to %(last)s share joined cells. Part them, and write the words into each row."
                ),
                row=top,
                last=bottom,
            )
        if top <= heading < bottom:
            raise Invalid(
                "merged_headings",
                N_("The headings reach over several rows from row %(row)s on. Put them into one row."),
                row=top,
            )


def fixed(sheet: Sheet, fixes: Mapping[int, Mapping[str, str]], left_out: Collection[int] = ()) -> Sheet:
    """The sheet with cells put right on screen (row -> heading -> text) and without rows that were left out."""
    return replace(
        sheet,
        rows=tuple(
            replace(row, cells={**row.cells, **fixes[row.line]}) if row.line in fixes else row
            for row in sheet.rows
            if row.line not in left_out
        ),
    )


def split_choices(cell: str, known: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The choices in one cell of a many-choice question.

    Choices are parted by commas, semicolons or line breaks, but a comma may also stand inside a choice
    ("Pet care - food, litter"): the longest run of parts that is a known choice counts as one. Parts that
    are not known are joined again as they stood, so that a sentence stays a sentence. ``known``:
    ``text_key`` of each known choice.
    """
    choices: list[str] = []
    for line in re.split(r"[;\n\r]+", cell):
        parts = line.split(",")
        unknown: list[str] = []
        at = 0
        while at < len(parts):
            for end in range(len(parts), at, -1):
                choice = ",".join(parts[at:end])
                if text_key(choice) in known:
                    _add(choices, ",".join(unknown))
                    unknown = []
                    _add(choices, choice)
                    at = end
                    break
            else:
                unknown.append(parts[at])
                at += 1
        _add(choices, ",".join(unknown))
    return choices


def _add(choices: list[str], choice: str) -> None:
    if choice.strip(" ,"):
        choices.append(choice.strip(" ,"))


def _text(data: bytes, said: str) -> str:
    if said not in ENCODINGS:
        raise ValueError("an encoding that is not offered")
    if data.startswith(b"%PDF"):
        raise _not_a_sheet()
    encoding = _marked(data) or said or "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Invalid(
            "not_utf8",
            N_("The letters in this file cannot be read. Save the sheet as CSV in UTF-8."),
            hint=f"byte {error.start} is not {encoding}",
        ) from error
    strange = next((c for c in text if unicodedata.category(c) == "Cc" and c not in "\t\n\r\v\f"), None)
    if strange is not None or text.lstrip().startswith(("<", "{")):
        raise _not_a_sheet()
    return text


def _marked(data: bytes) -> str:
    """UTF-16, by its mark or because every other byte of its beginning is zero; else nothing."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:200]
    if len(start) > 8 and len(data) % 2 == 0:
        if not any(start[0::2]):
            return "utf-16-be"
        if not any(start[1::2]):
            return "utf-16-le"
    return ""


def _not_a_sheet() -> Invalid:
    return Invalid("not_a_sheet", N_("This is not a sheet. Save it from your spreadsheet as .xlsx or CSV."))


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(number of the row, its cells) of all rows that hold anything; numbers as a spreadsheet shows them."""
    found = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        for number, cells in enumerate(reader, start=1):
            stripped = [fused(cell.strip()).strip() for cell in cells]
            if any(len(cell) > MAX_CELL for cell in stripped):
                raise _long_cell(number)
            if any(stripped):
                found.append((number, stripped))
    except csv.Error as error:
        message = str(error)
        if "field larger" in message:
            raise _long_cell(len(found) + 1) from error
        raise Invalid(
            "bad_quotes",
            N_("Near row %(row)s a quotation mark is missing or too many."),
            row=len(found) + 1,
            hint=message,
        ) from error
    return found


def _long_cell(row: int) -> Invalid:
    return Invalid(
        "long_cell",
        N_("Row %(row)s has a cell that is far too long. Is a quotation mark missing there?"),
        row=row,
    )


def _separator(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    outside = re.sub(r'"[^"]*"', "", first)
    return max(_SEPARATORS, key=outside.count)


def _unique(headings: Sequence[str]) -> list[str]:
    while headings and not headings[-1]:
        headings = headings[:-1]
    names: list[str] = []
    for number, heading in enumerate(headings, start=1):
        name = heading or f"({number})"
        while name in names:
            name = f"{name} ({number})"
        names.append(name)
    return names
