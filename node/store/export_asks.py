"""Asks to take data out, and who agreed."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.store.db import Tx

_COLUMNS = "id, what, by_staff, at, state, decided_by, decided_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRow:
    """One ask. Times are Unix seconds; ``state``: asked, agreed, refused, used."""

    id: str
    what: str
    by_staff: str
    at: int
    state: str
    decided_by: str | None = None
    decided_at: int | None = None


async def insert(tx: Tx, row: AskRow) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO export_asks({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (row.id, row.what, row.by_staff, row.at, row.state, row.decided_by, row.decided_at),
    )


async def get(tx: Tx, ask_id: str) -> AskRow | None:
    """One, or None."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM export_asks WHERE id = ?", (ask_id,)))
    return AskRow(**dict(rows[0])) if rows else None


async def since(tx: Tx, at: int) -> Sequence[AskRow]:
    """Those asked at that moment or later, the latest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM export_asks WHERE at >= ? ORDER BY at DESC, id", (at,)
    )
    return [AskRow(**dict(row)) for row in rows]


async def decide(tx: Tx, ask_id: str, state: str, decided_by: str, decided_at: int) -> None:
    """Sets what became of it."""
    await tx.execute(
        "UPDATE export_asks SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
        (state, decided_by, decided_at, ask_id),
    )
