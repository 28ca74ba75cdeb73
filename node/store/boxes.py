"""Every sealed box of the database, by table and column, to be sealed to a compartment's new key."""

from collections.abc import Sequence

from node.store.columns import COLUMNS, Protection
from node.store.db import Tx

PINNED = frozenset({("audit", "note_sealed")})
"""The chain of the audit names a hash of these very bytes: they stay under the key that they were sealed to."""


def columns_of_boxes() -> Sequence[tuple[str, str]]:
    """(table, column) of everything sealed that may be sealed anew."""
    return [
        (table, name)
        for table, columns in COLUMNS.items()
        for name, column in columns.items()
        if column.protection is Protection.SEALED and (table, name) not in PINNED
    ]


async def some(tx: Tx, table: str, column: str, after: int, limit: int) -> Sequence[tuple[int, bytes]]:
    """(row, box) of the next ``limit`` rows after that one. Table and column are names of ``columns_of_boxes``."""
    async with tx.execute(
        f"SELECT rowid, {column} FROM {table} WHERE rowid > ? AND length({column}) > 0 ORDER BY rowid LIMIT ?",
        (after, limit),
    ) as cursor:
        return [(row[0], row[1]) for row in await cursor.fetchall()]


async def put(tx: Tx, table: str, column: str, row: int, before: bytes, after: bytes) -> None:
    """The same record in its new box, unless the row was changed meanwhile."""
    await tx.execute(
        f"UPDATE {table} SET {column} = ? WHERE rowid = ? AND {column} = ?", (after, row, before)
    )
