"""People: a random id, a state, a sealed record and two blind indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.domain.person import Person, PersonState
from node.store.db import Tx

NO_INDEX = b""
"""Stands where there is nothing to index; NULL means "still to be made at the next unlock"."""

_COLUMNS = "id, state, sealed, phone_index, email_index, created_day, updated_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One row; an index is None while it waits for the vault to be open."""

    person: Person
    sealed: bytes
    phone_index: bytes | None = None
    email_index: bytes | None = None


async def insert(tx: Tx, row: PersonRow) -> None:
    """A new person."""
    person = row.person
    await tx.execute(
        f"INSERT INTO persons({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (
            person.id,
            person.state,
            row.sealed,
            row.phone_index,
            row.email_index,
            person.created_day.isoformat(),
            person.updated_day.isoformat(),
        ),
    )


async def get(tx: Tx, person_id: str) -> PersonRow | None:
    """One person, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM persons WHERE id = ?", (person_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def all_volunteers(tx: Tx) -> Sequence[PersonRow]:
    """The person of every volunteer, by id."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE id IN (SELECT person_id FROM volunteers) ORDER BY id"
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def with_phone(tx: Tx, phone_index: bytes) -> Sequence[PersonRow]:
    """Everybody reached by that number, latest changed first."""
    return await _where(tx, "phone_index = ?", phone_index)


async def with_email(tx: Tx, email_index: bytes) -> Sequence[PersonRow]:
    """Everybody with that address, latest changed first."""
    return await _where(tx, "email_index = ?", email_index)


async def without_index(tx: Tx, limit: int) -> Sequence[PersonRow]:
    """People written while the vault was locked, whose indexes are still to be made."""
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE phone_index IS NULL OR email_index IS NULL LIMIT ?", (limit,)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def update(tx: Tx, row: PersonRow) -> None:
    """Writes state, record, indexes and day of change."""
    await tx.execute(
        "UPDATE persons SET state = ?, sealed = ?, phone_index = ?, email_index = ?, updated_day = ? "
        "WHERE id = ?",
        (
            row.person.state,
            row.sealed,
            row.phone_index,
            row.email_index,
            row.person.updated_day.isoformat(),
            row.person.id,
        ),
    )


async def set_indexes(tx: Tx, person_id: str, phone_index: bytes, email_index: bytes) -> None:
    """Fills in the blind indexes (``NO_INDEX`` where there is nothing to index)."""
    await tx.execute(
        "UPDATE persons SET phone_index = ?, email_index = ? WHERE id = ?",
        (phone_index, email_index, person_id),
    )


async def set_state(tx: Tx, person_id: str, state: PersonState, day: date) -> None:
    """Bars a person, or lifts it."""
    await tx.execute(
        "UPDATE persons SET state = ?, updated_day = ? WHERE id = ?", (state, day.isoformat(), person_id)
    )


async def delete(tx: Tx, person_id: str) -> None:
    """The row, its record and indexes are gone; volunteers, checks and consents go with it."""
    await tx.execute("DELETE FROM persons WHERE id = ?", (person_id,))


async def _where(tx: Tx, condition: str, value: bytes) -> Sequence[PersonRow]:
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM persons WHERE {condition} ORDER BY updated_day DESC, id", (value,)
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


def _row(row: Any) -> PersonRow:
    return PersonRow(
        person=Person(
            id=PersonId(row["id"]),
            state=PersonState(row["state"]),
            created_day=date.fromisoformat(row["created_day"]),
            updated_day=date.fromisoformat(row["updated_day"]),
        ),
        sealed=row["sealed"],
        phone_index=row["phone_index"],
        email_index=row["email_index"],
    )
