"""Who answers for whom: somebody we know says that she knows a newcomer."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.ids import PersonId
from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchRow:
    """One row: by a person we know, or by a member of staff herself. ``at``: Unix seconds; ``sealed``: the note."""

    id: str
    person_id: PersonId
    by_person: PersonId | None
    by_staff: str | None
    at: int
    sealed: bytes


async def insert(tx: Tx, row: VouchRow) -> None:
    """A new one."""
    await tx.execute(
        "INSERT INTO vouches(id, person_id, by_person, by_staff, at, sealed) VALUES(?, ?, ?, ?, ?, ?)",
        (row.id, row.person_id, row.by_person, row.by_staff, row.at, row.sealed),
    )


async def of_person(tx: Tx, person_id: str) -> Sequence[VouchRow]:
    """Whoever answers for that person, oldest first."""
    async with tx.execute(
        "SELECT id, person_id, by_person, by_staff, at, sealed FROM vouches WHERE person_id = ? ORDER BY at, rowid",
        (person_id,),
    ) as cursor:
        return [
            VouchRow(
                id=row["id"],
                person_id=PersonId(row["person_id"]),
                by_person=PersonId(row["by_person"]) if row["by_person"] else None,
                by_staff=row["by_staff"],
                at=row["at"],
                sealed=row["sealed"],
            )
            for row in await cursor.fetchall()
        ]


async def counted(tx: Tx) -> dict[str, int]:
    """How many answer for each person who has any."""
    async with tx.execute("SELECT person_id, COUNT(*) FROM vouches GROUP BY person_id") as cursor:
        return {row[0]: int(row[1]) for row in await cursor.fetchall()}
