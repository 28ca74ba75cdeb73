"""The cells of an .xlsx file as text: bytes in, rows out. Nothing in it is followed, fetched or calculated.

A spreadsheet is a zip of XML, and comes from anybody: how much it may unpack to is bounded before and while it is
read, document types are refused (no entities), formulas give the value that was last stored with them, and only the
parts that hold cells are opened at all. ECMA-376 part 1, 18.2-18.4 and 18.8.30 name what is read here.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers import expat

from node.errors import N_, Invalid

MAX_PARTS = 2_000
MAX_UNPACKED = 120_000_000
"""Bytes of one part of the file; a sheet of 50,000 rows and 20 columns has about 60 million."""
MAX_COLUMNS = 500
_PIECE = 1 << 16
_REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30, tzinfo=UTC), datetime(1904, 1, 1, tzinfo=UTC)
_DAYS = 2_958_466
"""Up to the year 9999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """One tab of a spreadsheet file."""

    rows: list[tuple[int, list[str]]]
    """(number of the row, its cells), as far as there is anything in them."""
    merged: tuple[tuple[int, int, int, int], ...]
    """Joined cells: first row, last row, first column, last column; rows from 1, columns from 0."""
    tabs: tuple[str, ...]
    """The names of every tab that is not hidden."""


