"""Names and telephone numbers as people paste them: a line a person, typed, copied from a chat, or a small sheet."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.calls.call_list import MAX_NOTE
from node.domain.calls.call_numbers import DIGITS_IN_NAME, TWO_NUMBERS, Found, bare, find
from node.domain.reach import MIN_DIGITS, digits, is_phone
from node.errors import N_

MAX_TEXT = 40_000
"""Characters of what is pasted at once."""
MAX_PERSON = 200
"""Characters of a name."""

_TEL = re.compile(
    r"(?<=\S)[\s,:-]+(?:tel|tfno|tlf|phone|ph|mob|mobile|tel[eé]fono|هاتف|ت)\.?$", re.IGNORECASE
)
"""What stands before a number and is no name."""

_HEADINGS: Mapping[str, str] = {
    "name": "name", "full name": "name", "nombre": "name", "الاسم": "name",
    "phone": "phone", "telephone": "phone", "tel": "phone", "mobile": "phone", "number": "phone",
    "phone number": "phone", "teléfono": "phone", "telefono": "phone", "الهاتف": "phone",
    "note": "note", "notes": "note", "nota": "note", "notas": "note", "ملاحظة": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it was understood. ``number``: of the line, from 1; ``problem``: a msgid, empty when it can be taken;
    ``doubt``: a msgid, not empty where somebody has to say that it is right so."""

    number: int
    name: str = ""
    phone: str = ""
    note: str = ""
    problem: str = ""
    doubt: str = ""


def read(text: str, region: str | None = None) -> tuple[Line, ...]:
    """Every line that holds anything. A first line of headings says which column is which; without one the telephone
    number is found wherever it stands, what comes before it is the name, what comes after is the note (or the name,
    if the number comes first). What follows a digit before the number - an address, a birthday - is note, not name.
    ``region``: the two-letter country of numbers without a country code."""
    rows = [(number, line) for number, raw in enumerate(text.splitlines(), 1) if (line := bare(raw)).strip()]
    if not rows:
        return ()
    mark = _separator([line for _, line in rows])
    columns = _columns(_cells(rows[0][1], mark))
    found: list[Line] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in rows[1:] if columns else rows:
        cells = _cells(line, mark)
        name, phone, note, doubt = (
            _by_heading(cells, columns, region) if columns else _by_shape(cells, region)
        )
        key = (digits(phone), name.casefold())
        problem = _problem(name, phone, note)
        if not problem and key in seen:
            problem = N_("This line is there twice.")
        seen.setdefault(key, number)
        doubt = doubt or (DIGITS_IN_NAME if digits(name) else "")
        found.append(
            Line(
                number=number,
                name=name,
                phone=phone,
                note=note,
                problem=problem,
                doubt="" if problem else doubt,
            )
        )
    return tuple(found)


def _separator(lines: Sequence[str]) -> str:
    for mark in ("\t", ";", "؛", ",", "،"):
        if any(mark in line for line in lines):
            return mark
    return ""


def _cells(line: str, mark: str) -> list[str]:
    if not mark:
        return [line.strip()]
    row = next(csv.reader([line.replace("\0", "")], delimiter=mark, skipinitialspace=True), [])
    return [cell.strip() for cell in row]


def _columns(cells: Sequence[str]) -> list[str]:
    named = [_HEADINGS.get(cell.casefold().lstrip("\ufeff"), "") for cell in cells]
    return named if "phone" in named and len([each for each in named if each]) > 1 else []


def _by_heading(
    cells: Sequence[str], columns: Sequence[str], region: str | None
) -> tuple[str, str, str, str]:
    parts: dict[str, list[str]] = {"name": [], "phone": [], "note": []}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            parts[column].append(cell)
    held = " / ".join(parts["phone"])
    found = find(held, region) or Found(before="", phone="", after=held)
    note = [*parts["note"], *(each for each in (found.before, found.after) if each)]
    return " ".join(parts["name"]), found.phone, ", ".join(note), found.doubt


def _by_shape(cells: Sequence[str], region: str | None) -> tuple[str, str, str, str]:
    if len(cells) > 1 and cells[0].isdecimal() and not is_phone(cells[0]):
        cells = cells[1:]  # the number of the row
    hits = {place: found for place, cell in enumerate(cells) if (found := find(cell, region))}
    if not hits:
        return cells[0] if cells else "", "", ", ".join(cell for cell in cells[1:] if cell), ""
    at, found = next(iter(hits.items()))
    doubt = TWO_NUMBERS if len(hits) > 1 else found.doubt
    front = [cell for cell in (*cells[:at], found.before) if cell]
    rest = [cell for cell in (found.after, *cells[at + 1 :]) if cell]
    if rest and "".join(front).isdecimal():
        front = []  # the number of the row
    if not front and rest:
        front, rest = rest[:1], rest[1:]
    name, more = _name(front)
    if name and any(not any(map(str.isalpha, each)) and len(digits(each)) < MIN_DIGITS for each in more):
        doubt = doubt or DIGITS_IN_NAME  # "Flat 3": who it is stands elsewhere
    return name, found.phone, ", ".join([*more, *rest]), doubt


def _name(front: Sequence[str]) -> tuple[str, list[str]]:
    """The name among what stands before the number, and what is no name any more because digits stand in it."""
    whole = next((place for place, cell in enumerate(front) if digits(cell)), len(front))
    if whole:  # "Smith, Mary, 12 High St"
        return _TEL.sub("", " ".join(front[:whole])).rstrip(" :-–·,"), list(front[whole:])
    words = front[0].split() if front else []
    first = next((place for place, word in enumerate(words) if digits(word)), len(words))
    if first == 0:
        return " ".join(front), []
    return " ".join(words[:first]).rstrip(" :-–·,"), [" ".join(words[first:]), *front[1:]]


def _problem(name: str, phone: str, note: str) -> str:
    if not is_phone(phone):
        return N_("There is no telephone number in this line.")
    if not name:
        return N_("There is no name in this line.")
    if len(name) > MAX_PERSON or len(note) > MAX_NOTE:
        return N_("This is too long. Shorten it, please.")
    return ""
