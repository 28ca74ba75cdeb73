"""What each row of a sheet asks for: a plan that can be shown first and carried out later. Pure.

Nothing in a row is lost. What is not taken over word for word (a status, a date, a choice that nobody
knows) stays in the plan's leftovers under its heading, and is sealed with the need.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from node.domain.catalogue import OTHER, Catalogue, text_key
from node.domain.intake import MAX_LINE, MAX_TEXT, NewPerson
from node.domain.mapping import DateOrder, SheetMapping
from node.domain.need import CloseReason, NeedState, People, Repeats, Urgency
from node.domain.reach import is_email, is_phone
from node.domain.sheets import Row, Sheet, split_choices
from node.errors import N_, Invalid

FRESH_DAYS = 14
"""A row older than this arrives "to check": whoever asked may have found help since."""

_VERBATIM = frozenset({"id", "name", "phone", "email", "address", "place", "notes", "safe_to_ring"})
_DATE = re.compile(r"([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})(?![0-9])")
_FIRST_YEAR = 2000
_SEPARATOR = "\x1f"

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something to know about one row: its number in the sheet, the column, and what (a msgid)."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """What one row becomes: one need for each of ``categories``."""

    line: int
    categories: tuple[str, ...]
    unknown: tuple[str, ...]
    """What was asked for in words that nobody knows; the need is then of kind ``other``."""
    state: NeedState
    """new, open or closed."""
    close_reason: CloseReason | None
    posted: date | None
    closed: date | None
    to_check: bool
    urgency: Urgency
    people: People | None
    repeats: Repeats | None
    keep_here: bool
    groups_see: bool | None
    """The owner's answer if the sheet has one, or as stated by whoever imports; None = not asked = no."""
    person: NewPerson
    place_text: str
    notes: str
    leftovers: dict[str, str] = field(default_factory=dict)
    identity: str
    """By what the row is recognised when the sheet comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """A whole sheet: rows that can come in, rows that cannot, and what to know about those that can."""

    rows: tuple[RowPlan, ...]
    errors: tuple[Remark, ...]
    remarks: tuple[Remark, ...]


def plan_sheet(
    sheet: Sheet,
    mapping: SheetMapping,
    catalogue: Catalogue,
    *,
    today: date,
    open_: bool = False,
    stated: bool = False,
) -> SheetPlan:
    """Every row's plan. ``open_``: recent rows arrive open; ``stated``: somebody vouches for the owners'
    consent.

    Raises ``Invalid`` if a column that the mapping needs is missing.
    """
    columns = find_columns(sheet, mapping)
    reader = _Reader(mapping, catalogue, columns, today, open_, stated)
    rows: dict[str, RowPlan] = {}
    for row in sheet.rows:
        plan = reader.plan(row)
        if plan is None:
            continue
        if plan.identity in rows:
            reader.error(row, "", N_("This row stands in the sheet twice; only the first one counts."))
            continue
        rows[plan.identity] = plan
    return SheetPlan(rows=tuple(rows.values()), errors=tuple(reader.errors), remarks=tuple(reader.remarks))


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


def read_date(text: str, order: DateOrder) -> date | None:
    """The calendar day at the beginning of a text, or None. ``2020-03-15`` is understood in every order."""
    match = _DATE.match(text.strip())
    if match is None:
        return None
    one, two, three = (int(part) for part in match.groups())
    if len(match[1]) == 4:
        year, month, day = one, two, three
    elif order == "ymd" or len(match[1]) == 3:
        return None
    else:
        year = three if len(match[3]) == 4 else _FIRST_YEAR + three
        month, day = (one, two) if order == "mdy" else (two, one)
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Reader:
    def __init__(
        self,
        mapping: SheetMapping,
        catalogue: Catalogue,
        columns: Mapping[str, str],
        today: date,
        open_: bool,
        stated: bool,
    ) -> None:
        self._mapping = mapping
        self._catalogue = catalogue
        self._columns = columns
        self._today = today
        self._open = open_
        self._stated = stated
        self.errors: list[Remark] = []
        self.remarks: list[Remark] = []

    def error(self, row: Row, name: str, message: str) -> None:
        self.errors.append(Remark(line=row.line, column=self._columns.get(name, name), message=message))

    def _remark(self, row: Row, name: str, message: str) -> None:
        self.remarks.append(Remark(line=row.line, column=self._columns.get(name, name), message=message))

    def _text(self, row: Row, name: str) -> str:
        return row.cells[self._columns[name]] if name in self._columns else ""

    def plan(self, row: Row) -> RowPlan | None:
        before = len(self.errors)
        posted = self._day(row, "posted")
        closed = self._day(row, "closed")
        kinds, unknown = self._kinds(row)
        if not kinds:
            self.error(row, "categories", N_("This row does not ask for anything."))
        if len(self.errors) > before:
            return None
        leftovers = {
            heading: text
            for heading, text in row.cells.items()
            if text and heading not in {self._columns.get(name) for name in _VERBATIM}
        }
        person, place_text = self._person(row, leftovers)
        notes = self._text(row, "notes")
        if len(notes) > MAX_TEXT:
            leftovers[self._columns["notes"]], notes = notes, notes[:MAX_TEXT]
            self._remark(row, "notes", N_("This text is very long; the board shows its beginning."))
        state, reason, known = self._state(row)
        to_check = state is not NeedState.CLOSED and (
            not known or posted is None or posted < self._today - timedelta(days=FRESH_DAYS)
        )
        if to_check:
            state = NeedState.NEW
        keep_here = self._keep_here(row)
        if identifier := self._text(row, "id"):
            leftovers[self._columns["id"]] = identifier
        return RowPlan(
            line=row.line,
            categories=kinds,
            unknown=unknown,
            state=state,
            close_reason=reason,
            posted=posted,
            closed=(closed or posted) if state is NeedState.CLOSED else None,
            to_check=to_check,
            urgency=self._chosen(row, "urgency", Urgency) or Urgency.THIS_WEEK,
            people=self._people(row),
            repeats=self._chosen(row, "repeats", Repeats),
            keep_here=keep_here,
            groups_see=self._groups_see(row, keep_here),
            person=person,
            place_text=place_text,
            notes=_with_unknown(notes, unknown),
            leftovers=leftovers,
            identity=self._identity(row),
        )

    def _day(self, row: Row, name: str) -> date | None:
        text = self._text(row, name)
        if not text:
            return None
        day = read_date(text, self._mapping.dates)
        if day is None:
            self.error(row, name, N_("This is not a date in the order that the mapping says."))
        elif day > self._today + timedelta(days=1) or day.year < _FIRST_YEAR:
            self.error(row, name, N_("This date cannot be right."))
        return day

    def _kinds(self, row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
        kinds: list[str] = []
        unknown: list[str] = []
        for choice in split_choices(self._text(row, "categories"), self._mapping.choices):
            codes = self._mapping.choices.get(text_key(choice))
            if codes is None:
                unknown.append(choice)
                codes = (OTHER,)
                self._remark(row, "categories", N_("This kind of help is not known; somebody must sort it."))
            kinds.extend(codes)
        if not kinds and any(
            self._text(row, name) for name in ("notes", "name", "address", "phone", "email")
        ):
            kinds.append(OTHER)
            self._remark(row, "categories", N_("Nothing was chosen; somebody must sort it."))
        return tuple(dict.fromkeys(kinds)), tuple(unknown)

    def _person(self, row: Row, leftovers: dict[str, str]) -> tuple[NewPerson, str]:
        values = {}
        checks: tuple[tuple[str, Callable[[str], bool] | None], ...] = (
            ("name", None),
            ("phone", is_phone),
            ("email", is_email),
            ("address", None),
            ("place", None),
            ("safe_to_ring", None),
        )
        for name, fits in checks:
            text = self._text(row, name)
            if text and fits is not None and not fits(text):
                leftovers[self._columns[name]] = text
                self._remark(row, name, N_("This cannot be used as it stands; it is kept with the notes."))
                text = ""
            if len(text) > MAX_LINE:
                leftovers[self._columns[name]] = text
            values[name] = " ".join(text[:MAX_LINE].split())
        if not any(values[name] for name in ("phone", "email", "address", "place")):
            self._remark(row, "", N_("There is no phone, e-mail or address: this person cannot be found."))
        languages = self._mapping.value("languages", self._text(row, "languages"))
        person = NewPerson(
            name=values["name"],
            phone=values["phone"],
            email=values["email"],
            address=values["address"],
            safe_to_ring=values["safe_to_ring"],
            languages=(languages,) if languages else (),
        )
        return person, values["place"]

    def _state(self, row: Row) -> tuple[NeedState, CloseReason | None, bool]:
        """(state, reason, whether the sheet's word was known)"""
        text = self._text(row, "status")
        meaning = self._mapping.value("status", text) if text else "new"
        if meaning is None:
            self._remark(row, "status", N_("This status is not known; somebody must check the row."))
            return NeedState.NEW, None, False
        if meaning.startswith("closed:"):
            return NeedState.CLOSED, CloseReason(meaning.removeprefix("closed:")), True
        return (NeedState.OPEN if self._open else NeedState.NEW), None, True

    def _chosen(self, row: Row, name: str, kind: Callable[[str], _T]) -> _T | None:
        text = self._text(row, name)
        meaning = self._mapping.value(name, text) if text else "none"
        if meaning is None:
            self._remark(row, name, N_("This answer is not known; it is kept with the notes."))
        return None if meaning in (None, "none") else kind(str(meaning))

    def _people(self, row: Row) -> People | None:
        text = self._text(row, "people")
        match = re.fullmatch(r"([0-9]{1,2})(?:\.0)?", text)
        if match is None or int(match[1]) < 1:
            if text:
                self._remark(row, "people", N_("This is not a number of people; it is kept with the notes."))
            return None
        number = int(match[1])
        if number == 1:
            return People.ONE
        return People.TWO_TO_FOUR if number <= 4 else People.FIVE_OR_MORE

    def _keep_here(self, row: Row) -> bool:
        """Anything but a plain no keeps the need here, where the sheet asks the question at all."""
        return (
            "keep_here" in self._columns
            and self._mapping.value("keep_here", self._text(row, "keep_here")) != "no"
        )

    def _groups_see(self, row: Row, keep_here: bool) -> bool | None:
        if "groups_see" in self._columns:
            answer = self._mapping.value("groups_see", self._text(row, "groups_see"))
            return None if answer is None else answer == "yes" and not keep_here
        return True if self._stated and not keep_here else None

    def _identity(self, row: Row) -> str:
        names = ["id", "posted", "name"]
        if not self._text(row, "id"):
            names += ["phone", "email", "address"]
        known = [self._text(row, name) for name in names]
        if not self._text(row, "id") and not self._text(row, "posted"):
            known = list(row.cells.values())
        return _SEPARATOR.join([self._mapping.name, *(text_key(text) for text in known)])


def _with_unknown(notes: str, unknown: tuple[str, ...]) -> str:
    if not unknown:
        return notes
    asked = "\n".join(f"“{choice}”" for choice in unknown)
    return f"{asked}\n{notes}".strip()[:MAX_TEXT]
