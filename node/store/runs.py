"""Rounds of deliveries and their stops: ids, days, states and order clear; places and notes sealed."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from node.domain.assignment import AssignmentState
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.rounds.run import ENDED, Run, RunState, Stop, StopWord
from node.store import kept_away
from node.store.db import Tx

_COLUMNS = "id, driver_id, day, state, created_at, changed_at, by_staff, link_hash, device_hash"
_STOP = (
    "s.run_id, s.assignment_id, a.need_id, s.place, s.said, a.state AS task, a.person_id = r.driver_id AS hers, "
    "s.sealed, s.told_sealed"
)
_OF_TASKS = (
    f"SELECT {_STOP} FROM run_stops s JOIN assignments a ON a.id = s.assignment_id "
    "JOIN runs r ON r.id = s.run_id"
)


async def insert(tx: Tx, run: Run, sealed: bytes) -> None:
    """A new round. Raises ``Conflict("not_suitable")`` for a driver who is kept away (``kept_away``)."""
    await _refuse(tx, run)
    await tx.execute(
        f"INSERT INTO runs({_COLUMNS}, sealed) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (*_values(run), sealed)
    )


async def update(tx: Tx, run: Run) -> None:
    """Everything but the sealed part. Raises as ``insert`` does, while the round goes on."""
    await _refuse(tx, run)
    await tx.execute(
        "UPDATE runs SET driver_id = ?, day = ?, state = ?, created_at = ?, changed_at = ?, by_staff = ?, "
        "link_hash = ?, device_hash = ? WHERE id = ?",
        (*_values(run)[1:], run.id),
    )


async def get(tx: Tx, run_id: str) -> Run | None:
    """One round, or None."""
    found = await _select(tx, "id = ?", run_id)
    return found[0] if found else None


async def sealed(tx: Tx, run_id: str) -> bytes:
    """Its sealed part; empty when there is no such round."""
    async with tx.execute("SELECT sealed FROM runs WHERE id = ?", (run_id,)) as cursor:
        row = await cursor.fetchone()
    return b"" if row is None else bytes(row[0])


async def with_link(tx: Tx, link_hash: bytes) -> Run | None:
    """The round whose link has this hash, or None."""
    found = await _select(tx, "link_hash = ?", link_hash)
    return found[0] if found else None


async def going_on(tx: Tx) -> Sequence[Run]:
    """Planned and under way, by day."""
    return await _select(tx, "state IN ('planned','under_way') ORDER BY day, created_at, id")


async def of_driver(tx: Tx, person_id: str) -> Sequence[Run]:
    """All that she drives or drove, by day."""
    return await _select(tx, "driver_id = ? ORDER BY day, created_at, id", person_id)


async def ended_since(tx: Tx, day: date) -> Sequence[Run]:
    """Over or called off, of that day or later; the latest first."""
    return await _select(
        tx,
        "state IN ('over','called_off') AND day >= ? ORDER BY day DESC, created_at DESC, id",
        day.isoformat(),
    )


async def stops(tx: Tx, run_id: str) -> Sequence[Stop]:
    """Every stop, also those that are off it, in the order to go."""
    async with tx.execute(
        f"{_OF_TASKS} WHERE s.run_id = ? ORDER BY s.place, s.assignment_id", (run_id,)
    ) as cursor:
        return [_stop(row) for row in await cursor.fetchall()]


async def stops_of_need(tx: Tx, need_id: str) -> Sequence[Stop]:
    """The stops that a need has been on, oldest first."""
    async with tx.execute(
        f"{_OF_TASKS} WHERE a.need_id = ? ORDER BY a.created_at, a.id", (need_id,)
    ) as cursor:
        return [_stop(row) for row in await cursor.fetchall()]


async def day_of(tx: Tx, assignment_id: str) -> tuple[date, int] | None:
    """Of the round that a task is on, planned or under way and driven by whose task it is: its day, and when it changed
    last (Unix seconds)."""
    async with tx.execute(
        "SELECT r.day, r.changed_at FROM run_stops s JOIN runs r ON r.id = s.run_id "
        "JOIN assignments a ON a.id = s.assignment_id AND a.person_id = r.driver_id "
        "WHERE s.assignment_id = ? AND r.state IN ('planned','under_way')",
        (assignment_id,),
    ) as cursor:
        row = await cursor.fetchone()
    return (date.fromisoformat(row[0]), int(row[1])) if row else None


async def put_stop(tx: Tx, run_id: str, assignment_id: str, *, place: int, sealed: bytes) -> None:
    """A new stop; one that was on another round is on this one from now on, and what was said there is gone."""
    await tx.execute(
        "INSERT INTO run_stops(assignment_id, run_id, place, sealed) VALUES(?, ?, ?, ?) "
        "ON CONFLICT(assignment_id) DO UPDATE SET run_id = excluded.run_id, place = excluded.place, "
        "said = NULL, sealed = excluded.sealed, told_sealed = NULL",
        (assignment_id, run_id, place, sealed),
    )


async def describe(tx: Tx, assignment_id: str, sealed: bytes) -> None:
    """How that door is done."""
    await tx.execute("UPDATE run_stops SET sealed = ? WHERE assignment_id = ?", (sealed, assignment_id))


async def set_said(tx: Tx, assignment_id: str, said: StopWord, told_sealed: bytes | None) -> None:
    """What was said at the door."""
    await tx.execute(
        "UPDATE run_stops SET said = ?, told_sealed = ? WHERE assignment_id = ?",
        (said, told_sealed, assignment_id),
    )


async def set_order(tx: Tx, tasks: Iterable[AssignmentId]) -> None:
    """The order to go, from the first."""
    for place, task in enumerate(tasks):
        await tx.execute("UPDATE run_stops SET place = ? WHERE assignment_id = ?", (place, task))


async def drop_stops_of_need(tx: Tx, need_id: str) -> None:
    """For erasure: what was noted for and from that door goes."""
    await tx.execute(
        "DELETE FROM run_stops WHERE assignment_id IN (SELECT id FROM assignments WHERE need_id = ?)",
        (need_id,),
    )


async def _refuse(tx: Tx, run: Run) -> None:
    if run.state not in ENDED:
        await kept_away.refuse_helper(tx, run.driver_id)


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Run]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM runs WHERE {condition}", values) as cursor:
        return [_run(row) for row in await cursor.fetchall()]


def _values(run: Run) -> tuple[Any, ...]:
    return (
        run.id,
        run.driver_id,
        run.day.isoformat(),
        run.state,
        run.created_at,
        run.changed_at,
        run.by_staff,
        run.link_hash,
        run.device_hash,
    )


def _run(row: Any) -> Run:
    return Run(
        id=row["id"],
        driver_id=PersonId(row["driver_id"]),
        day=date.fromisoformat(row["day"]),
        state=RunState(row["state"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        by_staff=row["by_staff"],
        link_hash=row["link_hash"],
        device_hash=row["device_hash"],
    )


def _stop(row: Any) -> Stop:
    return Stop(
        run_id=row["run_id"],
        assignment_id=AssignmentId(row["assignment_id"]),
        need_id=NeedId(row["need_id"]),
        place=row["place"],
        said=StopWord(row["said"]) if row["said"] else None,
        task=AssignmentState(row["task"]),
        hers=bool(row["hers"]),
        sealed=bytes(row["sealed"]),
        told_sealed=row["told_sealed"],
    )
