"""Records of safety checks: a random id, whose they are, and a sealed record of the compartment ``vetting``."""

from collections.abc import Sequence
from datetime import date

from node.domain.ids import PersonId
from node.domain.volunteer import Cleared
from node.store.db import Tx


async def insert(tx: Tx, row_id: str, person_id: str, sealed: bytes) -> None:
    """A new record."""
    await tx.execute("INSERT INTO checks(id, person_id, sealed) VALUES(?, ?, ?)", (row_id, person_id, sealed))


async def of_person(tx: Tx, person_id: str) -> Sequence[tuple[str, bytes]]:
    """(row id, sealed record) of every check of one person, in the order in which they were noted."""
    async with tx.execute(
        "SELECT id, sealed FROM checks WHERE person_id = ? ORDER BY rowid", (person_id,)
    ) as cursor:
        return [(row["id"], row["sealed"]) for row in await cursor.fetchall()]


async def ending(tx: Tx, first: date, last: date) -> Sequence[tuple[PersonId, tuple[Cleared, ...]]]:
    """(person, everything she holds) of every active volunteer with a check whose last day lies in that span."""
    async with tx.execute(
        "SELECT v.person_id, held.value ->> 0 AS level, held.value ->> 1 AS until"
        " FROM volunteers v JOIN persons p ON p.id = v.person_id, json_each(v.cleared) held"
        " WHERE v.state != 'left' AND p.state = 'active' AND EXISTS ("
        "  SELECT 1 FROM json_each(v.cleared) one WHERE one.value ->> 1 BETWEEN ? AND ?)"
        " ORDER BY v.person_id, held.key",
        (first.isoformat(), last.isoformat()),
    ) as cursor:
        rows = await cursor.fetchall()
    found: dict[PersonId, list[Cleared]] = {}
    for row in rows:
        until = date.fromisoformat(row["until"]) if row["until"] else None
        found.setdefault(PersonId(row["person_id"]), []).append(Cleared(check=row["level"], until=until))
    return [(person_id, tuple(held)) for person_id, held in found.items()]


async def remind(tx: Tx, person_id: str, level: str, until: date, days: int, at: int) -> bool:
    """Somebody here is to be told of it: once for each of the days before an end. Whether it was new."""
    cursor = await tx.execute(
        "INSERT OR IGNORE INTO check_reminders(person_id, level, until, days, at) VALUES(?, ?, ?, ?, ?)",
        (person_id, level, until.isoformat(), days, at),
    )
    return cursor.rowcount > 0


async def reminders(tx: Tx) -> dict[tuple[str, str, date, int], bool]:
    """(person, level, last day, days before it) -> whether somebody has seen to it."""
    async with tx.execute("SELECT person_id, level, until, days, done_at FROM check_reminders") as cursor:
        return {
            (row["person_id"], row["level"], date.fromisoformat(row["until"]), row["days"]): row["done_at"]
            is not None
            for row in await cursor.fetchall()
        }


async def seen_to(tx: Tx, person_id: str, level: str, at: int, by: str | None) -> int:
    """Every reminder of that check so far is seen to. Returns how many there were."""
    cursor = await tx.execute(
        "UPDATE check_reminders SET done_at = ?, done_by = ? WHERE person_id = ? AND level = ? AND done_at IS NULL",
        (at, by, person_id, level),
    )
    return cursor.rowcount
