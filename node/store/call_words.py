"""What was said about each call, and what waits for a coordinator because of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from node.domain.calls.call_list import CallTask, CallWord, Said, TaskEnd, TaskKind
from node.store.db import Tx

_WORD = "id, entry_id, day, word, at, by_actor, taken_back"
_TASK = "id, entry_id, kind, said_id, raised_at, taken_by, ended, ended_at"


async def add(tx: Tx, said: Said, note_sealed: bytes | None) -> None:
    """One word more; none is ever overwritten."""
    await tx.execute(
        f"INSERT INTO call_words({_WORD}, note_sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            said.id,
            said.entry_id,
            said.day.isoformat(),
            said.word,
            said.at,
            said.by_actor,
            int(said.taken_back),
            note_sealed,
        ),
    )


async def take_back(tx: Tx, said_id: str) -> None:
    """It was a slip."""
    await tx.execute("UPDATE call_words SET taken_back = 1 WHERE id = ?", (said_id,))


async def word(tx: Tx, said_id: str) -> tuple[Said, bytes | None] | None:
    """One with its sealed note, or None."""
    found = await _words(tx, "id = ?", said_id)
    return found[0] if found else None


async def of_entry(tx: Tx, entry_id: str) -> Sequence[tuple[Said, bytes | None]]:
    """Everything about one person, oldest first."""
    return await _words(tx, "entry_id = ?", entry_id)


async def of_day(tx: Tx, list_id: str, day: date) -> Mapping[str, Sequence[tuple[Said, bytes | None]]]:
    """Entry -> what was said about that day's call, oldest first."""
    found: dict[str, list[tuple[Said, bytes | None]]] = {}
    condition = "day = ? AND entry_id IN (SELECT id FROM call_entries WHERE list_id = ?)"
    for each in await _words(tx, condition, day.isoformat(), list_id):
        found.setdefault(each[0].entry_id, []).append(each)
    return found


_NOT_HELD = (
    "entry_id NOT IN (SELECT e.id FROM call_entries e JOIN holds h ON h.person_id = e.person_id) "
    "AND by_actor NOT IN (SELECT 'volunteer:' || person_id FROM holds)"
)


async def delete_before(tx: Tx, day: date) -> int:
    """Words of calls before that day go, and tasks from them that are over; not while the record of whoever was rung,
    or rang, is held: they are what it is held for. Returns how many words."""
    await tx.execute(
        "DELETE FROM call_tasks WHERE ended IS NOT NULL AND said_id IN "
        f"(SELECT id FROM call_words WHERE day < ? AND {_NOT_HELD})",
        (day.isoformat(),),
    )
    cursor = await tx.execute(
        f"DELETE FROM call_words WHERE day < ? AND {_NOT_HELD} "
        "AND id NOT IN (SELECT said_id FROM call_tasks WHERE ended IS NULL)",
        (day.isoformat(),),
    )
    return cursor.rowcount


async def raise_task(tx: Tx, task: CallTask) -> bool:
    """Puts it there, unless one of that kind stands open for her, or that word raised one before."""
    cursor = await tx.execute(
        f"INSERT OR IGNORE INTO call_tasks({_TASK}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            task.id,
            task.entry_id,
            task.kind,
            task.said_id,
            task.raised_at,
            task.taken_by,
            task.ended,
            task.ended_at,
        ),
    )
    return cursor.rowcount == 1


async def end_task(tx: Tx, task_id: str, how: TaskEnd, at: int, by_actor: str) -> None:
    """It is over."""
    await tx.execute(
        "UPDATE call_tasks SET ended = ?, ended_at = ?, ended_by = ? WHERE id = ?",
        (how, at, by_actor, task_id),
    )


async def open_again(tx: Tx, entry_id: str, at: int) -> None:
    """No answer stands again where the word of that moment had ended it, and that word was a slip."""
    await tx.execute(
        "UPDATE OR IGNORE call_tasks SET ended = NULL, ended_at = NULL, ended_by = NULL "
        "WHERE entry_id = ? AND ended = 'answered' AND ended_at = ?",
        (entry_id, at),
    )


async def take_task(tx: Tx, task_id: str, staff_id: str) -> None:
    """That one looks after it from now on."""
    await tx.execute("UPDATE call_tasks SET taken_by = ? WHERE id = ?", (staff_id, task_id))


async def task(tx: Tx, task_id: str) -> CallTask | None:
    """One, or None."""
    found = await _tasks(tx, "id = ?", task_id)
    return found[0] if found else None


async def open_tasks(tx: Tx) -> Sequence[CallTask]:
    """Whatever waits: worries first, then by age."""
    return await _tasks(tx, "ended IS NULL")


async def open_of_entry(tx: Tx, entry_id: str) -> Sequence[CallTask]:
    """The same for one person on one list."""
    return await _tasks(tx, "ended IS NULL AND entry_id = ?", entry_id)


async def _words(tx: Tx, condition: str, *values: str) -> Sequence[tuple[Said, bytes | None]]:
    async with tx.execute(
        f"SELECT {_WORD}, note_sealed FROM call_words WHERE {condition} ORDER BY at, rowid", values
    ) as cursor:
        return [(_said(row), row["note_sealed"]) for row in await cursor.fetchall()]


async def _tasks(tx: Tx, condition: str, *values: str) -> Sequence[CallTask]:
    async with tx.execute(
        f"SELECT {_TASK} FROM call_tasks WHERE {condition} ORDER BY kind <> 'worried', raised_at, id", values
    ) as cursor:
        return [_task(row) for row in await cursor.fetchall()]


def _said(row: Any) -> Said:
    return Said(
        id=row["id"],
        entry_id=row["entry_id"],
        day=date.fromisoformat(row["day"]),
        word=CallWord(row["word"]),
        at=row["at"],
        by_actor=row["by_actor"],
        taken_back=bool(row["taken_back"]),
    )


def _task(row: Any) -> CallTask:
    return CallTask(
        id=row["id"],
        entry_id=row["entry_id"],
        kind=TaskKind(row["kind"]),
        said_id=row["said_id"],
        raised_at=row["raised_at"],
        taken_by=row["taken_by"],
        ended=TaskEnd(row["ended"]) if row["ended"] else None,
        ended_at=row["ended_at"],
    )
