"""The rota, and the notes of shifts with who has read them."""

from collections.abc import Iterable, Sequence
from datetime import date

from node.domain.board.shifts import Shift, ShiftNote
from node.domain.ids import StaffId
from node.domain.need import PartOfDay
from node.store.db import Tx, kept


@kept
async def between(tx: Tx, first: date, last: date) -> Sequence[Shift]:
    """Everybody's shifts from ``first`` to ``last``, both included, in order."""
    async with tx.execute(
        "SELECT day, part, staff_id FROM rota WHERE day BETWEEN ? AND ? ORDER BY day, part, staff_id",
        (first.isoformat(), last.isoformat()),
    ) as cursor:
        return [
            Shift(day=date.fromisoformat(row[0]), part=PartOfDay(row[1]), staff_id=StaffId(row[2]))
            for row in await cursor.fetchall()
        ]


async def add(tx: Tx, shifts: Iterable[Shift]) -> None:
    """Whoever is on already stays on."""
    await tx.executemany(
        "INSERT OR IGNORE INTO rota(day, part, staff_id) VALUES(?, ?, ?)",
        [(shift.day.isoformat(), str(shift.part), shift.staff_id) for shift in shifts],
    )


async def remove(tx: Tx, staff_id: str, first: date, last: date) -> None:
    """One person's shifts between two days, both included."""
    await tx.execute(
        "DELETE FROM rota WHERE staff_id = ? AND day BETWEEN ? AND ?",
        (staff_id, first.isoformat(), last.isoformat()),
    )


async def forget_before(tx: Tx, day: date) -> int:
    """Removes shifts of earlier days; returns how many there were."""
    await tx.execute("DELETE FROM rota_moved WHERE day < ?", (day.isoformat(),))
    cursor = await tx.execute("DELETE FROM rota WHERE day < ?", (day.isoformat(),))
    return cursor.rowcount


async def take_up(tx: Tx) -> None:
    """Shifts that came with a move, for every name that has an account here by now."""
    await tx.execute(
        "INSERT OR IGNORE INTO rota(day, part, staff_id) "
        "SELECT r.day, r.part, s.id FROM rota_moved r JOIN staff s ON s.handle = r.handle WHERE s.state = 'active'"
    )
    await tx.execute("DELETE FROM rota_moved WHERE handle IN (SELECT handle FROM staff)")


async def insert_note(tx: Tx, note: ShiftNote) -> None:
    """One more note."""
    await tx.execute(
        "INSERT INTO shift_notes(id, at, by_staff, sealed) VALUES(?, ?, ?, ?)",
        (note.id, note.at, note.by_staff, note.sealed),
    )


async def notes(tx: Tx, since: int) -> Sequence[ShiftNote]:
    """Notes written at or after ``since`` (Unix seconds), newest first."""
    async with tx.execute(
        "SELECT id, at, by_staff, sealed FROM shift_notes WHERE at >= ? ORDER BY at DESC, id", (since,)
    ) as cursor:
        return [
            ShiftNote(id=row[0], at=row[1], by_staff=row[2], sealed=row[3]) for row in await cursor.fetchall()
        ]


@kept
async def readers(tx: Tx) -> dict[str, list[str]]:
    """Note id to the staff ids that have read it, in the order in which they did."""
    found: dict[str, list[str]] = {}
    async with tx.execute("SELECT note_id, staff_id FROM shift_notes_read ORDER BY at, staff_id") as cursor:
        for row in await cursor.fetchall():
            found.setdefault(row[0], []).append(row[1])
    return found


async def read(tx: Tx, note_id: str, staff_id: str, at: int) -> bool:
    """Somebody has read it; False if there is no such note, or it was read by them before."""
    cursor = await tx.execute(
        "INSERT OR IGNORE INTO shift_notes_read(note_id, staff_id, at) "
        "SELECT id, ?, ? FROM shift_notes WHERE id = ?",
        (staff_id, at, note_id),
    )
    return cursor.rowcount > 0


async def forget_notes_before(tx: Tx, at: int) -> int:
    """Removes older notes with their readers; returns how many there were."""
    cursor = await tx.execute("DELETE FROM shift_notes WHERE at < ?", (at,))
    return cursor.rowcount