def read_xlsx(data: bytes, tab: str = "", *, most_rows: int, most_letters: int) -> Grid:
    """The named tab, or the first one that is not hidden.

    Raises ``Invalid``: not such a file, too large, no such tab.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if len(packed.infolist()) > MAX_PARTS or any(
                part.file_size > MAX_UNPACKED for part in packed.infolist()
            ):
                raise _too_large()
            return _Book(packed, most_rows, most_letters).grid(tab)
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        KeyError,
        ValueError,
        IndexError,
        EOFError,
        OSError,
        RuntimeError,  # what ``zipfile`` says of a part with a password, and of one packed in a way it does not know
    ) as error:
        raise _damaged(str(error)) from error


def serial_day(number: float, *, from_1904: bool = False) -> datetime | None:
    """The moment that a spreadsheet means by so many days, or None where it cannot mean one."""
    if not 0 <= number < _DAYS:
        return None
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=number)
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)


@dataclass(slots=True)
class _Cell:
    column: int
    kind: str
    style: int
    value: list[str] = field(default_factory=list)


class _Book:
    def __init__(self, packed: zipfile.ZipFile, most_rows: int, most_letters: int) -> None:
        self._packed = packed
        self._most_rows, self._most_letters = most_rows, most_letters
        self._names = set(packed.namelist())

    def grid(self, tab: str) -> Grid:
        if "xl/workbook.xml" not in self._names:
            raise _damaged("no workbook")
        tabs: dict[str, str] = {}
        from_1904 = False

        def book(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal from_1904
            if name == "workbookPr":
                from_1904 = attributes.get("date1904", "0") in ("1", "true")
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                tabs[attributes["name"]] = attributes["id"]

        self._parse("xl/workbook.xml", book)
        if not tabs or (tab and tab not in tabs):
            raise Invalid("no_tab", N_("There is no such page in this spreadsheet."))
        parts: dict[str, str] = {}
        self._parse("xl/_rels/workbook.xml.rels", lambda name, given: _relation(parts, name, given))
        path = parts[tabs[tab or next(iter(tabs))]]
        dates, strings = self._date_styles(), self._strings()
        rows, merged = self._cells(path, strings, dates, from_1904)
        return Grid(rows=rows, merged=merged, tabs=tuple(tabs))

    def _parse(
        self,
        path: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] = lambda text: None,
    ) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def refuse(*_: Any) -> None:
            raise ValueError("a document type")

        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = lambda name, given: start(
            _bare(name), {_bare(key): value for key, value in given.items()}
        )
        parser.EndElementHandler = lambda name: end(_bare(name))
        parser.CharacterDataHandler = text
        left = MAX_UNPACKED
        with self._packed.open(path) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _too_large()
                parser.Parse(piece, False)
            parser.Parse(b"", True)

    def _strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._names:
            return []
        found: list[str] = []
        pieces: list[str] = []
        inside = {"t": False, "rPh": False}

        def start(name: str, _: Mapping[str, str]) -> None:
            if name == "si":
                pieces.clear()
            if name in inside:
                inside[name] = True

        def end(name: str) -> None:
            if name in inside:
                inside[name] = False
            if name == "si":
                found.append("".join(pieces)[: self._most_letters + 1])

        def text(words: str) -> None:
            if inside["t"] and not inside["rPh"]:
                pieces.append(words)

        self._parse("xl/sharedStrings.xml", start, end, text)
        return found

    def _date_styles(self) -> list[bool]:
        """For each style of cells whether it shows a number as a day or time."""
        if "xl/styles.xml" not in self._names:
            return []
        own: dict[int, bool] = {}
        styles: list[bool] = []
        inside = False

        def start(name: str, given: Mapping[str, str]) -> None:
            nonlocal inside
            if name == "numFmt":
                code = _QUOTED.sub("", given.get("formatCode", "")).lower()
                own[int(given["numFmtId"])] = bool(re.search("[ymdhs]", code.replace("general", "")))
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                number = int(given.get("numFmtId", "0"))
                styles.append(own.get(number, number in _DATE_FORMATS))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and name != "cellXfs"

        self._parse("xl/styles.xml", start, end)
        return styles

    def _cells(
        self, path: str, strings: list[str], dates: list[bool], from_1904: bool
    ) -> tuple[list[tuple[int, list[str]]], tuple[tuple[int, int, int, int], ...]]:
        rows: list[tuple[int, list[str]]] = []
        merged: list[tuple[int, int, int, int]] = []
        row: list[str] = []
        number = 0
        cell: _Cell | None = None
        takes = phonetic = False

        def start(name: str, given: Mapping[str, str]) -> None:
            nonlocal row, number, cell, takes, phonetic
            if name == "row":
                number = int(given.get("r", number + 1))
                row = []
            elif name == "c":
                match = _REF.fullmatch(given.get("r", ""))
                column = _column(match[1]) if match else len(row)
                if column >= MAX_COLUMNS:
                    raise Invalid(
                        "too_wide", N_("This sheet has more than 500 columns. Delete those you do not need.")
                    )
                cell = _Cell(column, given.get("t", "n"), int(given.get("s", "0")))
            elif name == "rPh":
                phonetic = True
            elif name in ("v", "t"):
                takes = not phonetic
            elif name == "mergeCell":
                merged.append(_area(given["ref"]))

        def end(name: str) -> None:
            nonlocal cell, takes, phonetic
            if name in ("v", "t"):
                takes = False
            elif name == "rPh":
                phonetic = False
            elif name == "c" and cell is not None:
                said = self._said(cell, strings, dates, from_1904).strip()
                row.extend([""] * (cell.column + 1 - len(row)))
                row[cell.column] = said
                cell = None
            elif name == "row" and any(row):
                if len(rows) > self._most_rows:
                    raise _too_many(self._most_rows)
                rows.append((number, row))

        def text(words: str) -> None:
            if takes and cell is not None:
                cell.value.append(words)

        self._parse(path, start, end, text)
        return rows, tuple(merged)

    def _said(self, cell: _Cell, strings: list[str], dates: list[bool], from_1904: bool) -> str:
        text = "".join(cell.value)
        if cell.kind == "s":
            return strings[int(text)]
        if cell.kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE"
        if cell.kind != "n" or not text.strip():
            return text[: self._most_letters + 1]
        value = float(text)
        if cell.style < len(dates) and dates[cell.style]:
            moment = serial_day(value, from_1904=from_1904)
            if moment is not None:
                shown = moment.strftime("%Y-%m-%d %H:%M:%S")
                return shown.removesuffix(" 00:00:00")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _relation(parts: dict[str, str], name: str, given: Mapping[str, str]) -> None:
    if name != "Relationship" or given.get("TargetMode") == "External":
        return
    target = given["Target"]
    parts[given["Id"]] = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _area(ref: str) -> tuple[int, int, int, int]:
    first, _, last = ref.partition(":")
    one, two = _REF.fullmatch(first), _REF.fullmatch(last or first)
    if one is None or two is None:
        raise ValueError("a bad reference")
    return int(one[2]), int(two[2]), _column(one[1]), _column(two[1])


def _too_large() -> Invalid:
    return Invalid(
        "unpacks_too_large", N_("This file unpacks to far more than a sheet. Save it as CSV instead.")
    )


def _too_many(most: int) -> Invalid:
    return Invalid(
        "too_many_rows",
        N_("This sheet has more than %(most)s rows. Split it into several files."),
        most=most,
    )


def _damaged(why: str) -> Invalid:
    return Invalid(
        "not_a_spreadsheet",
        N_("This spreadsheet cannot be read. Open it, choose Save as or Download, and take .xlsx or CSV."),
        hint=why,
    )
