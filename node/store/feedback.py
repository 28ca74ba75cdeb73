"""How it went, by the one who asked and by each helper."""

from collections.abc import Sequence

from node.domain.dispatch.follow_up import Answer, Feedback
from node.domain.ids import AssignmentId, NeedId
from node.store.db import Tx, kept

_COLUMNS = "id, need_id, assignment_id, answer, at, by_actor, note_sealed"


async def insert(tx: Tx, feedback: Feedback) -> None:
    """One answer. A helper has one a task, so a later one takes the place of the earlier."""
    if feedback.assignment_id is not None:
        await tx.execute("DELETE FROM feedback WHERE assignment_id = ?", (feedback.assignment_id,))
    await tx.execute(
        f"INSERT INTO feedback({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            feedback.id,
            feedback.need_id,
            feedback.assignment_id,
            feedback.answer,
            feedback.at,
            feedback.by_actor,
            feedback.note_sealed,
        ),
    )


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Feedback]:
    """All about one need, oldest first."""
    return await _select(tx, "need_id = ?", need_id)


async def of_task(tx: Tx, assignment_id: str) -> Feedback | None:
    """What one helper said of her task, or None."""
    rows = await _select(tx, "assignment_id = ?", assignment_id)
    return rows[0] if rows else None


async def erase_notes(tx: Tx, need_id: str) -> None:
    """What was noted may name anybody: only the answer stays."""
    await tx.execute("UPDATE feedback SET note_sealed = NULL WHERE need_id = ?", (need_id,))


async def _select(tx: Tx, condition: str, value: str) -> Sequence[Feedback]:
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM feedback WHERE {condition} ORDER BY at, rowid", (value,)
    ) as cursor:
        return [
            Feedback(
                id=row[0],
                need_id=NeedId(row[1]),
                assignment_id=AssignmentId(row[2]) if row[2] else None,
                answer=Answer(row[3]),
                at=row[4],
                by_actor=row[5],
                note_sealed=row[6],
            )
            for row in await cursor.fetchall()
        ]
