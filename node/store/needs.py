"""Needs: the clear part in columns, the rest as one sealed record."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import NeedId, PersonId
from node.domain.need import (
    Channel,
    CloseReason,
    Effort,
    Need,
    NeedState,
    PartOfDay,
    People,
    Repeats,
    Urgency,
    Window,
)
from node.store.db import Tx, kept

_COLUMNS = (
    "id, person_id, reference, state, category, cell, urgency, window_from, window_to, part_of_day, effort, "
    "people, helpers, remote, requires, languages, tags, repeats, keep_here, channel, posted_day, due_day, "
    "hold_until, close_reason, duplicate_of, closed_day, told_by_phone, to_check, round, by_staff, sealed, "
    "created_at, changed_at, import_key, promised_at, practice"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One row: the clear need, its sealed record (empty once erased), and an import's row key."""

    need: Need
    sealed: bytes
    import_key: bytes | None = None


async def insert(tx: Tx, row: NeedRow) -> None:
    """A new need."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO needs({_COLUMNS}) VALUES({marks})", _values(row))


async def update(tx: Tx, row: NeedRow) -> None:
    """Writes every column of the need. One that is emptied is found by no caller's number any more."""
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    pairs += ", caller_index = CASE WHEN length(:sealed) = 0 THEN x'' ELSE caller_index END"
    await tx.execute(f"UPDATE needs SET {pairs} WHERE id = :id", _values(row))


@kept
async def get(tx: Tx, need_id: str) -> NeedRow | None:
    """One need, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM needs WHERE id = ?", (need_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def of_these(tx: Tx, need_ids: Sequence[str]) -> Sequence[NeedRow]:
    """Those of them that there are, in no order."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM needs WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(need_ids),)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def with_reference(tx: Tx, reference: str) -> NeedRow | None:
    """The need with these nine digits, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM needs WHERE reference = ?", (reference,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def of_person(tx: Tx, person_id: str) -> Sequence[NeedRow]:
    """Everything that person asked for, newest first."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM needs WHERE person_id = ? ORDER BY created_at DESC, id", (person_id,)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


