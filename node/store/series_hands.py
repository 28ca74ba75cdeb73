"""Rules that are handed on to somebody else from a day on."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.dispatch.series import Hand, HandState
from node.domain.ids import PersonId
from node.store import kept_away
from node.store.db import Tx

_COLUMNS = "id, series_id, helper_id, from_day, state, asked_day, told_new, told_before"


async def put(tx: Tx, hand: Hand) -> None:
    """A new one, or how it stands now. Raises ``Conflict("not_suitable")`` for a helper who is kept away."""
    if hand.state in (HandState.ASKED, HandState.AGREED):
        await kept_away.refuse_helper(tx, hand.helper_id)
    await tx.execute(
        f"INSERT INTO series_hands({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "state = excluded.state, told_new = excluded.told_new, told_before = excluded.told_before",
        (
            hand.id,
            hand.series_id,
            hand.helper_id,
            hand.from_day.isoformat(),
            hand.state,
            hand.asked_day.isoformat(),
            int(hand.told_new),
            int(hand.told_before),
        ),
    )


async def get(tx: Tx, hand_id: str) -> Hand | None:
    """One, or None."""
    found = await _select(tx, "id = ?", hand_id)
    return found[0] if found else None


async def of_series(tx: Tx, series_id: str) -> Sequence[Hand]:
    """Everybody a rule was handed on to, in order."""
    return await _select(tx, "series_id = ?", series_id)


async def of_helper(tx: Tx, person_id: str) -> Sequence[Hand]:
    """Everything that was handed on to her, in order."""
    return await _select(tx, "helper_id = ?", person_id)


async def _select(tx: Tx, condition: str, value: str) -> Sequence[Hand]:
    async with tx.execute(
        f"SELECT {_COLUMNS} FROM series_hands WHERE {condition} ORDER BY from_day, rowid", (value,)
    ) as cursor:
        return [_hand(row) for row in await cursor.fetchall()]


def _hand(row: Any) -> Hand:
    return Hand(
        id=row["id"],
        series_id=row["series_id"],
        helper_id=PersonId(row["helper_id"]),
        from_day=date.fromisoformat(row["from_day"]),
        state=HandState(row["state"]),
        asked_day=date.fromisoformat(row["asked_day"]),
        told_new=bool(row["told_new"]),
        told_before=bool(row["told_before"]),
    )
