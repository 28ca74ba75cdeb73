"""The board's lists: needs by a saved filter, in board order, without opening a record."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from node.domain.board.views import QueueFilter
from node.domain.board.watch import ask_whether
from node.domain.ids import NeedId
from node.domain.need import NeedState, Urgency
from node.store.db import Tx, kept

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


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
