"""Records that must not go yet, and what would go by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.ids import HoldId, NeedId, PersonId
from node.domain.rights.retention import HeldWith
from node.store.db import Tx, kept


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """One hold; ``sealed`` is the reason. ``at`` in Unix seconds."""

    id: HoldId
    person_id: PersonId
    review_day: date
    by_staff: str
    at: int
    sealed: bytes


async def insert(tx: Tx, row: HoldRow) -> None:
    """A new one."""
    await tx.execute(
        "INSERT INTO holds(id, person_id, review_day, by_staff, at, sealed) VALUES(?, ?, ?, ?, ?, ?)",
        (row.id, row.person_id, row.review_day.isoformat(), row.by_staff, row.at, row.sealed),
    )


@kept
async def all_of_them(tx: Tx) -> Sequence[HoldRow]:
    """Every one, the next to be reviewed first."""
    async with tx.execute(
        "SELECT id, person_id, review_day, by_staff, at, sealed FROM holds ORDER BY review_day, id"
    ) as cursor:
        return [
            HoldRow(
                id=HoldId(row["id"]),
                person_id=PersonId(row["person_id"]),
                review_day=date.fromisoformat(row["review_day"]),
                by_staff=row["by_staff"],
                at=row["at"],
                sealed=row["sealed"],
            )
            for row in await cursor.fetchall()
        ]


async def of_person(tx: Tx, person_id: str) -> Sequence[HoldRow]:
    """Those of one record."""
    return [each for each in await all_of_them(tx) if each.person_id == person_id]


async def is_held(tx: Tx, person_id: str) -> bool:
    """Whether that person's own record must stay."""
    async with tx.execute("SELECT 1 FROM holds WHERE person_id = ? LIMIT 1", (person_id,)) as cursor:
        return await cursor.fetchone() is not None


# Who was on a request: whoever was to come, or opened on a device where. Not who was only asked, or was in time told
# not to come: of that request they learned what stands on everybody's map.
_ON_IT = (
    "(a.state IN ('approved','contacted','done','released') OR a.approved_by IS NOT NULL "
    "OR a.device_hash IS NOT NULL)"
)
HELD_WITH = (
    "SELECT h.person_id AS held, n.id AS need_id, n.reference AS reference, n.person_id AS person_id "
    "FROM holds h JOIN assignments a ON a.person_id = h.person_id JOIN needs n ON n.id = a.need_id "
    f"WHERE {_ON_IT} AND n.person_id IS NOT NULL AND n.practice = 0 "
    "UNION SELECT h.person_id, n.id, n.reference, a.person_id "
    "FROM holds h JOIN needs n ON n.person_id = h.person_id JOIN assignments a ON a.need_id = n.id "
    f"WHERE {_ON_IT} AND n.practice = 0 "
    "UNION SELECT h.person_id, NULL, NULL, e.person_id FROM holds h JOIN call_words w "
    "ON w.by_actor = 'volunteer:' || h.person_id JOIN call_entries e ON e.id = w.entry_id "
    "UNION SELECT h.person_id, NULL, NULL, substr(w.by_actor, 11) FROM holds h "
    "JOIN call_entries e ON e.person_id = h.person_id JOIN call_words w ON w.entry_id = e.id "
    "WHERE w.by_actor LIKE 'volunteer:%'"
)
"""(whose record is held, request or NULL, its reference, who else stays because of it): what a hold is about is what
somebody did, and that stands in the requests they were on, with those people; so it stays with them."""


@kept
async def held_with(tx: Tx) -> Sequence[HeldWith]:
    """Everything that stays because somebody's record does, by reference."""
    async with tx.execute(f"{HELD_WITH} ORDER BY 3, 1, 4") as cursor:
        return [
            HeldWith(
                held=PersonId(row[0]),
                need_id=NeedId(row[1]) if row[1] else None,
                reference=row[2] or "",
                person_id=PersonId(row[3]),
            )
            for row in await cursor.fetchall()
        ]


async def is_held_with(tx: Tx, person_id: str) -> bool:
    """Whether that person's record must stay because of somebody else's."""
    async with tx.execute(f"SELECT 1 FROM ({HELD_WITH}) WHERE person_id = ? LIMIT 1", (person_id,)) as cursor:
        return await cursor.fetchone() is not None


async def holds_need(tx: Tx, need_id: str, person_id: str | None) -> bool:
    """Whether what was asked for must stay: because its person's record does, or that of somebody who was on it."""
    if person_id is not None and await is_held(tx, person_id):
        return True
    async with tx.execute(f"SELECT 1 FROM ({HELD_WITH}) WHERE need_id = ? LIMIT 1", (need_id,)) as cursor:
        return await cursor.fetchone() is not None


