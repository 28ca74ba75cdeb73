"""Texts that came in: sealed rows, new until the records are open, then done or for a coordinator to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import PersonId
from node.store.db import Tx


class TextState(StrEnum):
    """Where a text stands."""

    NEW = "new"
    UNCLEAR = "unclear"
    """Nobody could tell what to do with it: a coordinator reads it."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text; ``sealed`` is None once it is done."""

    id: str
    at: int
    state: TextState
    person_id: PersonId | None
    sealed: bytes | None


async def insert(tx: Tx, id: str, at: int, sealed: bytes) -> None:
    """A new one."""
    await tx.execute("INSERT INTO texts_in(id, at, state, sealed) VALUES(?, ?, 'new', ?)", (id, at, sealed))


async def came_since(tx: Tx, since: int) -> int:
    """How many came at or after that (Unix seconds)."""
    async with tx.execute("SELECT COUNT(*) FROM texts_in WHERE at >= ?", (since,)) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def count(tx: Tx, state: TextState) -> int:
    """How many stand so."""
    async with tx.execute("SELECT COUNT(*) FROM texts_in WHERE state = ?", (state,)) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def listed(tx: Tx, state: TextState, limit: int) -> Sequence[TextRow]:
    """Those that stand so, the oldest first."""
    async with tx.execute(
        "SELECT id, at, state, person_id, sealed FROM texts_in WHERE state = ? ORDER BY at, rowid LIMIT ?",
        (state, limit),
    ) as cursor:
        return [
            TextRow(
                id=row["id"],
                at=row["at"],
                state=TextState(row["state"]),
                person_id=PersonId(row["person_id"]) if row["person_id"] else None,
                sealed=row["sealed"],
            )
            for row in await cursor.fetchall()
        ]


async def done(tx: Tx, id: str) -> bool:
    """Seen to: what it said goes. Whether it still waited."""
    cursor = await tx.execute(
        "UPDATE texts_in SET state = 'done', sealed = NULL WHERE id = ? AND state <> 'done'", (id,)
    )
    return cursor.rowcount == 1


async def unclear(tx: Tx, id: str, person_id: PersonId | None) -> None:
    """For a coordinator; ``person_id``: whose it is, if that is known."""
    await tx.execute(
        "UPDATE texts_in SET state = 'unclear', person_id = ? WHERE id = ? AND state = 'new'", (person_id, id)
    )


async def tidy(tx: Tx, done_before: int, all_before: int) -> None:
    """Those seen to go soon, whatever nobody saw to much later (Unix seconds)."""
    await tx.execute(
        "DELETE FROM texts_in WHERE (state = 'done' AND at < ?) OR at < ?", (done_before, all_before)
    )
