"""Which rows of which sheets are already here, by keyed hash: nobody can tell from it who was in a sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from node.domain.ids import NeedId
from node.store.db import Tx

_COLUMNS = "id, at, by_actor, mapping, rows, done, added, skipped, to_check, closed"
_MARKS = ", ".join(f":{name.strip()}" for name in _COLUMNS.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One run of an import. ``mapping`` is the mapping's name."""

    id: str
    at: int
    """Unix seconds."""
    by_actor: str
    mapping: str
    rows: int
    done: int = 0
    """Rows gone through so far: less than ``rows`` of a run that is under way, or was broken off."""
    added: int = 0
    """Needs, volunteers or past tasks added."""
    skipped: int = 0
    """Rows that were here already."""
    to_check: int = 0
    closed: int = 0


async def put(tx: Tx, run: ImportRow) -> None:
    """Notes a run, or how far it has come."""
    await tx.execute(
        f"INSERT INTO imports({_COLUMNS}) VALUES({_MARKS}) ON CONFLICT(id) DO UPDATE SET rows = excluded.rows,"
        " done = excluded.done, added = excluded.added, skipped = excluded.skipped,"
        " to_check = excluded.to_check, closed = excluded.closed",
        asdict(run),
    )


async def get(tx: Tx, import_id: str) -> ImportRow | None:
    """One run, or None."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM imports WHERE id = ?", (import_id,)))
    return ImportRow(**dict(rows[0])) if rows else None


async def add_row(tx: Tx, *, row_key: bytes, part: str, need_id: NeedId, import_id: str) -> None:
    """Remembers the need that one part of a row became; ``part`` is the kind's place in the row."""
    await tx.execute(
        "INSERT INTO import_rows(row_key, part, need_id, import_id) VALUES(?, ?, ?, ?)",
        (row_key, part, need_id, import_id),
    )


async def add_other(tx: Tx, *, row_key: bytes, kind: str, thing_id: str, import_id: str) -> None:
    """Remembers the volunteer (by person id) or the match (by its first need) that a row became."""
    await tx.execute(
        "INSERT INTO import_others(row_key, kind, thing_id, import_id) VALUES(?, ?, ?, ?)",
        (row_key, kind, thing_id, import_id),
    )


async def came_with(tx: Tx, row_keys: Sequence[bytes]) -> str | None:
    """With which run the row came in before under one of these keys, whatever became of it; None if it did not."""
    marks = ", ".join("?" * len(row_keys))
    rows = await tx.execute_fetchall(
        f"SELECT import_id FROM import_rows WHERE row_key IN ({marks}) UNION ALL"
        f" SELECT import_id FROM import_others WHERE row_key IN ({marks}) LIMIT 1",
        (*row_keys, *row_keys),
    )
    return next((str(row["import_id"]) for row in rows), None)
