"""Sheets that are being brought in, each two sealed records, and the mappings that a group keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

from node.store.db import Tx

_COLUMNS = "id, staff_id, sheet_sealed, state_sealed, created_at, changed_at, import_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDraftRow:
    """One sheet. Times are Unix seconds."""

    id: str
    staff_id: str
    sheet_sealed: bytes
    state_sealed: bytes
    created_at: int
    changed_at: int
    import_id: str | None = None
    """The run that brings it in just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """One saved mapping: ``text`` is TOML, of the columns; ``sealed``: what words of its cells mean, None for one of
    before, where that stands in ``text``."""

    name: str
    sort: str
    text: str
    changed_at: int
    sealed: bytes | None


async def insert(tx: Tx, row: SheetDraftRow) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO sheet_drafts({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        astuple(row),
    )


async def set_state(tx: Tx, draft_id: str, state_sealed: bytes, at: int) -> None:
    """What was said about it since."""
    await tx.execute(
        "UPDATE sheet_drafts SET state_sealed = ?, changed_at = ? WHERE id = ?", (state_sealed, at, draft_id)
    )


async def get(tx: Tx, draft_id: str) -> SheetDraftRow | None:
    """One, or None."""
    rows = list(await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM sheet_drafts WHERE id = ?", (draft_id,)))
    return SheetDraftRow(**dict(rows[0])) if rows else None


async def of_staff(tx: Tx, staff_id: str) -> Sequence[SheetDraftRow]:
    """Somebody's, the latest first, without the sheets themselves."""
    rows = await tx.execute_fetchall(
        "SELECT id, staff_id, x'' AS sheet_sealed, state_sealed, created_at, changed_at, import_id FROM sheet_drafts"
        " WHERE staff_id = ? ORDER BY changed_at DESC, id",
        (staff_id,),
    )
    return [SheetDraftRow(**dict(row)) for row in rows]


async def delete(tx: Tx, draft_id: str) -> None:
    """Gone."""
    await tx.execute("DELETE FROM sheet_drafts WHERE id = ?", (draft_id,))


async def delete_older(tx: Tx, before: int, *, under_way: int) -> int:
    """Removes what was last changed before that moment; what was coming in, before ``under_way``. Returns how many."""
    cursor = await tx.execute(
        "DELETE FROM sheet_drafts WHERE changed_at < CASE WHEN import_id IS NULL THEN ? ELSE ? END",
        (before, under_way),
    )
    return cursor.rowcount


async def begin_run(tx: Tx, draft_id: str, import_id: str) -> bool:
    """From now on that run brings it in; False if another one does, or it is gone."""
    cursor = await tx.execute(
        "UPDATE sheet_drafts SET import_id = ? WHERE id = ? AND import_id IS NULL", (import_id, draft_id)
    )
    return cursor.rowcount == 1


async def end_run(tx: Tx, draft_id: str) -> None:
    """It has come in, or will not."""
    await tx.execute("UPDATE sheet_drafts SET import_id = NULL WHERE id = ?", (draft_id,))


async def is_run(tx: Tx, draft_id: str, import_id: str, state_sealed: bytes, staff_id: str) -> bool:
    """Whether that run still brings it in, for the same one who works here still, and nothing was said about it
    since."""
    rows = await tx.execute_fetchall(
        "SELECT 1 FROM sheet_drafts d JOIN staff s ON s.id = d.staff_id AND s.state = 'active' "
        "WHERE d.id = ? AND d.import_id = ? AND d.state_sealed = ? AND d.staff_id = ?",
        (draft_id, import_id, state_sealed, staff_id),
    )
    return bool(list(rows))


async def state_of(tx: Tx, draft_id: str) -> bytes | None:
    """What was said about one, sealed; None if it is gone."""
    rows = list(await tx.execute_fetchall("SELECT state_sealed FROM sheet_drafts WHERE id = ?", (draft_id,)))
    return rows[0]["state_sealed"] if rows else None


async def states(tx: Tx) -> Mapping[str, bytes]:
    """Of every sheet, by its id, what was said about it."""
    rows = await tx.execute_fetchall("SELECT id, state_sealed FROM sheet_drafts ORDER BY id")
    return {row["id"]: row["state_sealed"] for row in rows}


async def note(tx: Tx, draft_id: str, state_sealed: bytes) -> None:
    """What its owner did not say: it is kept no longer for that."""
    await tx.execute("UPDATE sheet_drafts SET state_sealed = ? WHERE id = ?", (state_sealed, draft_id))


async def hand_on(tx: Tx, staff_id: str, to: str, at: int) -> None:
    """All of somebody's are somebody else's, what is coming in as well; kept from then on as if just begun."""
    await tx.execute(
        "UPDATE sheet_drafts SET staff_id = ?, changed_at = ? WHERE staff_id = ?", (to, at, staff_id)
    )


async def delete_of(tx: Tx, staff_id: str) -> Sequence[str]:
    """All of somebody's are gone; the runs that were bringing some of them in."""
    rows = await tx.execute_fetchall(
        "DELETE FROM sheet_drafts WHERE staff_id = ? RETURNING import_id", (staff_id,)
    )
    return [str(row["import_id"]) for row in rows if row["import_id"] is not None]


async def delete_all(tx: Tx) -> None:
    """Every sheet is gone; whoever brought it has the file."""
    await tx.execute("DELETE FROM sheet_drafts")


async def under_way(tx: Tx) -> Sequence[str]:
    """Ids of what is coming in, the oldest first."""
    rows = await tx.execute_fetchall(
        "SELECT id FROM sheet_drafts WHERE import_id IS NOT NULL ORDER BY changed_at, id"
    )
    return [str(row["id"]) for row in rows]


async def put_mapping(tx: Tx, row: MappingRow) -> None:
    """Saves a mapping, in place of one of the same name and sort."""
    await tx.execute(
        "INSERT INTO sheet_mappings(name, sort, text, changed_at, sealed) VALUES(?, ?, ?, ?, ?)"
        " ON CONFLICT(name, sort) DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at,"
        " sealed = excluded.sealed",
        (row.name, row.sort, row.text, row.changed_at, row.sealed),
    )


async def mappings(tx: Tx) -> Sequence[MappingRow]:
    """Every saved mapping, the latest first."""
    rows = await tx.execute_fetchall(
        "SELECT name, sort, text, changed_at, sealed FROM sheet_mappings ORDER BY changed_at DESC, name, sort"
    )
    return [MappingRow(**dict(row)) for row in rows]


async def delete_mapping(tx: Tx, name: str, sort: str) -> None:
    """Forgets one."""
    await tx.execute("DELETE FROM sheet_mappings WHERE name = ? AND sort = ?", (name, sort))