@kept
async def also_open(tx: Tx, need_id: str, limit: int = 10) -> Sequence[NeedRow]:
    """What else is not closed for whoever asked for that need, for their household, or by their number; the oldest
    first. Not the other days of what repeats."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM needs WHERE state != 'closed' AND id != :need "
        "AND practice = (SELECT practice FROM needs WHERE id = :need) AND person_id IN ("
        "  SELECT p.id FROM persons p, persons me "
        "  WHERE me.id = (SELECT person_id FROM needs WHERE id = :need) AND (p.id = me.id "
        "  OR (p.phone_index = me.phone_index AND length(me.phone_index) > 0) "
        "  OR p.id IN (SELECT o.person_id FROM household_members o JOIN household_members mine "
        "     ON mine.household_id = o.household_id WHERE mine.person_id = me.id))) "
        "AND NOT EXISTS(SELECT 1 FROM series_days a JOIN series_days b ON b.series_id = a.series_id "
        "  WHERE a.need_id = :need AND b.need_id = needs.id) "
        "ORDER BY created_at, id LIMIT :limit",
        {"need": need_id, "limit": limit},
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def open_askers(tx: Tx) -> Sequence[PersonId]:
    """Who asked for each need that is not closed: one entry a need."""
    async with tx.execute(
        "SELECT person_id FROM needs WHERE person_id IS NOT NULL AND state != 'closed'"
    ) as cursor:
        return [PersonId(row[0]) for row in await cursor.fetchall()]


async def askers(tx: Tx) -> frozenset[PersonId]:
    """Everybody who ever asked for something."""
    async with tx.execute("SELECT DISTINCT person_id FROM needs WHERE person_id IS NOT NULL") as cursor:
        return frozenset(PersonId(row[0]) for row in await cursor.fetchall())


async def in_states(tx: Tx, states: Sequence[NeedState]) -> Sequence[NeedRow]:
    """Every need in one of these states, oldest first, but for practice calls."""
    marks = ", ".join("?" for _ in states)
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM needs WHERE practice = 0 AND state IN ({marks}) ORDER BY created_at, id",
        tuple(states),
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def sealed_of(tx: Tx, need_ids: Sequence[NeedId]) -> dict[NeedId, bytes]:
    """The sealed records of some needs (empty once erased)."""
    async with tx.execute(
        "SELECT id, sealed FROM needs WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(need_ids),)
    ) as cursor:
        return {NeedId(row[0]): row[1] for row in await cursor.fetchall()}


async def sealed_of_all(tx: Tx) -> Sequence[tuple[NeedId, bytes]]:
    """The sealed record of every need that has one; none made up for practice."""
    async with tx.execute("SELECT id, sealed FROM needs WHERE sealed != x'' AND practice = 0") as cursor:
        return [(NeedId(row[0]), row[1]) for row in await cursor.fetchall()]


async def counted_by_state(tx: Tx) -> dict[str, int]:
    """How many needs are in each state that any is in."""
    async with tx.execute("SELECT state, COUNT(*) FROM needs WHERE practice = 0 GROUP BY state") as cursor:
        return {row[0]: int(row[1]) for row in await cursor.fetchall()}


async def counted_by_category(tx: Tx) -> dict[str, int]:
    """How many needs there ever were of each kind that stands in the clear."""
    async with tx.execute(
        "SELECT category, COUNT(*) FROM needs WHERE practice = 0 AND category != 'private' GROUP BY category"
    ) as cursor:
        return {row[0]: int(row[1]) for row in await cursor.fetchall()}


async def any_at_all(tx: Tx) -> bool:
    """Whether there is one, practice and closed ones too."""
    async with tx.execute("SELECT EXISTS(SELECT 1 FROM needs)") as cursor:
        row = await cursor.fetchone()
    return bool(row and row[0])


async def delete_practice(tx: Tx) -> int:
    """Every practice call is gone, with what hangs on it. Returns how many there were."""
    return (await tx.execute("DELETE FROM needs WHERE practice = 1")).rowcount


def _values(row: NeedRow) -> dict[str, Any]:
    need = row.need
    return {
        "id": need.id,
        "person_id": need.person_id,
        "reference": need.reference,
        "state": need.state,
        "category": need.category,
        "cell": need.cell,
        "urgency": need.urgency,
        "window_from": _day(need.window.first if need.window else None),
        "window_to": _day(need.window.last if need.window else None),
        "part_of_day": need.part_of_day,
        "effort": need.effort,
        "people": need.people,
        "helpers": need.helpers,
        "remote": int(need.remote),
        "requires": json.dumps(need.requires),
        "languages": json.dumps(need.languages),
        "tags": json.dumps(need.tags),
        "repeats": need.repeats,
        "keep_here": int(need.keep_here),
        "channel": need.channel,
        "posted_day": _day(need.posted_day),
        "due_day": _day(need.due_day),
        "hold_until": _day(need.hold_until),
        "close_reason": need.close_reason,
        "duplicate_of": need.duplicate_of,
        "closed_day": _day(need.closed_day),
        "told_by_phone": int(need.told_by_phone),
        "to_check": int(need.to_check),
        "round": need.round,
        "by_staff": need.by_staff,
        "sealed": row.sealed,
        "created_at": need.created_at,
        "changed_at": need.changed_at,
        "import_key": row.import_key,
        "promised_at": need.promised_at,
        "practice": int(need.practice),
    }


def _row(values: Any) -> NeedRow:
    row = dict(zip(_NAMES, values, strict=True))  # finding a column by name in the driver's row is slow
    first, last = _date(row["window_from"]), _date(row["window_to"])
    return NeedRow(
        need=Need(
            id=NeedId(row["id"]),
            person_id=PersonId(row["person_id"]) if row["person_id"] else None,
            reference=row["reference"],
            state=NeedState(row["state"]),
            category=row["category"],
            cell=row["cell"],
            urgency=Urgency(row["urgency"]),
            window=Window(first=first, last=last) if first and last else None,
            part_of_day=PartOfDay(row["part_of_day"]) if row["part_of_day"] else None,
            effort=Effort(row["effort"]) if row["effort"] else None,
            people=People(row["people"]) if row["people"] else None,
            helpers=row["helpers"],
            remote=bool(row["remote"]),
            requires=_list(row["requires"]),
            languages=_list(row["languages"]),
            tags=_list(row["tags"]),
            repeats=Repeats(row["repeats"]) if row["repeats"] else None,
            keep_here=bool(row["keep_here"]),
            to_check=bool(row["to_check"]),
            channel=Channel(row["channel"]),
            posted_day=date.fromisoformat(row["posted_day"]),
            due_day=_date(row["due_day"]),
            hold_until=_date(row["hold_until"]),
            close_reason=CloseReason(row["close_reason"]) if row["close_reason"] else None,
            duplicate_of=NeedId(row["duplicate_of"]) if row["duplicate_of"] else None,
            closed_day=_date(row["closed_day"]),
            told_by_phone=bool(row["told_by_phone"]),
            round=row["round"],
            by_staff=row["by_staff"],
            promised_at=row["promised_at"],
            practice=bool(row["practice"]),
            created_at=row["created_at"],
            changed_at=row["changed_at"],
        ),
        sealed=row["sealed"],
        import_key=row["import_key"],
    )


def _list(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(json.loads(text))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
