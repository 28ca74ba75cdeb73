"""Messages between coordinators and volunteers, by task."""

from collections.abc import Sequence

from node.domain.dispatch.thread import Message
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.store.db import Tx, kept

_COLUMNS = "id, need_id, assignment_id, by_staff, at, seen_at, sealed"


async def insert(tx: Tx, message: Message) -> None:
    """One more message; none is ever changed."""
    await tx.execute(
        f"INSERT INTO messages({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            message.id,
            message.need_id,
            message.assignment_id,
            message.by_staff,
            message.at,
            message.seen_at,
            message.sealed,
        ),
    )


@kept
async def of_task(tx: Tx, assignment_id: str) -> Sequence[Message]:
    """Of one task, oldest first."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM messages WHERE assignment_id = ? ORDER BY at, rowid", (assignment_id,)
    ) as cursor:
        return [
            Message(
                id=row[0],
                need_id=NeedId(row[1]),
                assignment_id=AssignmentId(row[2]),
                by_staff=row[3],
                at=row[4],
                seen_at=row[5],
                sealed=row[6],
            )
            for row in await cursor.fetchall()
        ]


async def seen(tx: Tx, assignment_id: str, at: int, *, of_staff: bool) -> int:
    """Somebody saw what the staff, or else the volunteer, wrote; returns how many were new."""
    cursor = await tx.execute(
        "UPDATE messages SET seen_at = ? WHERE assignment_id = ? AND seen_at IS NULL "
        "AND (by_staff IS NOT NULL) = ?",
        (at, assignment_id, int(of_staff)),
    )
    return cursor.rowcount


async def unread_of_staff(tx: Tx, since: int, until: int) -> Sequence[tuple[str, AssignmentId, PersonId]]:
    """What coordinators wrote in that time (Unix seconds) to volunteers of ours who wrote nothing since: message, task
    and person, the oldest first. No practice calls."""
    async with tx.execute(
        "SELECT m.id, m.assignment_id, a.person_id FROM messages m JOIN assignments a ON a.id = m.assignment_id "
        "JOIN persons p ON p.id = a.person_id JOIN needs n ON n.id = a.need_id WHERE m.by_staff IS NOT NULL "
        "AND m.seen_at IS NULL AND m.at > ? AND m.at <= ? AND p.peer IS NULL AND n.practice = 0 "
        "ORDER BY m.at, m.rowid",
        (since, until),
    ) as cursor:
        return [(str(row[0]), AssignmentId(row[1]), PersonId(row[2])) for row in await cursor.fetchall()]


async def delete_of_need(tx: Tx, need_id: str) -> None:
    """All of a need's, for erasure."""
    await tx.execute("DELETE FROM messages WHERE need_id = ?", (need_id,))
