"""Who is signed in on which browser. Nothing here lets anybody in: the other half is in the cookie."""

from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row

from node.domain.ids import StaffId
from node.store.db import Tx

_COLUMNS = "id, staff_id, wrapped_key, created_at, last_seen, expires_at, device"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session. ``id`` is a hash of the cookie's first half; ``wrapped_key`` opens only with its second
    half. Times are Unix seconds."""

    id: bytes
    staff_id: StaffId
    wrapped_key: bytes
    created_at: int
    last_seen: int
    expires_at: int
    device: str = ""
    """Browser and system as a code."""


async def insert(tx: Tx, row: SessionRow) -> None:
    """A new session."""
    await tx.execute(
        f"INSERT INTO sessions({_COLUMNS}) VALUES (?,?,?,?,?,?,?)",
        (row.id, row.staff_id, row.wrapped_key, row.created_at, row.last_seen, row.expires_at, row.device),
    )


async def get(tx: Tx, id: bytes) -> SessionRow | None:
    """One session, expired or not."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM sessions WHERE id = ?", (id,)))
    return _row(rows[0]) if rows else None


async def seen(tx: Tx, id: bytes, at: int) -> None:
    """Notes that it was used."""
    await tx.execute("UPDATE sessions SET last_seen = ? WHERE id = ?", (at, id))


async def of_staff(tx: Tx, staff_id: str) -> Sequence[SessionRow]:
    """Every session of one person, the latest used first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM sessions WHERE staff_id = ? ORDER BY last_seen DESC, id", (staff_id,)
    )
    return [_row(row) for row in rows]


async def signed_in(tx: Tx, now: int) -> frozenset[str]:
    """Staff ids of whoever has a session that has not run out."""
    found = await tx.execute_fetchall("SELECT DISTINCT staff_id FROM sessions WHERE expires_at > ?", (now,))
    return frozenset(str(row[0]) for row in found)


async def remove(tx: Tx, id: bytes) -> None:
    """Signs one browser out."""
    await tx.execute("DELETE FROM sessions WHERE id = ?", (id,))


async def remove_of(tx: Tx, staff_id: str) -> None:
    """Signs one person out everywhere."""
    await tx.execute("DELETE FROM sessions WHERE staff_id = ?", (staff_id,))


async def remove_all(tx: Tx) -> None:
    """Signs everybody out."""
    await tx.execute("DELETE FROM sessions")


async def remove_expired(tx: Tx, *, now: int, idle_since: int) -> int:
    """Forgets sessions past their end, or not used since ``idle_since``. Returns how many."""
    cursor = await tx.execute(
        "DELETE FROM sessions WHERE expires_at <= ? OR last_seen < ?", (now, idle_since)
    )
    return cursor.rowcount


def _row(row: Row) -> SessionRow:
    return SessionRow(
        id=row["id"],
        staff_id=StaffId(row["staff_id"]),
        wrapped_key=row["wrapped_key"],
        created_at=row["created_at"],
        last_seen=row["last_seen"],
        expires_at=row["expires_at"],
        device=row["device"],
    )
