"""People: a random id, a state, a sealed record and two blind indexes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.domain.person import Person, PersonKind, PersonState
from node.store.db import Tx, kept

NO_INDEX = b""
"""Stands where there is nothing to index; NULL means "still to be made at the next unlock"."""

_COLUMNS = (
    "id, state, kind, sealed, phone_index, email_index, created_day, updated_day, twin_index, "
    "merged_into, practice"
)

_COUNTS = "phone_index != x'' AND merged_into IS NULL AND practice = 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One row; an index is None while it waits for the vault to be open."""

    person: Person
    sealed: bytes
    phone_index: bytes | None = None
    email_index: bytes | None = None
    twin_index: bytes | None = None
    """Of name and address together."""


async def insert(tx: Tx, row: PersonRow) -> None:
    """A new person."""
    person = row.person
    await tx.execute(
        f"INSERT INTO persons({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person.id,
            person.state,
            person.kind,
            row.sealed,
            row.phone_index,
            row.email_index,
            person.created_day.isoformat(),
            person.updated_day.isoformat(),
            row.twin_index,
            person.merged_into,
            int(person.practice),
        ),
    )


@kept
async def get(tx: Tx, person_id: str) -> PersonRow | None:
    """One person, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM persons WHERE id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def of_these(tx: Tx, person_ids: Sequence[PersonId]) -> Sequence[PersonRow]:
    """Those of them that there are, in no order."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(person_ids),),
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def all_volunteers(tx: Tx) -> Sequence[PersonRow]:
    """The person of every volunteer, by id."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE id IN (SELECT person_id FROM volunteers) "
        "AND merged_into IS NULL ORDER BY id"
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def all_of_ours(tx: Tx) -> Sequence[PersonRow]:
    """Everybody of our own group, by id; not the volunteers of other groups, nor anybody made up for practice."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE peer IS NULL AND merged_into IS NULL AND practice = 0 ORDER BY id"
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def is_barred(tx: Tx, person_id: str) -> bool:
    """Whether she is kept away."""
    async with tx.execute("SELECT 1 FROM persons WHERE id = ? AND state = 'barred'", (person_id,)) as cursor:
        return await cursor.fetchone() is not None


async def barred(tx: Tx) -> Sequence[PersonRow]:
    """Whoever is kept away, by id."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE state = 'barred' AND merged_into IS NULL ORDER BY id"
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def sharing_a_number(tx: Tx) -> frozenset[PersonId]:
    """Everybody whose telephone number is somebody else's too, as far as indexes are made."""
    async with tx.execute(
        f"SELECT id FROM persons WHERE {_COUNTS} AND phone_index IN "
        f"(SELECT phone_index FROM persons WHERE {_COUNTS} GROUP BY phone_index HAVING COUNT(*) > 1)"
    ) as cursor:
        return frozenset(PersonId(row[0]) for row in await cursor.fetchall())


async def with_phone(tx: Tx, phone_index: bytes, *, practice: bool = False) -> Sequence[PersonRow]:
    """Everybody reached by that number, latest changed first; ``practice``: of those who are made up."""
    return await _where(tx, "phone_index", phone_index, practice)


async def with_email(tx: Tx, email_index: bytes, *, practice: bool = False) -> Sequence[PersonRow]:
    """Everybody with that address, latest changed first; ``practice``: of those who are made up."""
    return await _where(tx, "email_index", email_index, practice)


async def with_twin(tx: Tx, twin_index: bytes) -> Sequence[PersonRow]:
    """Everybody of that name at that address, latest changed first."""
    return await _where(tx, "twin_index", twin_index, False)


async def without_index(tx: Tx, limit: int) -> Sequence[PersonRow]:
    """People written while the vault was locked, whose indexes are still to be made."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE phone_index IS NULL OR email_index IS NULL OR twin_index IS NULL "
        "LIMIT ?",
        (limit,),
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def update(tx: Tx, row: PersonRow) -> None:
    """Writes state, record, indexes and day of change."""
    await tx.execute(
        "UPDATE persons SET state = ?, kind = ?, sealed = ?, phone_index = ?, email_index = ?, twin_index = ?, "
        "updated_day = ? "
        "WHERE id = ?",
        (
            row.person.state,
            row.person.kind,
            row.sealed,
            row.phone_index,
            row.email_index,
            row.twin_index,
            row.person.updated_day.isoformat(),
            row.person.id,
        ),
    )


async def set_indexes(
    tx: Tx, person_id: str, phone_index: bytes, email_index: bytes, twin_index: bytes
) -> None:
    """Fills in the blind indexes (``NO_INDEX`` where there is nothing to index)."""
    await tx.execute(
        "UPDATE persons SET phone_index = ?, email_index = ?, twin_index = ? WHERE id = ?",
        (phone_index, email_index, twin_index, person_id),
    )


async def belongs_to(tx: Tx, person_id: str, peer: str) -> None:
    """Notes that this row stands for a volunteer of that group (its origin), not for a person of ours."""
    await tx.execute("UPDATE persons SET peer = ? WHERE id = ?", (peer, person_id))


async def peer_of(tx: Tx, person_id: str) -> str | None:
    """The group whose volunteer this is; None for a person of our own, and for nobody."""
    async with tx.execute("SELECT peer FROM persons WHERE id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return row[0] if row else None


async def set_state(tx: Tx, person_id: str, state: PersonState, day: date) -> None:
    """Bars a person, or lifts it."""
    await tx.execute(
        "UPDATE persons SET state = ?, updated_day = ? WHERE id = ?", (state, day.isoformat(), person_id)
    )


async def touched(tx: Tx, person_id: str, day: date) -> None:
    """Somebody had to do with her on that day, if not later."""
    await tx.execute(
        "UPDATE persons SET updated_day = max(updated_day, ?) WHERE id = ?", (day.isoformat(), person_id)
    )


async def delete(tx: Tx, person_id: str) -> None:
    """The row, its record and indexes are gone; volunteers, checks and consents go with it."""
    await tx.execute("DELETE FROM persons WHERE id = ?", (person_id,))


async def any_at_all(tx: Tx) -> bool:
    """Whether there is one, of whatever group or made up."""
    async with tx.execute("SELECT EXISTS(SELECT 1 FROM persons)") as cursor:
        row = await cursor.fetchone()
    return bool(row and row[0])


async def delete_practice(tx: Tx) -> int:
    """Everybody made up for practice is gone. Returns how many."""
    return (await tx.execute("DELETE FROM persons WHERE practice = 1")).rowcount


async def _where(tx: Tx, index: str, value: bytes, practice: bool) -> Sequence[PersonRow]:
    # What a record said before it was merged still finds the one it was merged into.
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE id IN "
        f"(SELECT COALESCE(merged_into, id) FROM persons WHERE {index} = ?) "
        "AND practice = ? ORDER BY updated_day DESC, id",
        (value, int(practice)),
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


def _row(row: Any) -> PersonRow:
    return PersonRow(
        person=Person(
            id=PersonId(row["id"]),
            state=PersonState(row["state"]),
            kind=PersonKind(row["kind"]),
            created_day=date.fromisoformat(row["created_day"]),
            updated_day=date.fromisoformat(row["updated_day"]),
            merged_into=PersonId(row["merged_into"]) if row["merged_into"] else None,
            practice=bool(row["practice"]),
        ),
        sealed=row["sealed"],
        phone_index=row["phone_index"],
        email_index=row["email_index"],
        twin_index=row["twin_index"],
    )
