"""Who rang for somebody else: a blind index of the caller's number, beside the need that came of it.

It is made from the sealed record, and gone when that is emptied (``needs.update``).
"""

from collections.abc import Sequence

from node.domain.ids import NeedId, PersonId
from node.store.db import Tx

MOST = 5
"""People asked for by one number that are shown: a nurse or a council may ring for dozens."""


async def asked_for(tx: Tx, caller_index: bytes, *, practice: bool) -> Sequence[tuple[PersonId, NeedId]]:
    """(person, her latest need of that kind) of everybody for whom that number rang, the latest first; ``MOST`` at
    most, and nobody of a neighbouring group's."""
    async with tx.execute(
        "SELECT COALESCE(p.merged_into, p.id) AS who, n.id, MAX(n.created_at) AS at "
        "FROM needs n JOIN persons p ON p.id = n.person_id "
        "WHERE n.caller_index = ? AND n.caller_index > x'' AND n.practice = ? AND p.peer IS NULL "
        "GROUP BY who ORDER BY at DESC, who LIMIT ?",
        (caller_index, int(practice), MOST),
    ) as cursor:
        return [(PersonId(row[0]), NeedId(row[1])) for row in await cursor.fetchall()]


async def rang_for(tx: Tx, caller_index: bytes, person_id: PersonId) -> bool:
    """Whether that number rang for her."""
    rows = await tx.execute_fetchall(
        "SELECT 1 FROM needs n JOIN persons p ON p.id = n.person_id WHERE n.caller_index = ? "
        "AND n.caller_index > x'' AND COALESCE(p.merged_into, p.id) = ? LIMIT 1",
        (caller_index, person_id),
    )
    return bool(list(rows))


async def without_index(tx: Tx, limit: int) -> Sequence[NeedId]:
    """Needs of which nobody looked yet whether somebody rang for another."""
    async with tx.execute("SELECT id FROM needs WHERE caller_index IS NULL LIMIT ?", (limit,)) as cursor:
        return [NeedId(row[0]) for row in await cursor.fetchall()]


async def set_index(tx: Tx, need_id: str, caller_index: bytes) -> None:
    """Empty where nobody rang for another, or no number is known."""
    await tx.execute("UPDATE needs SET caller_index = ? WHERE id = ?", (caller_index, need_id))
