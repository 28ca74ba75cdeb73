"""Whole needs given to another group, or given to us; what came is sealed until it is decided."""

from collections.abc import Sequence
from typing import Any

from node.domain.exchange.referral import Referral, State, Way
from node.domain.ids import NeedId
from node.domain.need import Urgency
from node.store.db import Tx, kept

_COLUMNS = (
    "id, way, peer, need_id, state, reason, told, category, sealed, re, asked, doubted, created_at, "
    "changed_at, said_at, urgency"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))


async def insert(tx: Tx, referral: Referral) -> None:
    """A new one."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO referrals({_COLUMNS}) VALUES({marks})", _values(referral))


async def update(tx: Tx, referral: Referral) -> None:
    """Writes every column."""
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    await tx.execute(f"UPDATE referrals SET {pairs} WHERE id = :id", _values(referral))


async def get(tx: Tx, referral_id: str) -> Referral | None:
    """One of them, or None."""
    found = await _select(tx, "id = ?", referral_id)
    return found[0] if found else None


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Referral]:
    """All of a need of ours, given away or taken over, oldest first."""
    return await _select(tx, "need_id = ? ORDER BY created_at, id", need_id)


@kept
async def waiting(tx: Tx) -> Sequence[Referral]:
    """What other groups asked us to take over and nobody has decided, oldest first."""
    return await _select(tx, "way = 'in' AND state = 'asked' ORDER BY created_at, id")


async def waiting_there(tx: Tx) -> Sequence[Referral]:
    """What we asked other groups to take over and they have not answered, oldest first."""
    return await _select(tx, "way = 'out' AND state = 'asked' ORDER BY created_at, id")


async def taken_back_from_us(tx: Tx) -> Sequence[Referral]:
    """What we had taken over and lost again, of which nobody was told yet that it is deleted; oldest first."""
    return await _select(
        tx,
        "way = 'in' AND state = 'taken_back' AND told IS NOT 'deleted' AND need_id IS NOT NULL "
        "ORDER BY created_at, id",
    )


async def unsettled(tx: Tx) -> Sequence[Referral]:
    """Whatever something may have to be told about; of what we took back, until they said ``deleted``."""
    return await _select(
        tx,
        "asked = 1 OR (way = 'in' AND state IN ('accepted','declined','taken_back') AND told IS NOT 'closed'"
        " AND told IS NOT 'deleted' AND told IS NOT 'no') OR (way = 'out' AND state = 'taken_back'"
        " AND told IS NOT 'deleted') ORDER BY created_at, id",
    )


async def doubt(tx: Tx) -> int:
    """After a restore: what other groups asked us to take over, and what we took over, is in doubt until they say that
    it is still ours. Returns how many that are."""
    cursor = await tx.execute(
        "UPDATE referrals SET doubted = 1 WHERE way = 'in' AND state IN ('asked','accepted')"
    )
    return cursor.rowcount


async def going_on(tx: Tx, peer: str) -> Sequence[Referral]:
    """Whatever goes on with that group either way, oldest first."""
    return await _select(tx, "peer = ? AND state IN ('asked','accepted') ORDER BY created_at, id", peer)


async def lies_there(tx: Tx, peer: str, referral_id: str | None = None) -> bool:
    """Whether we took a request back from that group, told it so, and it did not say ``deleted`` yet; any, or this."""
    return bool(
        await _select(
            tx,
            "peer = ? AND way = 'out' AND state = 'taken_back' AND told = 'revoke' AND (? IS NULL OR id = ?) LIMIT 1",
            peer,
            referral_id,
            referral_id,
        )
    )


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[Referral]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM referrals WHERE {condition}", values) as cursor:
        return [_referral(row) for row in await cursor.fetchall()]


def _values(referral: Referral) -> dict[str, Any]:
    return {name: getattr(referral, name) for name in _NAMES} | {
        "asked": int(referral.asked),
        "doubted": int(referral.doubted),
    }


def _referral(row: Any) -> Referral:
    return Referral(
        id=row["id"],
        way=Way(row["way"]),
        peer=row["peer"],
        need_id=NeedId(row["need_id"]) if row["need_id"] else None,
        state=State(row["state"]),
        reason=row["reason"],
        told=row["told"],
        category=row["category"],
        sealed=row["sealed"],
        re=row["re"],
        asked=bool(row["asked"]),
        doubted=bool(row["doubted"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        said_at=row["said_at"],
        urgency=Urgency(row["urgency"]) if row["urgency"] else Urgency.WHENEVER,
    )
