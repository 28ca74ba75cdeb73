"""Mappings that a group keeps: its columns in the clear, and sealed what words of its cells mean.

Those words are somebody's own ("not on Mondays, dialysis"). An answer is taken over only for the column it was given
for, and what is taken over is shown, so that a sheet which means something else by the same words is not read wrongly.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from node.domain.catalogue import Catalogue, text_key
from node.domain.hours import Hours
from node.domain.sheets import sheet_guess
from node.domain.sheets.mapping import HOURS_BY_DAY, HOURS_BY_PART, HOURS_FIELDS, Sort, read_mapping
from node.domain.sheets.sheet_hours import read_cell, read_hours
from node.domain.sheets.sheet_rows import find_columns
from node.domain.sheets.sheets import Sheet, heading_key, split_choices
from node.services.desk import Desk
from node.services.sheets.sheet_views import TakenOver
from node.store import sheet_drafts
from node.store.db import Tx
from node.store.sheet_drafts import MappingRow
from node.vault import Compartment

ASK = "?"
"""Instead of a meaning: it is asked again."""
Answers = Mapping[str, Any]


async def put(tx: Tx, desk: Desk, mapping: Mapping[str, Any]) -> None:
    """Saves one, in place of one of the same name and sort. Works while locked."""
    await sheet_drafts.put_mapping(tx, _row(desk, mapping, desk.now))


async def for_sheet(tx: Tx, desk: Desk, sheet: Sheet) -> dict[str, Any] | None:
    """The latest that was made for sheets like this one, with its answers. Raises ``Locked``."""
    for row in await sheet_drafts.mappings(tx):
        if sheet_guess.fits(read_mapping(row.text, desk.catalogue), sheet):
            return _whole(desk, row)
    return None


async def seal_old(tx: Tx, desk: Desk) -> int:
    """Those of before, and those of an older export: their answers are sealed. Works while locked; how many."""
    old = [row for row in await sheet_drafts.mappings(tx) if row.sealed is None]
    for row in old:
        mapping = {**_whole(desk, row), "name": row.name, "sort": row.sort}
        await sheet_drafts.put_mapping(tx, _row(desk, mapping, row.changed_at))
    return len(old)


def taken(saved: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """Of the answers of a mapping those that somebody gave, for columns that still have the heading they had.
    ``columns``: field -> heading or headings."""
    same = {
        field for field, names in columns.items() if _keys(names) & _keys(saved["columns"].get(field, []))
    }
    usual = sheet_guess.USUAL_VALUES[Sort(saved["sort"])]
    values = {
        field: {word: means for word, means in words.items() if usual.get(field, {}).get(word) != means}
        for field, words in saved.get("values", {}).items()
        if field in same
    }
    return {
        "of": saved["name"],
        "values": {field: words for field, words in values.items() if words},
        "choices": dict(saved.get("choices", {})) if "categories" in same else {},
    }


def found_in(
    sheet: Sheet, mapping: Mapping[str, Any], answers: Answers, catalogue: Catalogue
) -> tuple[TakenOver, ...]:
    """Which of the answers that were taken over stand for a word of this sheet, the most frequent first. Slow for a
    large one."""
    read = read_mapping(sheet_guess.as_toml(dict(mapping)), catalogue)
    columns = find_columns(sheet, read)
    found = []
    for field, words in answers.get("values", {}).items():
        counted = (
            Counter(text_key(row.cells[columns[field]]) for row in sheet.rows) if field in columns else {}
        )
        for word in words:
            means = mapping["values"].get(field, {}).get(word)
            rows = counted.get(text_key(word), 0)
            if means is None or not rows or (field in HOURS_FIELDS and _clear(field, word)):
                continue
            hours = read_hours(means) if field in HOURS_FIELDS else None
            found.append(TakenOver(field=field, word=word, rows=rows, means=means, hours=hours))
    if answers.get("choices") and "categories" in columns:
        chosen = Counter(
            text_key(choice)
            for row in sheet.rows
            for choice in split_choices(row.cells[columns["categories"]], read.choices)
        )
        for word in answers["choices"]:
            codes = mapping["choices"].get(word)
            if codes and (rows := chosen[text_key(word)]):
                means = codes if isinstance(codes, str) else codes[0]
                found.append(TakenOver(field="categories", word=word, rows=rows, means=means))
    return tuple(sorted(found, key=lambda each: (-each.rows, each.field, each.word)))


def _clear(field: str, word: str) -> bool:
    """Whether a text about hours is read without anybody's answer."""
    hours: Hours | None = (
        read_hours(word)
        if field == "hours"
        else read_cell(word, weekday=HOURS_BY_DAY.get(field, ""), part=HOURS_BY_PART.get(field, ""))
    )
    return hours is not None


def _keys(names: Any) -> set[str]:
    return {heading_key(name) for name in ([names] if isinstance(names, str) else names)}


def _row(desk: Desk, mapping: Mapping[str, Any], at: int) -> MappingRow:
    answers = {"values": mapping.get("values", {}), "choices": mapping.get("choices", {})}
    sealed = desk.vault.seal(Compartment.PEOPLE, "sheet_mappings", mapping["name"], answers)
    bare = {**mapping, "values": {}, "choices": {}}
    return MappingRow(
        name=mapping["name"],
        sort=mapping["sort"],
        text=sheet_guess.as_toml(bare),
        changed_at=at,
        sealed=sealed,
    )


def _whole(desk: Desk, row: MappingRow) -> dict[str, Any]:
    answers: Answers = {}
    if row.sealed is not None:
        answers = desk.vault.open(Compartment.PEOPLE, "sheet_mappings", row.name, row.sealed)
    return {"values": {}, "choices": {}, "sort": "needs", **tomllib.loads(row.text), **answers}
