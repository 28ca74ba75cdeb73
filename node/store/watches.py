"""What may wait too long: live tasks with their last word, and decisions that are due."""

from collections.abc import Sequence
from datetime import date

from node.domain.assignment import AssignmentState
from node.domain.board.watch import Decision, Task, Waits
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import Urgency
from node.store.db import Tx


async def tasks(tx: Tx) -> Sequence[Task]:
    """Every live task but of practice calls, oldest first. A volunteer's message counts as a word, and so does
    every move."""
    async with tx.execute(
        "SELECT a.id, a.need_id, a.state, n.due_day, "
        "MAX(a.changed_at, COALESCE((SELECT MAX(m.at) FROM messages m "
        "WHERE m.assignment_id = a.id AND m.by_staff IS NULL), 0)) "
        "FROM assignments a JOIN needs n ON n.id = a.need_id "
        "WHERE n.practice = 0 AND a.state IN ('proposed','interested','approved','contacted') "
        "ORDER BY a.created_at, a.id"
    ) as cursor:
        return [
            Task(
                id=AssignmentId(row[0]),
                need_id=NeedId(row[1]),
                state=AssignmentState(row[2]),
                due=date.fromisoformat(row[3]) if row[3] else None,
                heard_at=int(row[4]),
            )
            for row in await cursor.fetchall()
        ]


async def decisions(tx: Tx) -> Sequence[Decision]:
    """Needs in the sorting tray, and volunteers who wait for our yes, oldest first; practice is none."""
    async with tx.execute(
        "SELECT id, reference, 'first_look', created_at AS since, urgency, by_staff FROM needs "
        "WHERE state = 'new' AND practice = 0 UNION ALL "
        "SELECT n.id, n.reference, 'yes', MIN(a.changed_at), n.urgency, COALESCE(a.by_staff, n.by_staff) "
        "FROM needs n JOIN assignments a ON a.need_id = n.id AND a.round = n.round "
        "WHERE a.state = 'interested' AND n.state = 'offered' AND n.practice = 0 GROUP BY n.id ORDER BY since"
    ) as cursor:
        return [
            Decision(
                need_id=NeedId(row[0]),
                reference=row[1],
                waits=Waits(row[2]),
                since=int(row[3]),
                urgency=Urgency(row[4]),
                decider=row[5],
            )
            for row in await cursor.fetchall()
        ]
