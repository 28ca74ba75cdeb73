"""Plans for a morning's list, and their lines."""

from collections.abc import Sequence
from typing import Any

from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.plan import Line, LineState, Plan
from node.store.db import Tx


async def insert(tx: Tx, plan: Plan) -> None:
    """A new plan with its lines; those before it are over."""
    await tx.execute("UPDATE plans SET state = 'over'")
    await tx.execute(
        "INSERT INTO plans(id, state, made_at, by_staff) VALUES(?, 'shown', ?, ?)",
        (plan.id, plan.made_at, plan.by_staff),
    )
    await tx.executemany(
        "INSERT INTO plan_lines(id, plan_id, number, need_id, person_id, state, assignment_id, changed_at) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                line.id,
                plan.id,
                line.number,
                line.need_id,
                line.person_id,
                line.state,
                line.assignment_id,
                plan.made_at,
            )
            for line in plan.lines
        ],
    )


async def newest(tx: Tx) -> Plan | None:
    """The plan that is open for decisions, if there is one."""
    async with tx.execute("SELECT id FROM plans WHERE state = 'shown'") as cursor:
        row = await cursor.fetchone()
    return None if row is None else await get(tx, row[0])


async def get(tx: Tx, plan_id: str) -> Plan | None:
    """One plan with its lines, or None."""
    async with tx.execute(
        "SELECT id, state, made_at, by_staff FROM plans WHERE id = ?", (plan_id,)
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    return Plan(
        id=row[0],
        open=row[1] == "shown",
        made_at=row[2],
        by_staff=row[3],
        lines=tuple(await _lines(tx, plan_id)),
    )


async def update_line(tx: Tx, line: Line, at: int) -> None:
    """Where the line stands from now on."""
    await tx.execute(
        "UPDATE plan_lines SET state = ?, assignment_id = ?, changed_at = ? WHERE id = ?",
        (line.state, line.assignment_id, at, line.id),
    )


async def forget_before(tx: Tx, at: int) -> int:
    """Removes plans made before that (Unix seconds); returns how many there were."""
    return (await tx.execute("DELETE FROM plans WHERE made_at < ?", (at,))).rowcount


async def _lines(tx: Tx, plan_id: str) -> Sequence[Line]:
    async with tx.execute(
        "SELECT id, plan_id, number, need_id, person_id, state, assignment_id FROM plan_lines "
        "WHERE plan_id = ? ORDER BY number",
        (plan_id,),
    ) as cursor:
        return [_line(row) for row in await cursor.fetchall()]


def _line(row: Any) -> Line:
    return Line(
        id=row[0],
        plan_id=row[1],
        number=row[2],
        need_id=NeedId(row[3]),
        person_id=PersonId(row[4]) if row[4] else None,
        state=LineState(row[5]),
        assignment_id=AssignmentId(row[6]) if row[6] else None,
    )
