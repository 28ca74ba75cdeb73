"""A saved mapping: which column of a group's own sheet means what, and what its words mean. Written in TOML.

``examples/mappings/lansing.toml`` is the first one, with every table explained.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, cast

from node.domain.catalogue import Catalogue, text_key
from node.domain.hours import PARTS, WEEKDAYS
from node.domain.need import CloseReason, Repeats, Urgency
from node.domain.sheets.sheet_dates import DateOrder
from node.domain.sheets.sheet_hours import read_hours
from node.domain.volunteer import Transport
from node.errors import N_, Invalid


class Sort(StrEnum):
    """What the rows of a sheet are."""

    NEEDS = "needs"
    VOLUNTEERS = "volunteers"
    MATCHES = "matches"
    """Help that happened: who asked, who went."""


_WHO = frozenset(
    {
        "name", "family_name", "phone", "email", "address", "postcode", "town", "place", "languages", "safe_to_ring",
    }
)  # fmt: skip
HOURS_BY_DAY: Mapping[str, str] = {f"hours_{day}": day for day in WEEKDAYS}
HOURS_BY_PART: Mapping[str, str] = {f"hours_{part}": str(part) for part in PARTS}
"""Columns of a grid: field -> the weekday, or the part of the day, that its heading says."""
HOURS_FIELDS = frozenset({"hours", *HOURS_BY_DAY, *HOURS_BY_PART})
"""Columns that say when a volunteer can; what a text of theirs means is written as ``sheet_hours.write_hours`` does."""
FIELDS: Mapping[Sort, frozenset[str]] = {
    Sort.NEEDS: _WHO | {
        "id", "posted", "closed", "status", "people", "categories", "urgency", "repeats", "notes", "keep_here",
        "groups_see",
    },
    Sort.VOLUNTEERS: _WHO | {
        "id", "posted", "status", "categories", "transport", "radius_km", "max_per_week", "notes", "hours",
        *HOURS_BY_DAY, *HOURS_BY_PART,
    },
    Sort.MATCHES: _WHO | {
        "id", "posted", "closed", "status", "categories", "notes", "helper", "helper_phone", "helper_email",
        "request", "helper_number",
    },
}  # fmt: skip
"""What a column can be mapped to."""

REQUIRED: Mapping[Sort, tuple[tuple[str, ...], ...]] = {
    Sort.NEEDS: (("categories",),),
    Sort.VOLUNTEERS: (("name",),),
    Sort.MATCHES: (("name", "request"), ("helper", "helper_number")),
}
"""Of each of these one column is needed, the first by choice."""
LISTS: Mapping[str, str] = {"request": "request", "helper_number": "volunteer"}
"""Columns that name something by its number in a sheet that came in before -> what is named so."""
_CHOSEN = (
    frozenset({"status", "urgency", "repeats", "keep_here", "groups_see", "languages", "transport"})
    | HOURS_FIELDS
)
_CLOSED = frozenset(f"closed:{reason}" for reason in CloseReason)
STATUSES: Mapping[Sort, frozenset[str]] = {
    Sort.NEEDS: _CLOSED | {"new", "open"},
    Sort.VOLUNTEERS: frozenset({"applied", "active", "paused", "left"}),
    Sort.MATCHES: _CLOSED,
}
_MEANINGS: Mapping[str, frozenset[str]] = {
    "urgency": frozenset(Urgency),
    "repeats": frozenset(Repeats) | {"none"},
    "keep_here": frozenset({"yes", "no"}),
    "groups_see": frozenset({"yes", "no"}),
    "transport": frozenset(Transport),
}

_YES_NO = {"yes": "yes", "y": "yes", "true": "yes", "sí": "yes", "si": "yes", "نعم": "yes",
           "no": "no", "n": "no", "false": "no", "لا": "no"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetMapping:
    """A checked mapping. Texts are compared by ``text_key``."""

    name: str
    """What the group calls this sort of sheet."""
    sort: Sort = Sort.NEEDS
    dates: DateOrder
    columns: Mapping[str, tuple[str, ...]]
    """Field -> headings that mean it, any of which may be in the sheet."""
    optional: frozenset[str]
    """Fields whose column may be missing."""
    _values: Mapping[str, Mapping[str, str]]
    _starts: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, str]
    """``LISTS`` field -> the name under which that earlier sheet came in, or the id of one of its runs."""
    choices: Mapping[str, tuple[str, ...]]
    """``text_key`` of a choice -> the codes it asks for: the group's own words over the shared aliases."""

    def value(self, field: str, text: str) -> str | None:
        """What a group's word means, or None. Whole texts come before beginnings, longer beginnings before
        shorter.
        """
        key = text_key(text)
        exact = self._values.get(field, {}).get(key)
        if exact is not None:
            return exact
        starts = self._starts.get(field, {})
        return next(
            (starts[start] for start in sorted(starts, key=len, reverse=True) if key.startswith(start)), None
        )


