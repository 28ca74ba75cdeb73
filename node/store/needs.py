"""Needs: the clear part in columns, the rest as one sealed record."""

import json
from collections.abc import Mapping, Sequence
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
from node.domain.views import QueueFilter
from node.store.db import Tx

_COLUMNS = (
    "id, person_id, reference, state, category, cell, urgency, window_from, window_to, part_of_day, effort, "
    "people, helpers, remote, requires, languages, tags, repeats, keep_here, channel, posted_day, due_day, "
    "hold_until, close_reason, duplicate_of, closed_day, told_by_phone, to_check, round, by_staff, sealed, "
    "created_at, changed_at, import_key"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_HELD = "('new','open','offered','assigned','in_progress','reported','on_hold')"
_PENDING = "('proposed','interested')"
_FILLS = "('approved','contacted','done')"

_WHERE: Mapping[QueueFilter, str] = {
    QueueFilter.TO_TRIAGE: "state = 'new'",
    QueueFilter.UNASSIGNED: "state IN ('open','offered')",
    QueueFilter.DUE_TODAY: f"state IN {_HELD} AND COALESCE(hold_until, due_day) = :today",
    QueueFilter.WAITING: "state = 'offered' OR (state IN ('assigned','in_progress') AND EXISTS("
    f"SELECT 1 FROM assignments a WHERE a.need_id = needs.id AND a.state IN {_PENDING}))",
    QueueFilter.OVERDUE: f"state IN {_HELD} AND COALESCE(hold_until, due_day) < :today",
    QueueFilter.MINE: f"state IN {_HELD} AND (by_staff = :staff OR EXISTS("
    "SELECT 1 FROM assignments a WHERE a.need_id = needs.id AND :staff IN (a.by_staff, a.approved_by)))",
    QueueFilter.ALL_OPEN: f"state IN {_HELD}",
    QueueFilter.CLOSED: "state IN ('closed','referred')",
}
"""Each saved filter as a condition; ``:today`` and ``:staff`` are bound."""

_ORDER = (
    "COALESCE(hold_until, due_day) IS NULL, COALESCE(hold_until, due_day), "
    "CASE urgency WHEN 'today' THEN 0 WHEN 'this_week' THEN 1 ELSE 2 END, created_at, id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """One row: the clear need, its sealed record (empty once erased), and an import's row key."""

    need: Need
    sealed: bytes
    import_key: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedNeed:
    """What one line of the board shows of a need; how many places of its present round are filled, and how many
    answers are pending. Light, because a board is drawn often."""

    id: NeedId
    reference: str
    state: NeedState
    category: str
    cell: str | None
    urgency: Urgency
    due_day: date | None
    hold_until: date | None
    posted_day: date
    helpers: int
    keep_here: bool
    to_check: bool
    told_by_phone: bool
    changed_at: int
    filled: int
    waiting: int


async def insert(tx: Tx, row: NeedRow) -> None:
    """A new need."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO needs({_COLUMNS}) VALUES({marks})", _values(row))


async def update(tx: Tx, row: NeedRow) -> None:
    """Writes every column of the need."""
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    await tx.execute(f"UPDATE needs SET {pairs} WHERE id = :id", _values(row))


async def get(tx: Tx, need_id: str) -> NeedRow | None:
    """One need, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM needs WHERE id = ?", (need_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


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


async def in_states(tx: Tx, states: Sequence[NeedState]) -> Sequence[NeedRow]:
    """Every need in one of these states, oldest first."""
    marks = ", ".join("?" for _ in states)
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM needs WHERE state IN ({marks}) ORDER BY created_at, id", tuple(states)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def queue(
    tx: Tx, which: QueueFilter, *, today: date, staff_id: str | None, limit: int
) -> Sequence[QueuedNeed]:
    """One saved filter in board order: by due day, then urgency, then age; closed ones latest first."""
    order = "changed_at DESC, id" if which is QueueFilter.CLOSED else _ORDER
    counted = (
        "(SELECT COUNT(*) FROM assignments a WHERE a.need_id = needs.id AND a.round = needs.round "
        "AND a.state IN {})"
    )
    async with tx.execute(
        "SELECT id, reference, state, category, cell, urgency, due_day, hold_until, posted_day, helpers, "
        f"keep_here, to_check, told_by_phone, changed_at, {counted.format(_FILLS)}, {counted.format(_PENDING)} "
        f"FROM needs WHERE {_WHERE[which]} ORDER BY {order} LIMIT :limit",
        {"today": today.isoformat(), "staff": staff_id, "limit": limit},
    ) as cursor:
        return [_queued(*row) for row in await cursor.fetchall()]


async def sealed_of(tx: Tx, need_ids: Sequence[NeedId]) -> dict[NeedId, bytes]:
    """The sealed records of some needs (empty once erased)."""
    async with tx.execute(
        "SELECT id, sealed FROM needs WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(need_ids),)
    ) as cursor:
        return {NeedId(row[0]): row[1] for row in await cursor.fetchall()}


async def counts(tx: Tx, *, today: date, staff_id: str | None) -> dict[QueueFilter, int]:
    """How many needs each saved filter holds, in one pass."""
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {where} THEN 1 ELSE 0 END), 0)" for where in _WHERE.values())
    async with tx.execute(
        f"SELECT {sums} FROM needs", {"today": today.isoformat(), "staff": staff_id}
    ) as cursor:
        row = await cursor.fetchone()
    return dict(zip(_WHERE, row or (0,) * len(_WHERE), strict=True))


async def counted_by_state(tx: Tx) -> dict[str, int]:
    """How many needs are in each state that any is in."""
    async with tx.execute("SELECT state, COUNT(*) FROM needs GROUP BY state") as cursor:
        return {row[0]: int(row[1]) for row in await cursor.fetchall()}


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
    }


def _queued(
    id: str,
    reference: str,
    state: str,
    category: str,
    cell: str | None,
    urgency: str,
    due_day: str | None,
    hold_until: str | None,
    posted_day: str,
    helpers: int,
    keep_here: int,
    to_check: int,
    told_by_phone: int,
    changed_at: int,
    filled: int,
    waiting: int,
) -> QueuedNeed:
    return QueuedNeed(
        id=NeedId(id),
        reference=reference,
        state=NeedState(state),
        category=category,
        cell=cell,
        urgency=Urgency(urgency),
        due_day=_date(due_day),
        hold_until=_date(hold_until),
        posted_day=date.fromisoformat(posted_day),
        helpers=helpers,
        keep_here=bool(keep_here),
        to_check=bool(to_check),
        told_by_phone=bool(told_by_phone),
        changed_at=changed_at,
        filled=filled,
        waiting=waiting,
    )


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
