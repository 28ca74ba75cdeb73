"""Bells: a group asks another's people on duty to look at what it needs today."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from node.store.db import Tx

Way = Literal["in", "out"]
_NAMES = ("id", "way", "peer", "public_id", "at", "seen_at", "seen_by")
_COLUMNS = ", ".join(_NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One ring. Times are Unix seconds."""

    id: str
    way: Way
    peer: str
    public_id: str
    at: int
    seen_at: int | None = None
    seen_by: str | None = None


async def insert(tx: Tx, ring: Ring) -> None:
    """A new one; a second for the same need and group is an ``sqlite3.IntegrityError``."""
    await tx.execute(
        f"INSERT INTO rings({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (ring.id, ring.way, ring.peer, ring.public_id, ring.at, ring.seen_at, ring.seen_by),
    )


async def get(tx: Tx, ring_id: str) -> Ring | None:
    """One of them, or None."""
    found = await _select(tx, "id = ?", ring_id)
    return found[0] if found else None


async def about(tx: Tx, way: Way, peer: str, public_id: str) -> Ring | None:
    """The one for that need and group, or None."""
    found = await _select(tx, "way = ? AND peer = ? AND public_id = ?", way, peer, public_id)
    return found[0] if found else None


async def since(tx: Tx, way: Way, peer: str, at: int) -> int:
    """How many there were to or from that group from ``at`` on (Unix seconds)."""
    async with tx.execute(
        "SELECT COUNT(*) FROM rings WHERE way = ? AND peer = ? AND at >= ?", (way, peer, at)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def unseen(tx: Tx, at: int) -> Sequence[Ring]:
    """What came in from ``at`` on and nobody has looked at, oldest first."""
    return await _select(tx, "way = 'in' AND seen_at IS NULL AND at >= ? ORDER BY at, id", at)


async def seen(tx: Tx, ring_id: str, at: int, by: str) -> None:
    """Somebody has looked at it."""
    await tx.execute("UPDATE rings SET seen_at = ?, seen_by = ? WHERE id = ?", (at, by, ring_id))


async def forget(tx: Tx, before: int) -> None:
    """Removes what is older than ``before`` (Unix seconds)."""
    await tx.execute("DELETE FROM rings WHERE at < ?", (before,))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Ring]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM rings WHERE {condition}", values) as cursor:
        return [Ring(**{name: row[name] for name in _NAMES}) for row in await cursor.fetchall()]
