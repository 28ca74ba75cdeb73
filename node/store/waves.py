"""Asking in waves: where each need's asking stands, and who was asked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.dispatch.wave import Wave, WaveState
from node.domain.ids import AssignmentId, NeedId
from node.store.db import Tx, kept

_COLUMNS = "need_id, round, state, number, goes_on, next_at, by_staff, started_at, changed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One volunteer's place in the asking. Times are Unix seconds, None: not yet."""

    assignment_id: AssignmentId
    need_id: NeedId
    number: int
    """Of the wave."""
    told_at: int | None = None
    link_hash: bytes | None = None
    thanked_at: int | None = None


async def put(tx: Tx, wave: Wave) -> None:
    """The need's asking as it is from now on."""
    await tx.execute(
        f"INSERT OR REPLACE INTO waves({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            wave.need_id,
            wave.round,
            wave.state,
            wave.number,
            int(wave.goes_on),
            wave.next_at,
            wave.by_staff,
            wave.started_at,
            wave.changed_at,
        ),
    )


@kept
async def get(tx: Tx, need_id: str) -> Wave | None:
    """The need's asking, or None."""
    found = await _select(tx, "need_id = ?", need_id)
    return found[0] if found else None


async def due(tx: Tx, now: int) -> Sequence[NeedId]:
    """Needs for which the next ones are to be asked, the longest due first."""
    found = await _select(tx, "state = 'asking' AND next_at <= ? ORDER BY next_at, need_id", now)
    return [wave.need_id for wave in found]


async def add_asked(tx: Tx, asked: Asked) -> None:
    """One more; whoever is in it already stays as she is."""
    await tx.execute(
        "INSERT OR IGNORE INTO waves_asked(assignment_id, need_id, number) VALUES(?, ?, ?)",
        (asked.assignment_id, asked.need_id, asked.number),
    )


async def asked(tx: Tx, need_id: str) -> dict[AssignmentId, Asked]:
    """Everybody who was asked in waves for that need, by task, in the order of asking."""
    async with tx.execute(
        "SELECT assignment_id, need_id, number, told_at, link_hash, thanked_at FROM waves_asked "
        "WHERE need_id = ? ORDER BY rowid",
        (need_id,),
    ) as cursor:
        return {AssignmentId(row[0]): _asked(row) for row in await cursor.fetchall()}


async def to_tell(tx: Tx) -> dict[NeedId, int]:
    """Needs for which somebody was asked whose message was not made yet, with how many."""
    async with tx.execute(
        "SELECT w.need_id, COUNT(*) FROM waves_asked w JOIN assignments a ON a.id = w.assignment_id "
        "WHERE w.told_at IS NULL AND a.state = 'proposed' GROUP BY w.need_id ORDER BY MIN(a.created_at)"
    ) as cursor:
        return {NeedId(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def told(tx: Tx, assignment_id: str, link_hash: bytes, at: int) -> None:
    """Her message was made, with a link that has this hash; nothing happens for a task outside any wave."""
    await tx.execute(
        "UPDATE waves_asked SET told_at = ?, link_hash = ? WHERE assignment_id = ?",
        (at, link_hash, assignment_id),
    )


async def told_by_itself(tx: Tx, assignment_id: str, at: int) -> None:
    """A message went to her without a link of its own; nothing happens for a task outside any wave."""
    await tx.execute(
        "UPDATE waves_asked SET told_at = ? WHERE assignment_id = ? AND told_at IS NULL", (at, assignment_id)
    )


async def thank(tx: Tx, assignment_id: str, at: int) -> None:
    """She was asked in vain; her link says so."""
    await tx.execute("UPDATE waves_asked SET thanked_at = ? WHERE assignment_id = ?", (at, assignment_id))


async def thanked_by(tx: Tx, link_hash: bytes, since: int) -> bool:
    """Whether that was the link of somebody who was thanked at or after ``since``."""
    async with tx.execute(
        "SELECT 1 FROM waves_asked WHERE link_hash = ? AND thanked_at >= ?", (link_hash, since)
    ) as cursor:
        return await cursor.fetchone() is not None


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Wave]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM waves WHERE {condition}", values) as cursor:
        return [
            Wave(
                need_id=NeedId(row[0]),
                round=row[1],
                state=WaveState(row[2]),
                number=row[3],
                goes_on=bool(row[4]),
                next_at=row[5],
                by_staff=row[6],
                started_at=row[7],
                changed_at=row[8],
            )
            for row in await cursor.fetchall()
        ]


def _asked(row: Any) -> Asked:
    return Asked(
        assignment_id=AssignmentId(row[0]),
        need_id=NeedId(row[1]),
        number=row[2],
        told_at=row[3],
        link_hash=row[4],
        thanked_at=row[5],
    )