def read_mapping(text: str, catalogue: Catalogue) -> SheetMapping:
    """The mapping in a TOML text. Raises ``Invalid`` naming every fault at once."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _invalid([f"not TOML: {error}"]) from error
    faults: list[str] = []
    known = {"version", "name", "sort", "dates", "columns", "optional", "values", "choices", "lists"}
    faults += [f"unknown key {key}" for key in sorted(set(data) - known)]
    if data.get("version") != 1:
        faults.append("version must be 1")
    name = data.get("name")
    if not isinstance(name, str) or not name.strip():
        faults.append("name is missing")
    dates = data.get("dates", "ymd")
    if dates not in ("mdy", "dmy", "ymd"):
        faults.append("dates must be mdy, dmy or ymd")
    said = data.get("sort", Sort.NEEDS)
    if said not in set(Sort):
        faults.append("sort must be needs, volunteers or matches")
    sort = Sort(said) if said in set(Sort) else Sort.NEEDS
    columns = _columns(data.get("columns"), sort, faults)
    optional = data.get("optional", [])
    if not isinstance(optional, list) or not set(optional) <= set(columns):
        faults.append("optional must list mapped fields")
        optional = []
    values, starts = _values(data.get("values", {}), sort, faults)
    choices = _choices(data.get("choices", {}), catalogue, faults)
    lists = data.get("lists", {})
    if not isinstance(lists, dict) or not all(
        field in columns and field in LISTS and isinstance(text, str) for field, text in lists.items()
    ):
        faults.append("lists names an earlier sheet for each column of numbers: request, helper_number")
        lists = {}
    if faults:
        raise _invalid(faults)
    return SheetMapping(
        name=str(name).strip(),
        sort=sort,
        dates=cast(DateOrder, dates),
        columns=MappingProxyType(columns),
        optional=frozenset(optional),
        _values=MappingProxyType(values),
        _starts=MappingProxyType(starts),
        lists=MappingProxyType(lists),
        choices=MappingProxyType({**catalogue.aliases, **choices}),
    )


def _invalid(faults: list[str]) -> Invalid:
    return Invalid(
        "bad_mapping", N_("The mapping of this sheet has faults: %(faults)s"), faults="; ".join(faults)
    )


def _columns(found: Any, sort: Sort, faults: list[str]) -> dict[str, tuple[str, ...]]:
    columns: dict[str, tuple[str, ...]] = {}
    if not isinstance(found, dict):
        faults.append("the table [columns] is missing")
        return columns
    for field, headings in found.items():
        listed = [headings] if isinstance(headings, str) else headings
        if field not in FIELDS[sort]:
            faults.append(f"columns.{field} is not a field")
        elif not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
            faults.append(f"columns.{field} must be a heading or a list of headings")
        else:
            columns[field] = tuple(listed)
    faults += [f"columns.{' or '.join(fields)} is missing" for fields in missing(sort, found)]
    return columns


def missing(sort: Sort, fields: Collection[str]) -> list[tuple[str, ...]]:
    """What is still needed: of each of these one column."""
    return [wanted for wanted in REQUIRED[sort] if not set(wanted) & set(fields)]


def _values(
    found: Any, sort: Sort, faults: list[str]
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    exact: dict[str, dict[str, str]] = {"keep_here": dict(_YES_NO), "groups_see": dict(_YES_NO)}
    starts: dict[str, dict[str, str]] = {}
    for field, words in found.items() if isinstance(found, dict) else ():
        if field not in _CHOSEN or not isinstance(words, dict):
            faults.append(f"values.{field} is not a table of a field with choices")
            continue
        allowed = STATUSES[sort] if field == "status" else _MEANINGS.get(field)
        for word, meaning in words.items():
            known = allowed is None or meaning in allowed
            if field in HOURS_FIELDS and isinstance(meaning, str):
                known = read_hours(meaning) is not None
            if not isinstance(meaning, str) or not known:
                faults.append(f"values.{field}.{word!r} has no meaning {meaning!r}")
            elif word.endswith("*") and field not in HOURS_FIELDS:  # those are whole texts of cells
                starts.setdefault(field, {})[text_key(word[:-1])] = meaning
            else:
                exact.setdefault(field, {})[text_key(word)] = meaning
    return exact, starts


def _choices(found: Any, catalogue: Catalogue, faults: list[str]) -> dict[str, tuple[str, ...]]:
    choices: dict[str, tuple[str, ...]] = {}
    for word, codes in found.items() if isinstance(found, dict) else ():
        listed = [codes] if isinstance(codes, str) else codes
        if not isinstance(listed, list) or not all(code in catalogue for code in listed):
            faults.append(f"choices.{word!r} names a kind of help that does not exist")
        else:
            choices[text_key(word)] = tuple(listed)
    return choices
