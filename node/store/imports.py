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


async def brought(tx: Tx, import_id: str, kind: str, thing_id: str) -> bool:
    """Whether that run brought that volunteer (by person id) or match."""
    rows = await tx.execute_fetchall(
        "SELECT 1 FROM import_others WHERE import_id = ? AND kind = ? AND thing_id = ?",
        (import_id, kind, thing_id),
    )
    return bool(list(rows))


async def came_with(tx: Tx, row_keys: Sequence[bytes]) -> str | None:
    """With which run the row came in before under one of these keys, whatever became of it; None if it did not."""
    marks = ", ".join("?" * len(row_keys))
    rows = await tx.execute_fetchall(
        f"SELECT import_id FROM import_rows WHERE row_key IN ({marks}) UNION ALL"
        f" SELECT import_id FROM import_others WHERE row_key IN ({marks}) LIMIT 1",
        (*row_keys, *row_keys),
    )
    return next((str(row["import_id"]) for row in rows), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedRun:
    """A run that brought rows with numbers. ``name``: of its mapping; ``at``: Unix seconds; ``rows``: how many."""

    id: str
    name: str
    at: int
    rows: int


async def add_number(tx: Tx, *, number_key: bytes, kind: str, row_keys: Sequence[bytes]) -> None:
    """Remembers under which number the row stood that came in under one of these keys; once."""
    marks = ", ".join("?" * len(row_keys))
    await tx.execute(
        "INSERT OR IGNORE INTO import_numbers(number_key, kind, row_key, import_id) SELECT ?, ?, row_key, import_id "
        f"FROM (SELECT row_key, import_id FROM import_rows WHERE row_key IN ({marks}) UNION SELECT row_key, import_id "
        f"FROM import_others WHERE row_key IN ({marks})) LIMIT 1",
        (number_key, kind, *row_keys, *row_keys),
    )


async def rows_with_number(tx: Tx, number_keys: Sequence[bytes], of: str) -> Sequence[bytes]:
    """The keys of the rows that had that number in the list ``of``: a mapping's name, or one run; empty: in any."""
    marks = ", ".join("?" * len(number_keys))
    rows = await tx.execute_fetchall(
        "SELECT DISTINCT n.row_key FROM import_numbers n LEFT JOIN imports i ON i.id = n.import_id "
        f"WHERE n.number_key IN ({marks}) AND (? = '' OR i.mapping = ? OR n.import_id = ?) ORDER BY n.row_key",
        (*number_keys, of, of, of),
    )
    return [row["row_key"] for row in rows]


async def needs_of_row(tx: Tx, row_key: bytes) -> Sequence[str]:
    """The needs that a row became, by their parts."""
    rows = await tx.execute_fetchall(
        "SELECT need_id FROM import_rows WHERE row_key = ? ORDER BY part", (row_key,)
    )
    return [str(row["need_id"]) for row in rows]


async def volunteer_of_row(tx: Tx, row_key: bytes) -> str | None:
    """The person that a row of volunteers became."""
    rows = await tx.execute_fetchall(
        "SELECT thing_id FROM import_others WHERE row_key = ? AND kind = 'volunteer'", (row_key,)
    )
    return next((str(row["thing_id"]) for row in rows), None)


async def runs_with_numbers(tx: Tx, kind: str) -> Sequence[NumberedRun]:
    """Those that brought requests or volunteers with numbers, the latest first."""
    rows = await tx.execute_fetchall(
        "SELECT i.id, i.mapping AS name, i.at, count(DISTINCT n.row_key) AS rows FROM import_numbers n "
        "JOIN imports i ON i.id = n.import_id WHERE n.kind = ? GROUP BY i.id ORDER BY i.at DESC, i.mapping, i.id",
        (kind,),
    )
    return [NumberedRun(**dict(row)) for row in rows]


async def names_with_number_twice(tx: Tx, kind: str) -> frozenset[str]:
    """Names of lists in which one number stands for two rows."""
    rows = await tx.execute_fetchall(
        "SELECT DISTINCT i.mapping FROM import_numbers n JOIN imports i ON i.id = n.import_id WHERE n.kind = ? "
        "GROUP BY i.mapping, n.number_key HAVING count(*) > 1",
        (kind,),
    )
    return frozenset(str(row["mapping"]) for row in rows)
