"""What reading a row is made of, whatever its sheet is about: cells by field, days, people, remarks. Pure.

Nothing in a row is lost. What is not taken over word for word (a status, a date, a choice that nobody knows) stays in
the plan's leftovers under its heading, and is sealed with what the row becomes.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from node.domain.catalogue import OTHER, Catalogue, text_key
from node.domain.intake.intake import MAX_LINE, NewPerson
from node.domain.reach import is_email, is_phone
from node.domain.sheets.mapping import LISTS, SheetMapping
from node.domain.sheets.sheet_dates import FIRST_YEAR, moment_key, read_date
from node.domain.sheets.sheets import Row, Sheet, split_choices
from node.errors import N_, Invalid

_SEPARATOR = "\x1f"
_WHOLE = re.compile(r"([0-9]+)\.0*")
_VERBATIM = frozenset(
    {
        "id", "name", "family_name", "phone", "email", "address", "postcode", "town", "place", "notes",
        "safe_to_ring", "helper", "helper_phone", "helper_email", "request", "helper_number",
    }
)  # fmt: skip
UNKNOWN_KIND = N_("This kind of help is not known; somebody must sort it.")
UNKNOWN_STATUS = N_("This status is not known; somebody must check the row.")
UNKNOWN_ANSWER = N_("This answer is not known; it is kept with the notes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to know about one row: its number in the sheet, the column, and what (a msgid)."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What every row's plan has."""

    line: int
    identity: str
    """By what the row is recognised when the sheet comes again."""
    number: str = ""
    """Its number in the sheet; nine digits may be the reference of a request that went out from here."""
    posted: date | None
    categories: tuple[str, ...]
    unknown: tuple[str, ...]
    """Kinds of help in words that nobody knows."""
    person: NewPerson
    leftovers: dict[str, str] = field(default_factory=dict)


def number_key(text: str) -> str:
    """A number in a list as it is compared: "# 0012", "12.0" and " 12" are the same, for a spreadsheet takes zeros away
    and adds a point. Any other text counts as a number, too: Airtable's own, or whatever stands in the first field."""
    key = text_key(text).lstrip("#").strip()
    if whole := _WHOLE.fullmatch(key):
        key = whole[1]
    return (key.lstrip("0") or "0") if key.isascii() and key.isdecimal() else key


Plan = TypeVar("Plan", bound=RowPlan)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan(Generic[Plan]):
    """A whole sheet: rows that can come in, rows that cannot, and what to know about those that can."""

    rows: tuple[Plan, ...]
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    unknown: Mapping[tuple[str, str], int]
    """(field, text that nobody knows) -> in how many rows; the most frequent first."""


def find_columns(sheet: Sheet, mapping: SheetMapping) -> dict[str, str]:
    """Field -> the sheet's own heading. Raises ``Invalid`` with every missing column, not only the first."""
    columns: dict[str, str] = {}
    missing = []
    for name, headings in mapping.columns.items():
        heading = sheet.heading(headings)
        if heading is not None:
            columns[name] = heading
        elif name not in mapping.optional:
            missing.append(headings[0])
    if missing:
        raise Invalid(
            "missing_columns",
            N_("The sheet does not have these columns: %(columns)s. Is it the right sheet for this mapping?"),
            columns="; ".join(missing),
        )
    return columns


