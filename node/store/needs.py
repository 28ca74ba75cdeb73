"""Needs: the clear part in columns, the rest as one sealed record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from node.domain.board.views import QueueFilter
from node.domain.board.watch import ask_whether
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
_HELD = "('new','open','offered','assigned','in_progress','reported','on_hold')"
_PENDING = "('proposed','interested')"
_FILLS = "('approved','contacted','done')"

_PROMISED_DAY = (
    # Counted from the group's own midnight; the big number keeps a promise of yesterday from rounding up to today.
    "date(:today, ((promised_at - :midnight + 86400 * 1000) / 86400 - 1000) || ' days')"
)
"""The day on which we said that somebody would ring back; NULL where nothing was said."""

_WHERE: Mapping[QueueFilter, str] = {
    QueueFilter.TO_TRIAGE: "state = 'new'",
    QueueFilter.UNASSIGNED: "state IN ('open','offered')",
    QueueFilter.DUE_TODAY: f"state IN {_HELD} AND (COALESCE(hold_until, due_day) = :today "
    f"OR {_PROMISED_DAY} = :today)",
    QueueFilter.WAITING: "state = 'offered' OR (state IN ('assigned','in_progress') AND EXISTS("
    f"SELECT 1 FROM assignments a WHERE a.need_id = needs.id AND a.state IN {_PENDING}))",
    QueueFilter.OVERDUE: f"state IN {_HELD} AND (COALESCE(hold_until, due_day) < :today OR promised_at < :now)",
    QueueFilter.MINE: f"state IN {_HELD} AND (by_staff = :staff OR EXISTS("
    "SELECT 1 FROM assignments a WHERE a.need_id = needs.id AND :staff IN (a.by_staff, a.approved_by)))",
    QueueFilter.ALL_OPEN: f"state IN {_HELD}",
    QueueFilter.CALL_BACK: f"(state IN {_HELD} AND EXISTS("
    "SELECT 1 FROM call_backs c WHERE c.need_id = needs.id AND c.day <= :today)) "
    f"OR (state = 'on_hold' AND hold_until <= :today) OR (state IN {_HELD} AND promised_at IS NOT NULL)",
    QueueFilter.QUIET: f"state IN {_HELD} AND id IN (SELECT value FROM json_each(:quiet))",
    QueueFilter.HAPPENED: "(state = 'reported' OR (state IN ('assigned','in_progress') "
    "AND COALESCE(due_day, date(changed_at, 'unixepoch')) <= :asked)) AND NOT EXISTS("
    "SELECT 1 FROM call_backs c WHERE c.need_id = needs.id AND c.day > :today)",
    QueueFilter.OLDEST: "state != 'closed'",
    QueueFilter.CLOSED: "state IN ('closed','referred')",
}
"""Each saved filter as a condition; what ``Seen`` holds is bound. Practice calls are in none of these."""
_CHOSEN: Mapping[QueueFilter, str] = {
    **{which: f"practice = 0 AND ({where})" for which, where in _WHERE.items()},
    QueueFilter.PRACTICE: "practice = 1",
}

_QUEUED_AT_ONCE = 5_000
"""Rows of the board that are made into values once, for as long as nothing about them changes."""
_DAY_OF_IT = (
    f"COALESCE(MIN(COALESCE(hold_until, due_day), {_PROMISED_DAY}), hold_until, due_day, {_PROMISED_DAY})"
)
"""The day by which something has to happen: help, or the call that was promised, whichever comes first."""
_BY_DUE_DAY = (
    # Within a day what was promised for an hour comes before what has the whole day, the earliest hour first.
    f"{_DAY_OF_IT} IS NULL, {_DAY_OF_IT}, {_PROMISED_DAY} IS NULL OR {_PROMISED_DAY} > {_DAY_OF_IT}, "
    f"CASE WHEN {_PROMISED_DAY} = {_DAY_OF_IT} THEN promised_at END, "
    "CASE urgency WHEN 'today' THEN 0 WHEN 'this_week' THEN 1 ELSE 2 END, created_at, id"
)
_ORDER: Mapping[QueueFilter, str] = {
    QueueFilter.OLDEST: "posted_day, created_at, id",
    QueueFilter.CLOSED: "changed_at DESC, id",
}
"""Where it is not by due day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the filters compare with: the day, who looks, and needs with a helper that nobody hears from."""

    today: date
    now: int
    """Unix seconds; or ``last_passed``, which tells the same."""
    midnight: int
    """When the group's day began, in Unix seconds."""
    staff_id: str | None
    quiet: tuple[NeedId, ...] = ()

    def bound(self) -> dict[str, Any]:
        """As parameters of a query."""
        return {
            "today": self.today.isoformat(),
            "now": self.now,
            "midnight": self.midnight,
            "asked": ask_whether(self.today).isoformat(),
            "staff": self.staff_id,
            "quiet": json.dumps(self.quiet),
        }


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
    call_back: date | None
    unread: int
    changed_at: int
    filled: int
    waiting: int
    promised_at: int | None
    practice: bool


