"""The log of data that got out, and what the record tells about who is affected."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Literal

from node.domain.ids import BreachId, PersonId, StaffId
from node.domain.rights.breach import BreachKind, Risk
from node.store.db import Tx

Told = Literal["authority_at", "people_at", "closed_at"]
_COLUMNS = "id, kind, found_at, from_at, until_at, staff_id, risk, authority_at, people_at, closed_at, by_staff, sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachRow:
    """One entry; ``sealed`` is what happened and what was done."""

    id: BreachId
    kind: BreachKind
    found_at: int
    from_at: int
    until_at: int
    staff_id: StaffId | None
    risk: Risk
    by_staff: str
    sealed: bytes
    authority_at: int | None = None
    people_at: int | None = None
    closed_at: int | None = None


async def insert(tx: Tx, row: BreachRow, seen: Iterable[PersonId], could: Iterable[PersonId]) -> None:
    """A new entry with who is affected."""
    await tx.execute(
        f"INSERT INTO breaches({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.id, row.kind, row.found_at, row.from_at, row.until_at, row.staff_id, row.risk,
            row.authority_at, row.people_at, row.closed_at, row.by_staff, row.sealed,
        ),
    )  # fmt: skip
    for how, people in (("seen", seen), ("could", could)):
        for person_id in people:
            await tx.execute(
                "INSERT OR IGNORE INTO breach_people(breach_id, person_id, how) VALUES(?, ?, ?)",
                (row.id, person_id, how),
            )


async def all_of_them(tx: Tx) -> Sequence[BreachRow]:
    """The whole log, the latest first."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM breaches ORDER BY found_at DESC, id") as cursor:
        return [_row(row) for row in await cursor.fetchall()]


async def people(tx: Tx, breach_id: str, how: str) -> Sequence[PersonId]:
    """Who of those that are still held is affected in that way."""
    async with tx.execute(
        "SELECT person_id FROM breach_people WHERE breach_id = ? AND how = ? ORDER BY person_id",
        (breach_id, how),
    ) as cursor:
        return [PersonId(row[0]) for row in await cursor.fetchall()]


async def set_told(tx: Tx, breach_id: str, what: Told, at: int) -> bool:
    """Notes that it was done, once; whether there is such an entry."""
    cursor = await tx.execute(
        f"UPDATE breaches SET {what} = coalesce({what}, ?) WHERE id = ?", (at, breach_id)
    )
    return cursor.rowcount == 1


# --- what the record tells


async def shown(tx: Tx, actor: str, first: int, last: int) -> set[PersonId]:
    """Everybody whom that actor (a label) was shown in the span: herself, her request, or a list she is on."""
    bound = {"actor": actor, "first": first, "last": last}
    looks = "FROM audit WHERE actor = :actor AND at BETWEEN :first AND :last AND action LIKE 'look.%'"
    found: set[PersonId] = set()
    for sql in (
        f"SELECT id FROM persons WHERE 'person:' || id IN (SELECT object {looks})",
        f"SELECT person_id FROM needs WHERE person_id IS NOT NULL AND 'need:' || id IN (SELECT object {looks})",
        f"SELECT person_id FROM volunteers WHERE EXISTS(SELECT 1 {looks} AND action = 'look.list')",
        f"SELECT id FROM persons WHERE EXISTS(SELECT 1 {looks} AND action = 'look.everybody')",
    ):
        async with tx.execute(sql, bound) as cursor:
            found |= {PersonId(row[0]) for row in await cursor.fetchall()}
    return found


async def everybody(tx: Tx) -> set[PersonId]:
    """All people of ours whose records are held."""
    async with tx.execute("SELECT id FROM persons WHERE peer IS NULL AND practice = 0") as cursor:
        return {PersonId(row[0]) for row in await cursor.fetchall()}


async def sign_ins(tx: Tx, actor: str, first: int, last: int) -> int:
    """How often that actor signed in within the span."""
    async with tx.execute(
        "SELECT COUNT(*) FROM audit WHERE actor = ? AND action = 'staff.sign_in' AND at BETWEEN ? AND ?",
        (actor, first, last),
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


def _row(row: Row) -> BreachRow:
    return BreachRow(
        id=BreachId(row["id"]),
        kind=BreachKind(row["kind"]),
        found_at=row["found_at"],
        from_at=row["from_at"],
        until_at=row["until_at"],
        staff_id=StaffId(row["staff_id"]) if row["staff_id"] else None,
        risk=Risk(row["risk"]),
        authority_at=row["authority_at"],
        people_at=row["people_at"],
        closed_at=row["closed_at"],
        by_staff=row["by_staff"],
        sealed=row["sealed"],
    )