class Reader(ABC, Generic[Plan]):
    """Reads the rows of one sheet; ``plan`` is each sort's own."""

    def __init__(self, sheet: Sheet, mapping: SheetMapping, catalogue: Catalogue, today: date) -> None:
        self.sheet = sheet
        self.mapping = mapping
        self.catalogue = catalogue
        self.columns = find_columns(sheet, mapping)
        self.today = today
        self.errors: list[Remark] = []
        self.remarks: list[Remark] = []
        self._unknown: Counter[tuple[str, str]] = Counter()

    @abstractmethod
    def plan(self, row: Row) -> Plan | None:
        """What the row becomes; None after an error."""

    def sheet_plan(self) -> SheetPlan[Plan]:
        """Every row's plan; a row that stands in the sheet twice counts once."""
        rows: dict[str, Plan] = {}
        for row in self.sheet.rows:
            found = self.plan(row)
            if found is None:
                continue
            if found.identity in rows:
                self.error(row, "", N_("This row stands in the sheet twice; only the first one counts."))
                continue
            rows[found.identity] = found
        return SheetPlan(
            rows=tuple(rows.values()),
            errors=tuple(self.errors),
            remarks=tuple(self.remarks),
            unknown=dict(self._unknown.most_common()),
        )

    def error(self, row: Row, name: str, message: str) -> None:
        """The row cannot come in."""
        self.errors.append(Remark(line=row.line, column=self.columns.get(name, name), message=message))

    def remark(self, row: Row, name: str, message: str) -> None:
        """The row comes in; this is to know of it."""
        self.remarks.append(Remark(line=row.line, column=self.columns.get(name, name), message=message))

    def not_known(self, name: str, text: str) -> None:
        """Counts a word that nobody knows, so that somebody can say once what it means."""
        self._unknown[(name, text)] += 1

    def text(self, row: Row, name: str) -> str:
        """The cell of that field; empty where the sheet has none."""
        return row.cells[self.columns[name]] if name in self.columns else ""

    def leftovers(self, row: Row) -> dict[str, str]:
        """What is not taken over word for word, by heading."""
        taken = {self.columns.get(name) for name in _VERBATIM - {"id", *LISTS}}
        return {heading: text for heading, text in row.cells.items() if text and heading not in taken}

    def day(self, row: Row, name: str) -> date | None:
        """The day in that cell; one that cannot be is an error of the row."""
        text = self.text(row, name)
        if not text:
            return None
        day = read_date(text, self.mapping.dates)
        if day is None:
            self.error(row, name, N_("We cannot read this as a date."))
        elif day > self.today + timedelta(days=1) or day.year < FIRST_YEAR:
            self.error(row, name, N_("This date cannot be right."))
        return day

    def kinds(self, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Kinds of help that are known (``other`` for the rest), and the words that are not."""
        kinds: list[str] = []
        unknown: list[str] = []
        for choice in split_choices(self.text(row, "categories"), self.mapping.choices):
            codes = self.mapping.choices.get(text_key(choice))
            if codes is None:
                unknown.append(choice)
                self.not_known("categories", choice)
                codes = (OTHER,)
                self.remark(row, "categories", UNKNOWN_KIND)
            kinds.extend(codes)
        return tuple(dict.fromkeys(kinds)), tuple(unknown)

    def person(self, row: Row, leftovers: dict[str, str]) -> NewPerson:
        """Whom the row is about; what cannot be used as it stands goes to ``leftovers``."""
        known = self.mapping.value("languages", self.text(row, "languages"))
        return NewPerson(
            name=self.together(row, ("name", "family_name"), " ", leftovers),
            phone=self.one_line(row, "phone", leftovers, is_phone),
            email=self.one_line(row, "email", leftovers, is_email),
            address=self.together(row, ("address", "postcode", "town"), ", ", leftovers),
            safe_to_ring=self.one_line(row, "safe_to_ring", leftovers),
            languages=(known,) if known else (),
        )

    def together(self, row: Row, names: Sequence[str], between: str, leftovers: dict[str, str]) -> str:
        """What a sheet has in several columns, as we keep it: "Ana" and "Invented"; street, postcode and town."""
        texts = [self.one_line(row, name, leftovers) for name in names]
        return between.join(text for text in texts if text)[:MAX_LINE].strip()

    def one_line(
        self, row: Row, name: str, leftovers: dict[str, str], fits: Callable[[str], bool] | None = None
    ) -> str:
        """A short text, if it ``fits``."""
        text = self.text(row, name)
        if text and fits is not None and not fits(text):
            leftovers[self.columns[name]] = text
            self.remark(row, name, N_("This cannot be used as it stands; it is kept with the notes."))
            return ""
        if len(text) > MAX_LINE:
            leftovers[self.columns[name]] = text
        return " ".join(text[:MAX_LINE].split())

    def chosen(self, row: Row, name: str, kind: Callable[[str], _T]) -> _T | None:
        """What the group's word means; None for none, and for a word that nobody knows."""
        text = self.text(row, name)
        meaning = self.mapping.value(name, text) if text else "none"
        if meaning is None:
            self.not_known(name, text)
            self.remark(row, name, UNKNOWN_ANSWER)
        return None if meaning in (None, "none") else kind(str(meaning))

    def status(self, row: Row, usual: str) -> str | None:
        """What the sheet's word means, ``usual`` without one, None for a word that nobody knows."""
        text = self.text(row, "status")
        meaning = self.mapping.value("status", text) if text else usual
        if meaning is None:
            self.not_known("status", text)
        return meaning

    def identity(self, row: Row, *names: str) -> str:
        """By the sheet's own id, else by day and person, else by all of the row that does not change later.

        The same whatever the sheet is called, and whether it came as CSV or as a spreadsheet file.
        """
        numbered = self.text(row, "id")
        dated = any(self.text(row, name) for name in ("posted", "closed"))
        wanted = ["id", "posted", "name", *names]
        if not numbered:
            wanted += ["phone", "email", "address"]
        known = [self._same(row, name) for name in wanted]
        if sum(map(bool, known)) < 2 or not (numbered or dated):
            late = {self.columns.get(name) for name in ("status", "closed", "notes")}
            known += [text for heading, text in row.cells.items() if heading not in late]
        return _SEPARATOR.join([str(self.mapping.sort), *(text_key(text) for text in known)])

    def _same(self, row: Row, name: str) -> str:
        text = self.text(row, name)
        if name in LISTS:
            return number_key(text) if text else ""
        return moment_key(text, self.mapping.dates) if name in ("posted", "closed") else text
