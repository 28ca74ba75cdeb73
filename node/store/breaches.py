"""The log of data that got out, and what the record tells about who is affected."""

import json
from collections.abc import Collection, Iterable, Sequence
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

_RECORD = (
    "(SELECT object, action, actor, at, codes FROM audit UNION ALL "
    "SELECT object, action, actor, at, codes FROM past_audit)"
)
"""That of this node, and what came with a move."""


async def shown(tx: Tx, actor: str, first: int, last: int) -> set[PersonId]:
    """Everybody whom that actor (a label) was shown in the span: herself, her request, or a list she is on."""
    bound = {"actor": actor, "first": first, "last": last}
    looks = f"FROM {_RECORD} WHERE actor = :actor AND at BETWEEN :first AND :last AND action LIKE 'look.%'"
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


async def by_links(tx: Tx, person_id: str, first: int, last: int) -> set[PersonId]:
    """Everybody whom links of that volunteer could open in the span: of tasks that were confirmed for her by its end
    and not over at its beginning, on rounds or not; and of lists on which she rang until then, or longer. Stopping
    her takes nothing away: what ended then is in the record."""
    bound = {"who": person_id, "first": first, "last": last}
    found: set[PersonId] = set()
    for sql in (
        "SELECT n.person_id FROM needs n JOIN assignments a ON a.need_id = n.id WHERE a.person_id = :who "
        "AND n.person_id IS NOT NULL AND (a.state IN ('approved','contacted') OR a.changed_at >= :first) "
        f"AND EXISTS(SELECT 1 FROM {_RECORD} e WHERE e.object = 'need:' || n.id AND e.action = 'task.approve' "
        "AND e.at <= :last AND json_extract(e.codes, '$.task') = a.id)",
        "SELECT e.person_id FROM call_entries e JOIN call_lists l ON l.id = e.list_id WHERE e.state <> 'off' "
        "AND l.state <> 'ended' AND unixepoch(e.since_day) <= :last AND (EXISTS(SELECT 1 FROM call_callers c "
        "WHERE c.list_id = l.id AND c.person_id = :who AND unixepoch(c.since_day) <= :last) "
        f"OR EXISTS(SELECT 1 FROM {_RECORD} g WHERE g.object = 'calls:' || l.id AND g.action = 'calls.caller_off' "
        "AND g.at >= :first AND json_extract(g.codes, '$.person') = :who))",
    ):
        async with tx.execute(sql, bound) as cursor:
            found |= {PersonId(row[0]) for row in await cursor.fetchall()}
    return found


async def away(tx: Tx, person_id: str, first: int, last: int) -> int:
    """How many tasks for other groups that volunteer had confirmed in the span."""
    async with tx.execute(
        "SELECT COUNT(*) FROM away_tasks WHERE person_id = ? AND created_at <= ? AND answer IN ('yes','revoke') "
        "AND (state IN ('approved','contacted') OR changed_at >= ?)",
        (person_id, last, first),
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def everybody(tx: Tx) -> set[PersonId]:
    """All people of ours whose records are held, each once."""
    async with tx.execute(
        "SELECT id FROM persons WHERE peer IS NULL AND practice = 0 AND merged_into IS NULL"
    ) as cursor:
        return {PersonId(row[0]) for row in await cursor.fetchall()}


async def on_paper(tx: Tx, need_id: str) -> set[PersonId]:
    """Who stands on a sheet with that request: whoever asked, and of ours whoever was to come, by then or later; a
    sheet does not say of itself when it was printed."""
    async with tx.execute(
        "SELECT person_id FROM needs WHERE id = :need AND person_id IS NOT NULL UNION "
        "SELECT a.person_id FROM assignments a JOIN persons p ON p.id = a.person_id WHERE a.need_id = :need "
        "AND p.peer IS NULL AND (a.state IN ('approved','contacted','done') OR a.approved_by IS NOT NULL)",
        {"need": need_id},
    ) as cursor:
        return {PersonId(row[0]) for row in await cursor.fetchall()}


async def real(tx: Tx, found: Collection[PersonId]) -> set[PersonId]:
    """These people, each once where two records are one person, and nobody who is made up for practice."""
    async with tx.execute(
        "SELECT DISTINCT coalesce(merged_into, id) FROM persons WHERE practice = 0 "
        "AND id IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(found)),),
    ) as cursor:
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
