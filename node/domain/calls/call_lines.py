"""Names and telephone numbers as people paste them: a line a person, typed, copied from a chat, or a small sheet."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.calls.call_list import MAX_NOTE
from node.domain.reach import digits, is_phone
from node.errors import N_

MAX_TEXT = 40_000
"""Characters of what is pasted at once."""
MAX_PERSON = 200
"""Characters of a name."""

_NUMBER = re.compile(r"\+?\(?\d[\d ()./\-]{3,}\d")
_HEADINGS: Mapping[str, str] = {
    "name": "name", "full name": "name", "nombre": "name", "الاسم": "name",
    "phone": "phone", "telephone": "phone", "tel": "phone", "mobile": "phone", "number": "phone",
    "phone number": "phone", "teléfono": "phone", "telefono": "phone", "الهاتف": "phone",
    "note": "note", "notes": "note", "nota": "note", "notas": "note", "ملاحظة": "note",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it was understood. ``number``: of the line, from 1; ``problem``: a msgid, empty when all is well."""

    number: int
    name: str = ""
    phone: str = ""
    note: str = ""
    problem: str = ""


def read(text: str) -> tuple[Line, ...]:
    """Every line that holds anything. A first line of headings says which column is which; without one the telephone
    number is found wherever it stands, what comes before it is the name, what comes after is the note (or the name,
    if the number comes first)."""
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not rows:
        return ()
    mark = _separator([line for _, line in rows])
    columns = _columns(_cells(rows[0][1], mark))
    found: list[Line] = []
    seen: dict[tuple[str, str], int] = {}
    for number, line in rows[1:] if columns else rows:
        cells = _cells(line, mark)
        name, phone, note = _by_heading(cells, columns) if columns else _by_shape(cells)
        key = (digits(phone), name.casefold())
        problem = _problem(name, phone, note)
        if not problem and key in seen:
            problem = N_("This line is there twice.")
        seen.setdefault(key, number)
        found.append(Line(number=number, name=name, phone=phone, note=note, problem=problem))
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


def _by_heading(cells: Sequence[str], columns: Sequence[str]) -> tuple[str, str, str]:
    parts: dict[str, list[str]] = {"name": [], "phone": [], "note": []}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            parts[column].append(cell)
    return " ".join(parts["name"]), " ".join(parts["phone"]), ", ".join(parts["note"])


def _by_shape(cells: Sequence[str]) -> tuple[str, str, str]:
    at = next((place for place, cell in enumerate(cells) if _number_in(cell)), None)
    if at is None:
        return cells[0] if cells else "", "", ", ".join(cell for cell in cells[1:] if cell)
    before, phone, after = _number_in(cells[at]) or ("", "", "")
    front = [cell for cell in (*cells[:at], before) if cell]
    rest = [cell for cell in (after, *cells[at + 1 :]) if cell]
    if not front and rest:
        front, rest = rest[:1], rest[1:]
    return " ".join(front), phone, ", ".join(rest)


def _number_in(cell: str) -> tuple[str, str, str] | None:
    for found in _NUMBER.finditer(cell):
        if is_phone(found.group()):
            before, after = cell[: found.start()], cell[found.end() :]
            return before.strip(" :-–·"), found.group().strip(), after.strip(" :-–·")
    return None


def _problem(name: str, phone: str, note: str) -> str:
    if not is_phone(phone):
        return N_("There is no telephone number in this line.")
    if not name:
        return N_("There is no name in this line.")
    if len(name) > MAX_PERSON or len(note) > MAX_NOTE:
        return N_("This is too long. Shorten it, please.")
    return ""
