"""Who must not meet whom: nothing but a random id and a sealed record; the pair is readable nowhere."""

from collections.abc import Sequence

from node.store.db import Tx


async def insert(tx: Tx, row_id: str, sealed: bytes) -> None:
    """A new pair."""
    await tx.execute("INSERT INTO apart(id, sealed) VALUES(?, ?)", (row_id, sealed))


async def all_of_them(tx: Tx) -> Sequence[tuple[str, bytes]]:
    """(row id, sealed record) of every pair."""
    async with tx.execute("SELECT id, sealed FROM apart ORDER BY id") as cursor:
        return [(row["id"], row["sealed"]) for row in await cursor.fetchall()]


async def delete(tx: Tx, row_id: str) -> None:
    """Lifts one pair."""
    await tx.execute("DELETE FROM apart WHERE id = ?", (row_id,))
