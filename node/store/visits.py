"""Visits by somebody alone: ids and times, so that the timer runs while the records are locked."""

from collections.abc import Sequence
from typing import Any

from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.safety.visits import Ended, Visit
from node.store.db import Tx, kept

_COLUMNS = (
    "v.id, v.assignment_id, v.need_id, v.person_id, v.started_at, v.expected_at, v.rung, v.rung_at, "
    "v.ended_at, v.ended"
)


async def insert(tx: Tx, visit: Visit) -> None:
    """A new one; a second that goes on for the same task is an ``sqlite3.IntegrityError``."""
    await tx.execute(
        "INSERT INTO visits(id, assignment_id, need_id, person_id, started_at, expected_at, rung, rung_at) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            visit.id,
            visit.assignment_id,
            visit.need_id,
            visit.person_id,
            visit.started_at,
            visit.expected_at,
            visit.rung,
            visit.rung_at,
        ),
    )


async def update(tx: Tx, visit: Visit) -> None:
    """Writes what can change."""
    await tx.execute(
        "UPDATE visits SET expected_at = ?, rung = ?, rung_at = ?, ended_at = ?, ended = ? WHERE id = ?",
        (visit.expected_at, visit.rung, visit.rung_at, visit.ended_at, visit.ended, visit.id),
    )


@kept
async def out(tx: Tx) -> Sequence[tuple[Visit, str]]:
    """(visit, reference of the need) of everybody who is out, whoever is expected back first at the top."""
    async with tx.execute(
        f"SELECT {_COLUMNS}, n.reference FROM visits v JOIN needs n ON n.id = v.need_id "
        "WHERE v.ended_at IS NULL ORDER BY v.expected_at, v.id"
    ) as cursor:
        return [(_visit(row), row["reference"]) for row in await cursor.fetchall()]


async def get(tx: Tx, visit_id: str) -> Visit | None:
    """One of them, or None."""
    found = await _select(tx, "v.id = ?", visit_id)
    return found[0] if found else None


async def of_task(tx: Tx, assignment_id: str) -> Visit | None:
    """The one that goes on for this task, or None."""
    found = await _select(tx, "v.assignment_id = ? AND v.ended_at IS NULL", assignment_id)
    return found[0] if found else None


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Visit]:
    """Those that go on for this need."""
    return await _select(tx, "v.need_id = ? AND v.ended_at IS NULL ORDER BY v.started_at, v.id", need_id)


async def end_others(tx: Tx, need_id: str, now: int) -> None:
    """Ends those of tasks that are not going on any more, whatever ended or undid them."""
    await tx.execute(
        "UPDATE visits SET ended_at = ?, ended = ? WHERE need_id = ? AND ended_at IS NULL AND assignment_id NOT IN "
        "(SELECT id FROM assignments WHERE need_id = ? AND state = 'contacted')",
        (now, Ended.TASK, need_id, need_id),
    )


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Visit]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM visits v WHERE {condition}", values) as cursor:
        return [_visit(row) for row in await cursor.fetchall()]


def _visit(row: Any) -> Visit:
    return Visit(
        id=row["id"],
        assignment_id=AssignmentId(row["assignment_id"]),
        need_id=NeedId(row["need_id"]),
        person_id=PersonId(row["person_id"]),
        started_at=row["started_at"],
        expected_at=row["expected_at"],
        rung=row["rung"],
        rung_at=row["rung_at"],
        ended_at=row["ended_at"],
        ended=Ended(row["ended"]) if row["ended"] else None,
    )
