"""Our box keys: the public halves as they are, the private ones as records of the compartment ``people``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.store.db import Tx

_COLUMNS = "id, public_key, private_sealed, created_at, retired_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxKeyRow:
    """One key; times are Unix seconds, ``retired_at`` is None for the one in use."""

    id: str
    """As headers of messages name it (``protocol.direct.box_id``)."""
    public_key: bytes
    private_sealed: bytes
    created_at: int
    retired_at: int | None = None


async def insert(tx: Tx, row: BoxKeyRow) -> None:
    """A new key; whichever was in use retires at the same moment."""
    await tx.execute("UPDATE box_keys SET retired_at = ? WHERE retired_at IS NULL", (row.created_at,))
    await tx.execute(
        f"INSERT INTO box_keys({_COLUMNS}) VALUES(?, ?, ?, ?, ?)",
        (row.id, row.public_key, row.private_sealed, row.created_at, row.retired_at),
    )


async def current(tx: Tx) -> BoxKeyRow | None:
    """The key in use, or None before the first."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM box_keys WHERE retired_at IS NULL") as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def get(tx: Tx, box: str) -> BoxKeyRow | None:
    """A key that is still held, in use or retired."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM box_keys WHERE id = ?", (box,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def all_of_them(tx: Tx) -> Sequence[BoxKeyRow]:
    """Every key held, the newest first."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM box_keys ORDER BY created_at DESC, id")
    return [_row(row) for row in rows]


async def drop_retired(tx: Tx, before: int) -> int:
    """Forgets the keys that retired before that time, for good; how many."""
    cursor = await tx.execute("DELETE FROM box_keys WHERE retired_at < ?", (before,))
    return cursor.rowcount


def _row(row: Any) -> BoxKeyRow:
    return BoxKeyRow(
        id=row["id"],
        public_key=row["public_key"],
        private_sealed=row["private_sealed"],
        created_at=row["created_at"],
        retired_at=row["retired_at"],
    )
