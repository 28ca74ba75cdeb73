"""Assignments: who helps with what, and the hashes of their private links."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.week import Taken
from node.domain.need import PartOfDay, Window
from node.store import kept_away
from node.store.db import Tx, kept

_COLUMNS = (
    "id, need_id, person_id, state, created_at, changed_at, round, by_staff, approved_by, link_hash, "
    "link_expires, device_hash"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_LAST = ", ".join(
    f"{last} = CASE WHEN :link_hash IS NOT NULL THEN NULL "
    f"WHEN link_hash IS NOT NULL AND device_hash IS NOT NULL THEN {now} ELSE {last} END"
    for last, now in (("last_link", "link_hash"), ("last_device", "device_hash"))
)
"""What a link that was opened on a device leaves when it closes: it opens nothing any more (``left``)."""


async def insert(tx: Tx, assignment: Assignment) -> None:
    """A new assignment. A second live one of one person on one need is an ``sqlite3.IntegrityError``.

    Raises ``Conflict("not_suitable")`` for somebody who is kept away (``kept_away``).
    """
    await _refuse(tx, assignment)
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO assignments({_COLUMNS}) VALUES({marks})", _values(assignment))


async def update(tx: Tx, assignment: Assignment) -> None:
    """Writes every column. Raises ``Conflict("not_suitable")`` where that would give somebody who is kept away a task
    or a link."""
    await _refuse(tx, assignment)
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    await tx.execute(f"UPDATE assignments SET {pairs}, {_LAST} WHERE id = :id", _values(assignment))


async def get(tx: Tx, assignment_id: str) -> Assignment | None:
    """One assignment, or None."""
    rows = await _select(tx, "id = ?", assignment_id)
    return rows[0] if rows else None


async def with_link(tx: Tx, link_hash: bytes) -> Assignment | None:
    """The assignment whose link has this hash, or None."""
    rows = await _select(tx, "link_hash = ?", link_hash)
    return rows[0] if rows else None


async def left(tx: Tx, link_hash: bytes) -> tuple[Assignment, bytes | None] | None:
    """The assignment that this was the link of, run out or closed, and the device that it was opened on."""
    async with tx.execute(
        f"SELECT {_COLUMNS}, coalesce(device_hash, last_device) AS device FROM assignments "
        "WHERE link_hash = :hash OR last_link = :hash",
        {"hash": link_hash},
    ) as cursor:
        row = await cursor.fetchone()
    return (_assignment(row), row["device"]) if row else None


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Assignment]:
    """All of a need's, in every round, oldest first."""
    return await _select(tx, "need_id = ? ORDER BY created_at, id", need_id)


async def of_needs(tx: Tx, need_ids: Sequence[str]) -> Sequence[Assignment]:
    """All of these needs, every round, oldest first."""
    return await _select(
        tx, "need_id IN (SELECT value FROM json_each(?)) ORDER BY created_at, id", json.dumps(need_ids)
    )


async def of_person(tx: Tx, person_id: str, *, since: int = 0) -> Sequence[Assignment]:
    """All of a volunteer's that changed at or after ``since`` (Unix seconds), oldest first."""
    return await _select(tx, "person_id = ? AND changed_at >= ? ORDER BY created_at, id", person_id, since)


async def live(tx: Tx) -> Sequence[Assignment]:
    """Everything asked, offered or confirmed and not yet over."""
    return await _select(
        tx, "state IN ('proposed','interested','approved','contacted') ORDER BY created_at, id"
    )


async def changed_since(tx: Tx, since: int) -> Sequence[Assignment]:
    """Tasks of our own volunteers that changed after then (Unix seconds), but for practice calls; the oldest first."""
    return await _select(
        tx,
        "changed_at > ? AND person_id IN (SELECT id FROM persons WHERE peer IS NULL) "
        "AND need_id IN (SELECT id FROM needs WHERE practice = 0) ORDER BY changed_at, id",
        since,
    )


async def with_another_day(tx: Tx, since: int) -> Sequence[Assignment]:
    """Tasks of our own volunteers, confirmed and not over, of whose request anything was put right after ``since``
    (Unix seconds), or that are on a round that changed after it, but for practice calls; the oldest first."""
    return await _select(
        tx,
        "state IN ('approved','contacted') AND person_id IN (SELECT id FROM persons WHERE peer IS NULL) "
        "AND (need_id IN (SELECT need_id FROM corrections WHERE at > ?) OR id IN ("
        "SELECT s.assignment_id FROM run_stops s JOIN runs r ON r.id = s.run_id "
        "WHERE r.state IN ('planned','under_way') AND r.changed_at > ?)) "
        "AND need_id IN (SELECT id FROM needs WHERE practice = 0) ORDER BY created_at, id",
        since,
        since,
    )


async def raised_since(tx: Tx, actions: Collection[str], since: int) -> Sequence[Assignment]:
    """Tasks of our own volunteers, confirmed and not over, of whose request one of these was recorded after ``since``
    (Unix seconds), but for practice calls; the oldest first."""
    marks = ", ".join("?" for _ in actions)
    return await _select(
        tx,
        "state IN ('approved','contacted') AND person_id IN (SELECT id FROM persons WHERE peer IS NULL) "
        "AND EXISTS (SELECT 1 FROM audit a WHERE a.object = 'need:' || assignments.need_id "
        f"AND a.action IN ({marks}) AND a.at > ?) "
        "AND need_id IN (SELECT id FROM needs WHERE practice = 0) ORDER BY created_at, id",
        *actions,
        since,
    )


