"""The last move on each need, for the minutes in which it may be taken back."""

import json
from collections.abc import Sequence

from node.domain.dispatch.undo import LastMove, before_from, before_record
from node.domain.ids import NeedId
from node.store.db import Tx, kept


async def put(tx: Tx, move: LastMove) -> None:
    """The newest move; what was before it can no longer be taken back."""
    await tx.execute(
        "INSERT OR REPLACE INTO undos(need_id, move, by_staff, at, audit_seq, before) VALUES(?, ?, ?, ?, ?, ?)",
        (
            move.need_id,
            move.move,
            move.by_staff,
            move.at,
            move.audit_seq,
            json.dumps(before_record(move.before), separators=(",", ":")),
        ),
    )


@kept
async def get(tx: Tx, need_id: str) -> LastMove | None:
    """The last move, or None."""
    async with tx.execute(
        "SELECT need_id, move, by_staff, at, audit_seq, before FROM undos WHERE need_id = ?", (need_id,)
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    return LastMove(
        need_id=NeedId(row[0]),
        move=row[1],
        by_staff=row[2],
        at=row[3],
        audit_seq=row[4],
        before=before_from(json.loads(row[5])),
    )


async def hers_since(tx: Tx, at: int) -> Sequence[LastMove]:
    """Moves that volunteers made since then (Unix seconds), the newest first."""
    async with tx.execute(
        "SELECT need_id FROM undos WHERE by_staff = '' AND at >= ? ORDER BY at DESC, need_id", (at,)
    ) as cursor:
        found = [await get(tx, row[0]) for row in await cursor.fetchall()]
    return [move for move in found if move is not None]


async def since(tx: Tx, move: LastMove) -> Sequence[str]:
    """The audit's actions on that need after the move, each once."""
    async with tx.execute(
        "SELECT DISTINCT action FROM audit WHERE object = ? AND seq > ?",
        (f"need:{move.need_id}", move.audit_seq),
    ) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def last_line(tx: Tx, need_id: str) -> int:
    """The number of the newest line of the audit about that need; 0 for none."""
    async with tx.execute("SELECT MAX(seq) FROM audit WHERE object = ?", (f"need:{need_id}",)) as cursor:
        row = await cursor.fetchone()
    return int(row[0] or 0) if row else 0


async def forget(tx: Tx, need_id: str) -> None:
    """Nothing can be taken back there."""
    await tx.execute("DELETE FROM undos WHERE need_id = ?", (need_id,))


async def forget_before(tx: Tx, at: int) -> int:
    """Removes what nobody may take back any more; returns how many there were."""
    cursor = await tx.execute("DELETE FROM undos WHERE at < ?", (at,))
    return cursor.rowcount
