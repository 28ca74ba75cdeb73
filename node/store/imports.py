"""Which rows of which sheets are already here, by keyed hash: nobody can tell from it who was in a sheet."""

from dataclasses import dataclass

from node.domain.ids import NeedId
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One run of an import. ``mapping`` is the mapping's name."""

    id: str
    at: int
    """Unix seconds."""
    by_actor: str
    mapping: str
    rows: int
    added: int
    """Needs added."""
    skipped: int
    """Rows that were here already."""


async def put(tx: Tx, run: ImportRow) -> None:
    """Notes a run, or how far it has come."""
    await tx.execute(
        "INSERT INTO imports(id, at, by_actor, mapping, rows, added, skipped) VALUES(?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(id) DO UPDATE SET added = excluded.added, skipped = excluded.skipped",
        (run.id, run.at, run.by_actor, run.mapping, run.rows, run.added, run.skipped),
    )


async def get(tx: Tx, import_id: str) -> ImportRow | None:
    """One run, or None."""
    rows = list(
        await tx.execute_fetchall(
            "SELECT id, at, by_actor, mapping, rows, added, skipped FROM imports WHERE id = ?", (import_id,)
        )
    )
    return ImportRow(**dict(rows[0])) if rows else None


async def add_row(tx: Tx, *, row_key: bytes, part: str, need_id: NeedId, import_id: str) -> None:
    """Remembers the need that one part of a row became; ``part`` is the kind's place in the row."""
    await tx.execute(
        "INSERT INTO import_rows(row_key, part, need_id, import_id) VALUES(?, ?, ?, ?)",
        (row_key, part, need_id, import_id),
    )


async def is_here(tx: Tx, row_key: bytes) -> bool:
    """Whether the row came in before, whatever became of its needs."""
    rows = await tx.execute_fetchall("SELECT 1 FROM import_rows WHERE row_key = ? LIMIT 1", (row_key,))
    return bool(list(rows))
