"""Calls that are half typed: whose, when, and one sealed record of the form."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from node.domain.ids import DraftId, NeedId, StaffId
from node.store.db import Tx

_COLUMNS = "id, staff_id, sealed, created_at, changed_at, need_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """One draft; ``sealed`` is empty once its call was taken. Times are Unix seconds."""

    id: DraftId
    staff_id: StaffId
    sealed: bytes
    created_at: int
    changed_at: int
    need_id: NeedId | None = None
    """The first request that the call became, once it was taken."""


async def get(tx: Tx, draft_id: str) -> DraftRow | None:
    """One draft, also one whose call was taken."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM drafts WHERE id = ?", (draft_id,)))
    return _row(rows[0]) if rows else None


async def put(tx: Tx, row: DraftRow) -> None:
    """Writes it, new or changed; the day it began stays."""
    await tx.execute(
        f"INSERT INTO drafts({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?) "
        "ON CONFLICT(id) DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at, "
        "need_id = excluded.need_id",
        (row.id, row.staff_id, row.sealed, row.created_at, row.changed_at, row.need_id),
    )


async def open_of(tx: Tx, staff_id: str, since: int) -> Sequence[DraftRow]:
    """What somebody has not finished, changed at ``since`` or later, the latest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM drafts WHERE staff_id = ? AND changed_at >= ? AND sealed <> x'' "
        "ORDER BY changed_at DESC, id",
        (staff_id, since),
    )
    return [_row(row) for row in rows]


async def delete(tx: Tx, draft_id: str) -> None:
    """Gone."""
    await tx.execute("DELETE FROM drafts WHERE id = ?", (draft_id,))


async def delete_older(tx: Tx, before: int, taken_before: int) -> int:
    """Removes what was last changed before that moment, and of calls that were taken the notes of before the other.
    Returns how many."""
    statement = "DELETE FROM drafts WHERE changed_at < CASE WHEN sealed = x'' THEN ? ELSE ? END"
    return (await tx.execute(statement, (taken_before, before))).rowcount


def _row(row: Row) -> DraftRow:
    return DraftRow(
        id=DraftId(row["id"]),
        staff_id=StaffId(row["staff_id"]),
        sealed=row["sealed"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        need_id=NeedId(row["need_id"]) if row["need_id"] else None,
    )
