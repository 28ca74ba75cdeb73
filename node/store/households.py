"""Households: who lives together, and which needs are for all of them."""

import json
from collections.abc import Collection, Sequence
from datetime import date

from node.domain.ids import PersonId
from node.store.db import Tx, kept


@kept
async def of_person(tx: Tx, person_id: str) -> str | None:
    """The household she belongs to, None if none is known."""
    async with tx.execute(
        "SELECT household_id FROM household_members WHERE person_id = ?", (person_id,)
    ) as cursor:
        row = await cursor.fetchone()
    return row[0] if row else None


@kept
async def members(tx: Tx, household_id: str) -> Sequence[PersonId]:
    """Who belongs to it, by id; a record that is part of another is nobody by itself."""
    async with tx.execute(
        "SELECT m.person_id FROM household_members m JOIN persons p ON p.id = m.person_id "
        "WHERE m.household_id = ? AND p.merged_into IS NULL ORDER BY m.person_id",
        (household_id,),
    ) as cursor:
        return [PersonId(row[0]) for row in await cursor.fetchall()]


async def living_with(tx: Tx, person_id: str) -> Sequence[PersonId]:
    """Everybody of her household but herself."""
    household = await of_person(tx, person_id)
    return [] if household is None else [m for m in await members(tx, household) if m != person_id]


async def living_with_these(tx: Tx, people: Collection[PersonId]) -> Sequence[tuple[PersonId, PersonId]]:
    """Each of these with each of her household but herself."""
    async with tx.execute(
        "SELECT mine.person_id, o.person_id FROM household_members mine "
        "JOIN household_members o ON o.household_id = mine.household_id AND o.person_id <> mine.person_id "
        "JOIN persons p ON p.id = o.person_id AND p.merged_into IS NULL "
        "WHERE mine.person_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(people)),),
    ) as cursor:
        return [(PersonId(row[0]), PersonId(row[1])) for row in await cursor.fetchall()]


async def insert(tx: Tx, household_id: str, day: date) -> None:
    """A new one, empty."""
    await tx.execute("INSERT INTO households(id, created_day) VALUES(?, ?)", (household_id, day.isoformat()))


async def join(tx: Tx, household_id: str, person_id: str) -> None:
    """She belongs to it from now on, and to no other."""
    await tx.execute(
        "INSERT INTO household_members(person_id, household_id) VALUES(?, ?) "
        "ON CONFLICT(person_id) DO UPDATE SET household_id = excluded.household_id",
        (person_id, household_id),
    )


async def leave(tx: Tx, person_id: str) -> None:
    """She belongs to none."""
    await tx.execute("DELETE FROM household_members WHERE person_id = ?", (person_id,))


async def sweep(tx: Tx) -> None:
    """A household of one, or of nobody, is none."""
    await tx.execute(
        "DELETE FROM households WHERE id IN (SELECT h.id FROM households h LEFT JOIN household_members m "
        "ON m.household_id = h.id GROUP BY h.id HAVING COUNT(m.person_id) < 2)"
    )


async def is_for_all(tx: Tx, need_id: str) -> bool:
    """Whether that need is for the whole household."""
    async with tx.execute("SELECT 1 FROM household_needs WHERE need_id = ?", (need_id,)) as cursor:
        return await cursor.fetchone() is not None


async def set_for_all(tx: Tx, need_id: str, for_all: bool) -> None:
    """Says so, or takes it back."""
    if for_all:
        await tx.execute("INSERT OR IGNORE INTO household_needs(need_id) VALUES(?)", (need_id,))
    else:
        await tx.execute("DELETE FROM household_needs WHERE need_id = ?", (need_id,))
