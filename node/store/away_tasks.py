"""Our volunteers on other groups' needs; what was handed over is sealed."""

import json
from collections.abc import Sequence
from typing import Any

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import LIVE
from node.domain.exchange.away_task import AwayTask, Held, Seen
from node.domain.ids import PersonId
from node.store import kept_away
from node.store.db import Tx, kept

_COLUMNS = (
    "id, peer, public_id, person_id, helper, state, answer, seen, span, held, sealed, told_state, told_held, asked, "
    "re, held_at, keep_days, doubted, by_staff, link_hash, link_expires, device_hash, created_at, changed_at"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_LAST = ", ".join(
    f"{last} = CASE WHEN :link_hash IS NOT NULL THEN NULL "
    f"WHEN link_hash IS NOT NULL AND device_hash IS NOT NULL THEN {now} ELSE {last} END"
    for last, now in (("last_link", "link_hash"), ("last_device", "device_hash"))
)
"""What a link that was opened on a device leaves when it closes: it opens nothing any more (``left``)."""


async def insert(tx: Tx, task: AwayTask) -> None:
    """A new one; a second of the same helper for the same need is an ``sqlite3.IntegrityError``.

    Raises ``Conflict("not_suitable")`` for somebody who is kept away (``kept_away``).
    """
    await _refuse(tx, task)
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO away_tasks({_COLUMNS}) VALUES({marks})", _values(task))


async def update(tx: Tx, task: AwayTask) -> None:
    """Writes every column. Raises ``Conflict("not_suitable")`` where that would give somebody who is kept away a task
    or a link."""
    await _refuse(tx, task)
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    await tx.execute(f"UPDATE away_tasks SET {pairs}, {_LAST} WHERE id = :id", _values(task))


async def get(tx: Tx, task_id: str) -> AwayTask | None:
    """One of them, or None."""
    found = await _select(tx, "id = ?", task_id)
    return found[0] if found else None


async def of_helper(tx: Tx, peer: str, public_id: str, helper: str) -> AwayTask | None:
    """Our helper on that need of that group, or None."""
    found = await _select(tx, "peer = ? AND public_id = ? AND helper = ?", peer, public_id, helper)
    return found[0] if found else None


@kept
async def of_need(tx: Tx, peer: str, public_id: str) -> Sequence[AwayTask]:
    """Whom we offered for that need of that group, oldest first."""
    return await _select(tx, "peer = ? AND public_id = ? ORDER BY created_at, id", peer, public_id)


async def of_person(tx: Tx, person_id: str) -> Sequence[AwayTask]:
    """All of one volunteer's, oldest first."""
    return await _select(tx, "person_id = ? ORDER BY created_at, id", person_id)


async def helper_name(tx: Tx, peer: str, person_id: str) -> str | None:
    """What that group already calls this volunteer, from an earlier offer."""
    async with tx.execute(
        "SELECT helper FROM away_tasks WHERE person_id = ? AND peer = ? LIMIT 1", (person_id, peer)
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else str(row[0])


async def with_link(tx: Tx, link_hash: bytes) -> AwayTask | None:
    """The task whose private link has this hash, or None."""
    found = await _select(tx, "link_hash = ?", link_hash)
    return found[0] if found else None


async def shut_links(tx: Tx, person_id: str) -> None:
    """Nothing that she opened for other groups' requests says anything any more."""
    await tx.execute(
        "UPDATE away_tasks SET link_hash = NULL, link_expires = NULL, device_hash = NULL, last_link = NULL, "
        "last_device = NULL WHERE person_id = ?",
        (person_id,),
    )


async def left(tx: Tx, link_hash: bytes) -> tuple[AwayTask, bytes | None] | None:
    """The task that this was the link of, run out or closed, and the device that it was opened on."""
    async with tx.execute(
        f"SELECT {_COLUMNS}, coalesce(device_hash, last_device) AS device FROM away_tasks "
        "WHERE link_hash = :hash OR last_link = :hash",
        {"hash": link_hash},
    ) as cursor:
        row = await cursor.fetchone()
    return (_task(row), row["device"]) if row else None


@kept
async def recent(tx: Tx, since: int) -> Sequence[AwayTask]:
    """Whatever goes on, or changed at or after ``since`` (Unix seconds); newest first."""
    return await _select(
        tx,
        "state IN ('interested','approved','contacted') OR changed_at >= ? ORDER BY created_at DESC, id",
        since,
    )


async def unsettled(tx: Tx) -> Sequence[AwayTask]:
    """Whatever goes on, is still held, or has something left to tell; oldest first."""
    return await _select(
        tx,
        "state IN ('interested','approved','contacted') OR held != told_held OR held = 'held' OR asked = 1 "
        "OR (state IN ('done','released','expired') AND told_state IS NOT state) ORDER BY created_at, id",
    )


async def doubt(tx: Tx) -> int:
    """After a restore: details that we hold stay shut until the other group says that they are still ours. Returns how
    many tasks that are."""
    cursor = await tx.execute("UPDATE away_tasks SET doubted = 1 WHERE held = 'held'")
    return cursor.rowcount


async def to_ask(tx: Tx, peer: str) -> Sequence[AwayTask]:
    """Tasks for that group that go on, or whose details are in doubt; oldest first."""
    return await _select(
        tx,
        "peer = ? AND (state IN ('interested','approved','contacted') OR doubted = 1) ORDER BY created_at, id",
        peer,
    )


async def lies_here(tx: Tx, peer: str) -> bool:
    """Whether one of ours does something for that group, or details of it are held."""
    return bool(
        await _select(
            tx, "peer = ? AND (state IN ('interested','approved','contacted') OR held = 'held') LIMIT 1", peer
        )
    )


async def _refuse(tx: Tx, task: AwayTask) -> None:
    if task.person_id is not None and (task.state in LIVE or task.link_hash is not None):
        await kept_away.refuse_helper(tx, task.person_id)


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AwayTask]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM away_tasks WHERE {condition}", values) as cursor:
        return [_task(row) for row in await cursor.fetchall()]


def _values(task: AwayTask) -> dict[str, Any]:
    return {name: getattr(task, name) for name in _NAMES} | {
        "seen": task.seen.text(),
        "span": json.dumps(task.span) if task.span else None,
        "asked": int(task.asked),
        "doubted": int(task.doubted),
    }


def _task(row: Any) -> AwayTask:
    span = json.loads(row["span"]) if row["span"] else None
    return AwayTask(
        id=row["id"],
        peer=row["peer"],
        public_id=row["public_id"],
        person_id=PersonId(row["person_id"]) if row["person_id"] else None,
        helper=row["helper"],
        state=AssignmentState(row["state"]),
        answer=row["answer"],
        seen=Seen.from_text(row["seen"]),
        span=(span[0], span[1]) if span else None,
        held=Held(row["held"]),
        sealed=row["sealed"],
        told_state=row["told_state"],
        told_held=Held(row["told_held"]),
        asked=bool(row["asked"]),
        re=row["re"],
        held_at=row["held_at"],
        keep_days=row["keep_days"],
        doubted=bool(row["doubted"]),
        by_staff=row["by_staff"],
        link_hash=row["link_hash"],
        link_expires=row["link_expires"],
        device_hash=row["device_hash"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )
