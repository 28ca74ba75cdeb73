"""The contact log of a need, and the one day on which somebody promised to ring again."""

from collections.abc import Sequence
from datetime import date

from node.domain.dispatch.follow_up import CallBack, Contact, ContactKind
from node.domain.ids import NeedId
from node.store.db import Tx, kept


async def insert(tx: Tx, contact: Contact) -> None:
    """One more entry; none is ever changed."""
    await tx.execute(
        "INSERT INTO contact_log(id, need_id, kind, at, by_staff, note_sealed) VALUES(?, ?, ?, ?, ?, ?)",
        (contact.id, contact.need_id, contact.kind, contact.at, contact.by_staff, contact.note_sealed),
    )


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Contact]:
    """Everything logged about one need, newest first."""
    async with tx.execute(
        "SELECT id, need_id, kind, at, by_staff, note_sealed FROM contact_log WHERE need_id = ? "
        "ORDER BY at DESC, id",
        (need_id,),
    ) as cursor:
        return [
            Contact(
                id=row[0],
                need_id=NeedId(row[1]),
                kind=ContactKind(row[2]),
                at=row[3],
                by_staff=row[4],
                note_sealed=row[5],
            )
            for row in await cursor.fetchall()
        ]


async def last_spoken(tx: Tx) -> dict[NeedId, int]:
    """When each need's owner was last spoken to or visited, Unix seconds."""
    async with tx.execute(
        "SELECT need_id, MAX(at) FROM contact_log WHERE kind IN ('spoke','visited') GROUP BY need_id"
    ) as cursor:
        return {NeedId(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def erase_notes(tx: Tx, need_id: str) -> None:
    """What was noted may name anybody: only that and when somebody rang stays."""
    await tx.execute("UPDATE contact_log SET note_sealed = NULL WHERE need_id = ?", (need_id,))
    await tx.execute("UPDATE call_backs SET note_sealed = NULL WHERE need_id = ?", (need_id,))


async def put_call_back(tx: Tx, promise: CallBack) -> None:
    """The day to ring again; a new one replaces the old."""
    await tx.execute(
        "INSERT OR REPLACE INTO call_backs(need_id, day, at, by_staff, note_sealed, by_itself, promised) "
        "VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            promise.need_id,
            promise.day.isoformat(),
            promise.at,
            promise.by_staff,
            promise.note_sealed,
            int(promise.by_itself),
            promise.promised.isoformat() if promise.promised else None,
        ),
    )


@kept
async def call_back(tx: Tx, need_id: str) -> CallBack | None:
    """The day to ring again, or None."""
    async with tx.execute(
        "SELECT need_id, day, at, by_staff, note_sealed, by_itself, promised FROM call_backs WHERE need_id = ?",
        (need_id,),
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    return CallBack(
        need_id=NeedId(row[0]),
        day=date.fromisoformat(row[1]),
        at=row[2],
        by_staff=row[3],
        note_sealed=row[4],
        by_itself=bool(row[5]),
        promised=date.fromisoformat(row[6]) if row[6] else None,
    )


async def leave_call_back(tx: Tx, need_id: str, left: CallBack | None) -> bool:
    """What is left of it; None: nothing. Whether there was one."""
    had = await end_call_back(tx, need_id)
    if left is not None:
        await put_call_back(tx, left)
    return had


async def end_call_back(tx: Tx, need_id: str) -> bool:
    """It was rung, or need not be; whether there was one."""
    cursor = await tx.execute("DELETE FROM call_backs WHERE need_id = ?", (need_id,))
    return cursor.rowcount > 0
