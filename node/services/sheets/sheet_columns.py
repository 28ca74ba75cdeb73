"""What the columns of a sheet mean: what is known or guessed, shown with some of their cells, and what is missing in an
answer. Pure, but for the bytes of the sheet.
"""

from collections.abc import Mapping
from typing import Any

from node.domain.catalogue import Catalogue
from node.domain.sheets import sheet_guess
from node.domain.sheets.mapping import Sort, missing, read_mapping
from node.domain.sheets.sheet_dates import DateOrder, orders
from node.domain.sheets.sheet_rows import Remark, find_columns
from node.domain.sheets.sheets import Sheet
from node.errors import N_
from node.services.sheets.sheet_keeping import KeptSheet
from node.services.sheets.sheet_views import Column, Described, Fault, Said

SAMPLES = 3
_NEEDED: Mapping[Sort, str] = {
    Sort.NEEDS: N_("Choose the column that says what help is wanted."),
    Sort.VOLUNTEERS: N_("Choose the column that has their name."),
    Sort.MATCHES: N_(
        "Choose the column of who was helped, and the column of who helped: their names, or their numbers in sheets "
        "that came before."
    ),
}


def described(
    kept: KeptSheet, sheet: Sheet, saved: Mapping[str, Any] | None, wanted: Sort | None
) -> Described:
    """The columns with what they mean: as was said, else as in ``saved`` (a mapping that fits), else as guessed.
    ``wanted``: if it were a sheet of these."""
    state = kept.state
    mapping = state.get("mapping") or saved
    if mapping and wanted and mapping["sort"] != wanted:
        mapping = None
    sort = wanted or (Sort(mapping["sort"]) if mapping else sheet_guess.sort_of(sheet))
    fields = _fields(sheet, mapping) if mapping else sheet_guess.columns_of(sheet, sort)
    possible, example = _dates(sheet, fields)
    told = mapping["dates"] if mapping else ""
    return Described(
        id=kept.id,
        rows=len(sheet.rows),
        sort=sort,
        name=mapping["name"] if mapping else "",
        columns=tuple(
            Column(heading=heading, samples=_samples(sheet, heading), field=fields.get(heading, ""))
            for heading in sheet.headings
        ),
        tabs=sheet.tabs,
        tab=state.get("tab", ""),
        encoding=state.get("encoding", ""),
        dates=told if told in possible else possible[0] if len(possible) == 1 else "",
        date_example=example,
        open_=bool(state.get("open")),
        consent=state.get("consent", ""),
        known_as=mapping["name"] if mapping and "mapping" not in state else "",
        chosen_lists=mapping.get("lists", {}) if mapping else {},
    )


def problems(sheet: Sheet, said: Said, columns: Mapping[str, str]) -> dict[str, str]:
    """What is missing or wrong in an answer: ``name``, ``columns``, ``dates`` -> why (a msgid)."""
    found: dict[str, str] = {}
    if not 0 < len(said.name.strip()) <= 60:
        found["name"] = N_("Give this sort of sheet a name of at most 60 letters.")
    twice = [field for field in columns.values() if list(columns.values()).count(field) > 1]
    needed = missing(said.sort, columns.values())
    if twice:
        found["columns"] = N_("Two columns mean the same. Choose one of them.")
    elif needed:
        found["columns"] = _NEEDED[said.sort]
    possible, _ = _dates(sheet, columns)
    if len(possible) > 1 and said.dates not in possible:
        found["dates"] = N_("Say which comes first, the day or the month.")
    return found


def faults(sheet: Sheet, mapping: str, errors: tuple[Remark, ...], catalogue: Catalogue) -> tuple[Fault, ...]:
    """The rows that cannot come in, each with its faulty cells; ``sheet`` with what was put right."""
    columns = find_columns(sheet, read_mapping(mapping, catalogue))
    rows = {row.line: row for row in sheet.rows}
    by_line: dict[int, list[tuple[str, str, str]]] = {}
    for each in errors:
        cell = rows[each.line].cells.get(each.column, "")
        heading = each.column if each.column in sheet.headings else ""
        by_line.setdefault(each.line, []).append((heading, cell, each.message))
    who = columns.get("name", "")
    return tuple(
        Fault(line=line, who=rows[line].cells.get(who, ""), cells=tuple(cells))
        for line, cells in sorted(by_line.items())
    )


def _fields(sheet: Sheet, mapping: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, names in mapping["columns"].items():
        heading = sheet.heading([names] if isinstance(names, str) else names)
        if heading is not None:
            found[heading] = field
    return found


def _samples(sheet: Sheet, heading: str) -> tuple[str, ...]:
    found = dict.fromkeys(row.cells[heading] for row in sheet.rows[:200] if row.cells[heading])
    return tuple(text[:60] for text in list(found)[:SAMPLES])


def _dates(sheet: Sheet, columns: Mapping[str, str]) -> tuple[tuple[DateOrder, ...], str]:
    days = [heading for heading, field in columns.items() if field in ("posted", "closed")]
    texts = [row.cells[heading] for heading in days if heading in sheet.headings for row in sheet.rows]
    possible = orders(texts)
    if len(possible) == 1:
        return possible, ""
    return possible, next((text for text in texts if len(orders([text])) > 1), texts[0])
