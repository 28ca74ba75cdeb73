"""What people have to give: whose, states and days clear; what was said about it sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.gifts.gift import Gift, GiftSort, GiftState
from node.domain.ids import GiftId, PersonId
from node.store.db import Tx

_COLUMNS = "id, person_id, sort, state, told_day, until_day, ended_day, by_staff, link_hash, sealed"
_OVER = "(state IN ('given','gone') OR until_day < ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftRow:
    """A gift with its sealed part; ``link_hash`` is all that is kept of its private link."""

    gift: Gift
    sealed: bytes
    link_hash: bytes | None = None


async def insert(tx: Tx, row: GiftRow) -> None:
    """A new one."""
    gift = row.gift
    await tx.execute(
        f"INSERT INTO gifts({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            gift.id,
            gift.person_id,
            gift.sort,
            gift.state,
            gift.told_day.isoformat(),
            gift.until.isoformat(),
            gift.ended_day.isoformat() if gift.ended_day else None,
            gift.by_staff,
            row.link_hash,
            row.sealed,
        ),
    )


async def update(tx: Tx, row: GiftRow) -> None:
    """How far it is, and what is noted about it."""
    gift = row.gift
    await tx.execute(
        "UPDATE gifts SET state = ?, until_day = ?, ended_day = ?, sealed = ? WHERE id = ?",
        (
            gift.state,
            gift.until.isoformat(),
            gift.ended_day.isoformat() if gift.ended_day else None,
            row.sealed,
            gift.id,
        ),
    )


async def get(tx: Tx, gift_id: str) -> GiftRow | None:
    """One, or None."""
    found = await _select(tx, "id = ?", gift_id)
    return found[0] if found else None


async def behind(tx: Tx, link_hash: bytes) -> GiftRow | None:
    """The one that a private link is of."""
    found = await _select(tx, "link_hash = ?", link_hash)
    return found[0] if found else None


async def of_person(tx: Tx, person_id: str) -> Sequence[GiftRow]:
    """All of one person, the newest first."""
    return await _select(tx, "person_id = ? ORDER BY told_day DESC, id", person_id)


async def standing(tx: Tx, today: date) -> Sequence[GiftRow]:
    """What somebody can have today, what waits longest first."""
    return await _select(
        tx, "state IN ('new','open') AND until_day >= ? ORDER BY told_day, id", today.isoformat()
    )


async def over(tx: Tx, today: date, limit: int) -> Sequence[GiftRow]:
    """What was given, is gone, or whose last day is past: the latest first."""
    return await _select(
        tx,
        f"{_OVER} ORDER BY coalesce(ended_day, until_day) DESC, id LIMIT ?",
        today.isoformat(),
        limit,
    )


async def count_new(tx: Tx, today: date) -> int:
    """How many nobody has looked at."""
    async with tx.execute(
        "SELECT count(*) FROM gifts WHERE state = 'new' AND until_day >= ?", (today.isoformat(),)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def ended(tx: Tx, today: date) -> Sequence[tuple[date, GiftId, PersonId]]:
    """What was given, is gone, or whose last day is past: (that day, id, whose), the earliest first."""
    async with tx.execute(
        "SELECT coalesce(ended_day, until_day) AS last, id, person_id FROM gifts "
        f"WHERE {_OVER} ORDER BY last, id",
        (today.isoformat(),),
    ) as cursor:
        return [
            (date.fromisoformat(row[0]), GiftId(row[1]), PersonId(row[2])) for row in await cursor.fetchall()
        ]


async def delete(tx: Tx, gift_id: str) -> None:
    """Takes it out, with all that was said."""
    await tx.execute("DELETE FROM gifts WHERE id = ?", (gift_id,))


async def _select(tx: Tx, where: str, *values: Any) -> list[GiftRow]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM gifts WHERE {where}", values) as cursor:
        return [
            GiftRow(
                gift=Gift(
                    id=GiftId(row["id"]),
                    person_id=PersonId(row["person_id"]),
                    sort=GiftSort(row["sort"]),
                    state=GiftState(row["state"]),
                    told_day=date.fromisoformat(row["told_day"]),
                    until=date.fromisoformat(row["until_day"]),
                    ended_day=date.fromisoformat(row["ended_day"]) if row["ended_day"] else None,
                    by_staff=row["by_staff"],
                ),
                sealed=bytes(row["sealed"]),
                link_hash=row["link_hash"],
            )
            for row in await cursor.fetchall()
        ]