async def insert(tx: Tx, row: NeedRow) -> None:
    """A new need."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO needs({_COLUMNS}) VALUES({marks})", _values(row))


async def update(tx: Tx, row: NeedRow) -> None:
    """Writes every column of the need."""
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
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


@kept
async def queue(
    tx: Tx, which: QueueFilter, seen: Seen, *, limit: int, offset: int = 0
) -> Sequence[QueuedNeed]:
    """One saved filter in board order: by due day, then urgency, then age; closed ones latest first."""
    order = _ORDER.get(which, _BY_DUE_DAY)
    counted = (
        "(SELECT COUNT(*) FROM assignments a WHERE a.need_id = needs.id AND a.round = needs.round "
        "AND a.state IN {})"
    )
    async with tx.execute(
        "SELECT id, reference, state, category, cell, urgency, due_day, hold_until, posted_day, helpers, "
        f"keep_here, to_check, told_by_phone, changed_at, {counted.format(_FILLS)}, {counted.format(_PENDING)}, "
        "(SELECT day FROM call_backs c WHERE c.need_id = needs.id), "
        "(SELECT COUNT(*) FROM messages m WHERE m.need_id = needs.id AND m.by_staff IS NULL "
        "AND m.seen_at IS NULL), promised_at, practice "
        f"FROM needs WHERE {_CHOSEN[which]} ORDER BY {order} LIMIT :limit OFFSET :offset",
        seen.bound() | {"limit": limit, "offset": offset},
    ) as cursor:
        return [_queued(*row) for row in await cursor.fetchall()]


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


async def last_passed(tx: Tx, now: int) -> int:
    """A moment (Unix seconds) for ``Seen.now`` before which the same promises are as before ``now``: it moves only when
    the next one passes, so that what is told with it stays an answer to the same question."""
    rows = await tx.execute_fetchall(
        "SELECT promised_at FROM needs WHERE promised_at IS NOT NULL ORDER BY promised_at"
    )
    return max((row[0] for row in rows if row[0] < now), default=-1) + 1


@kept
async def counts(tx: Tx, seen: Seen) -> dict[QueueFilter, int]:
    """How many needs each saved filter holds, in one pass."""
    sums = ", ".join(f"COALESCE(SUM(CASE WHEN {where} THEN 1 ELSE 0 END), 0)" for where in _CHOSEN.values())
    async with tx.execute(f"SELECT {sums} FROM needs", seen.bound()) as cursor:
        row = await cursor.fetchone()
    return dict(zip(_CHOSEN, row or (0,) * len(_CHOSEN), strict=True))


async def changed_since(tx: Tx, which: QueueFilter, seen: Seen, at: int, *, limit: int) -> Sequence[NeedId]:
    """Which needs of one saved filter changed at ``at`` (Unix seconds) or since."""
    async with tx.execute(
        f"SELECT id FROM needs WHERE changed_at >= :at AND {_CHOSEN[which]} LIMIT :limit",
        seen.bound() | {"at": at, "limit": limit},
    ) as cursor:
        return [NeedId(row[0]) for row in await cursor.fetchall()]


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


@lru_cache(maxsize=_QUEUED_AT_ONCE)
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
    call_back: str | None,
    unread: int,
    promised_at: int | None,
    practice: int,
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
        call_back=_date(call_back),
        unread=unread,
        promised_at=promised_at,
        practice=bool(practice),
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