async def end(tx: Tx, hold_id: str) -> PersonId | None:
    """Ends one; whose it was, None if there is none."""
    async with tx.execute("SELECT person_id FROM holds WHERE id = ?", (hold_id,)) as cursor:
        row = await cursor.fetchone()
    await tx.execute("DELETE FROM holds WHERE id = ?", (hold_id,))
    return PersonId(row[0]) if row else None


async def end_all(tx: Tx, person_id: str) -> None:
    """Ends every one of a person: only where somebody else decided that she goes."""
    await tx.execute("DELETE FROM holds WHERE person_id = ?", (person_id,))


# --- what would go by itself: (last day that mattered, ...), the longest past first

_OURS = "p.state = 'active' AND p.peer IS NULL AND p.merged_into IS NULL AND p.practice = 0"
_NOTHING_OPEN = (
    "NOT EXISTS(SELECT 1 FROM needs o WHERE o.person_id = p.id AND o.state != 'closed') AND "
    "NOT EXISTS(SELECT 1 FROM asking_links l JOIN needs t ON t.id = l.need_id "
    "WHERE l.told_person = p.id AND t.state != 'closed') AND "
    "NOT EXISTS(SELECT 1 FROM assignments a WHERE a.person_id = p.id "
    "AND a.state IN ('proposed','interested','approved','contacted')) AND "
    "NOT EXISTS(SELECT 1 FROM call_entries e JOIN call_lists l ON l.id = e.list_id "
    "WHERE e.person_id = p.id AND e.state <> 'off' AND l.state <> 'ended') AND "
    "NOT EXISTS(SELECT 1 FROM gifts g WHERE g.person_id = p.id) AND "
    "NOT EXISTS(SELECT 1 FROM series s WHERE s.person_id = p.id AND s.state <> 'ended' "
    "AND coalesce(s.last_day, :today) >= :today) AND "
    "NOT EXISTS(SELECT 1 FROM buddies b WHERE p.id IN (b.person_id, b.helper_id) AND b.state = 'agreed')"
)


@kept
async def closed_requests(tx: Tx) -> Sequence[tuple[date, NeedId, str, PersonId | None]]:
    """Closed requests of which something is still held: (day it was closed, id, reference, person)."""
    async with tx.execute(
        "SELECT closed_day, id, reference, person_id FROM needs WHERE state = 'closed' AND practice = 0 "
        "AND closed_day IS NOT NULL AND length(sealed) > 0 ORDER BY closed_day, id"
    ) as cursor:
        return [
            (date.fromisoformat(row[0]), NeedId(row[1]), str(row[2]), PersonId(row[3]) if row[3] else None)
            for row in await cursor.fetchall()
        ]


@kept
async def idle_askers(tx: Tx, today: date) -> Sequence[tuple[date, PersonId]]:
    """Who is no volunteer, has no buddy, and for whose household, or by whom for another, nothing is open or repeats:
    (last day of a request or a change, id)."""
    return await _people(
        tx,
        today,
        "p.id NOT IN (SELECT person_id FROM volunteers) AND NOT EXISTS("
        "SELECT 1 FROM household_members me JOIN household_members other ON other.household_id = me.household_id "
        "JOIN needs n ON n.person_id = other.person_id WHERE me.person_id = p.id AND n.state != 'closed')",
        "max(p.updated_day, coalesce((SELECT max(n.closed_day) FROM needs n WHERE n.person_id = p.id), ''), "
        "coalesce((SELECT max(n.closed_day) FROM asking_links l JOIN needs n ON n.id = l.need_id "
        "WHERE l.told_person = p.id), ''))",
    )


async def gone_volunteers(tx: Tx, today: date) -> Sequence[tuple[date, PersonId]]:
    """Who left, or applied and never was met, as organisations need not be: (last day of a task or a change, id)."""
    return await _people(
        tx,
        today,
        "p.id IN (SELECT person_id FROM volunteers WHERE state = 'left' "
        "OR (stage = 'applied' AND state != 'suspended' AND p.kind = 'person'))",
        "max(p.updated_day, coalesce((SELECT date(max(a.changed_at), 'unixepoch') FROM assignments a "
        "WHERE a.person_id = p.id), ''), coalesce((SELECT date(max(e.at), 'unixepoch') FROM audit e "
        "WHERE e.object = 'person:' || p.id AND e.action LIKE 'volunteer.%'), ''), "
        "coalesce((SELECT max(n.closed_day) FROM needs n WHERE n.person_id = p.id), ''))",
    )


async def _people(tx: Tx, today: date, which: str, last: str) -> Sequence[tuple[date, PersonId]]:
    async with tx.execute(
        f"SELECT {last} AS last, p.id FROM persons p WHERE {_OURS} AND {_NOTHING_OPEN} AND {which} ORDER BY last, p.id",
        {"today": today.isoformat()},
    ) as cursor:
        return [(date.fromisoformat(row[0]), PersonId(row[1])) for row in await cursor.fetchall()]