async def beginning_on(tx: Tx, day: date) -> Sequence[Assignment]:
    """Tasks of our own volunteers, confirmed and not over, on requests whose days begin then, but for practice calls;
    of what is on a round, and has days, the day of the round. The oldest first."""
    return await _select(
        tx,
        "state IN ('approved','contacted') AND person_id IN (SELECT id FROM persons WHERE peer IS NULL) "
        "AND coalesce((SELECT r.day FROM run_stops s JOIN runs r ON r.id = s.run_id "
        "WHERE s.assignment_id = assignments.id AND r.driver_id = assignments.person_id "
        "AND r.state IN ('planned','under_way')), "
        "(SELECT n.window_from FROM needs n WHERE n.id = need_id)) = ? "
        "AND need_id IN (SELECT id FROM needs WHERE window_from IS NOT NULL AND practice = 0) "
        "ORDER BY created_at, id",
        day.isoformat(),
    )


@kept
async def helpers_of_person(tx: Tx, requester_id: str) -> dict[PersonId, int]:
    """Who has helped this requester before, and how often."""
    async with tx.execute(
        "SELECT a.person_id, COUNT(*) FROM needs n JOIN assignments a ON a.need_id = n.id "
        "WHERE n.person_id = ? AND a.state = 'done' GROUP BY a.person_id",
        (requester_id,),
    ) as cursor:
        return {PersonId(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def taken_since(tx: Tx, since: int, person_id: str | None = None) -> Sequence[Taken]:
    """Each task (or only one volunteer's) that is confirmed, or was done at or after ``since``, by its last move."""
    condition = "" if person_id is None else "AND a.person_id = :person "
    async with tx.execute(
        "SELECT a.person_id, a.changed_at, a.state, COALESCE(r.day, n.window_from), "
        "COALESCE(r.day, n.window_to), n.part_of_day, n.id, n.person_id "
        "FROM assignments a JOIN needs n ON n.id = a.need_id LEFT JOIN run_stops s ON s.assignment_id = a.id "
        "LEFT JOIN runs r ON r.id = s.run_id AND r.state IN ('planned','under_way') "
        "WHERE (a.state IN ('approved','contacted') OR (a.state = 'done' AND a.changed_at >= :since)) "
        f"{condition}ORDER BY a.changed_at, a.id",
        {"since": since, "person": person_id},
    ) as cursor:
        return [
            Taken(
                person_id=PersonId(row[0]),
                at=int(row[1]),
                done=row[2] == AssignmentState.DONE,
                window=Window(first=date.fromisoformat(row[3]), last=date.fromisoformat(row[4]))
                if row[3] and row[4]
                else None,
                part=PartOfDay(row[5]) if row[5] else None,
                need=NeedId(row[6]),
                requester=PersonId(row[7]) if row[7] else None,
            )
            for row in await cursor.fetchall()
        ]


async def last_asked(tx: Tx, person_id: str | None = None) -> dict[PersonId, int]:
    """When each volunteer (or only one) was last asked or offered herself, in Unix seconds."""
    condition = "" if person_id is None else "WHERE person_id = ? "
    async with tx.execute(
        f"SELECT person_id, MAX(created_at) FROM assignments {condition}GROUP BY person_id",
        () if person_id is None else (person_id,),
    ) as cursor:
        return {PersonId(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def shut_links(tx: Tx, person_id: str) -> None:
    """Every private link of one volunteer is closed, also those of tasks that are done or given back: it may be her
    telephone that is gone."""
    await tx.execute(
        "UPDATE assignments SET link_hash = NULL, link_expires = NULL, device_hash = NULL, last_link = NULL, "
        "last_device = NULL WHERE person_id = ?",
        (person_id,),
    )


async def delete(tx: Tx, assignment_id: str) -> None:
    """Removes one that was begun by mistake, with all that hangs on it."""
    await tx.execute("DELETE FROM assignments WHERE id = ?", (assignment_id,))


async def delete_of_person(tx: Tx, person_id: str) -> None:
    """Removes all of a volunteer's, for erasure."""
    await tx.execute("DELETE FROM assignments WHERE person_id = ?", (person_id,))


async def _refuse(tx: Tx, assignment: Assignment) -> None:
    if assignment.state in LIVE:
        await kept_away.refuse(tx, assignment.person_id, assignment.need_id)
    elif assignment.link_hash is not None:
        await kept_away.refuse_helper(tx, assignment.person_id)


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Assignment]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM assignments WHERE {condition}", values) as cursor:
        return [_assignment(row) for row in await cursor.fetchall()]


def _values(assignment: Assignment) -> dict[str, Any]:
    return {name: getattr(assignment, name) for name in _NAMES}


def _assignment(row: Any) -> Assignment:
    return Assignment(
        id=AssignmentId(row["id"]),
        need_id=NeedId(row["need_id"]),
        person_id=PersonId(row["person_id"]),
        state=AssignmentState(row["state"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        round=row["round"],
        by_staff=row["by_staff"],
        approved_by=row["approved_by"],
        link_hash=row["link_hash"],
        link_expires=row["link_expires"],
        device_hash=row["device_hash"],
    )
