"""Volunteers that other groups offered for our needs: codes, random ids and what was told. Nothing personal."""

import json
from collections.abc import Sequence
from typing import Any

from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.peer_offer import Details, PeerOffer, Stated, Word
from node.store.db import Tx, kept

_COLUMNS = (
    "id, peer, public_id, helper, need_id, person_id, assignment_id, stated, verdict, said, asked, re, consent, rang, "
    "details, details_at, created_at, changed_at"
)
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))


async def insert(tx: Tx, offer: PeerOffer) -> None:
    """A new one; a second of the same helper for the same need is an ``sqlite3.IntegrityError``."""
    marks = ", ".join(f":{name}" for name in _NAMES)
    await tx.execute(f"INSERT INTO peer_offers({_COLUMNS}) VALUES({marks})", _values(offer))


async def update(tx: Tx, offer: PeerOffer) -> None:
    """Writes every column."""
    pairs = ", ".join(f"{name} = :{name}" for name in _NAMES if name != "id")
    await tx.execute(f"UPDATE peer_offers SET {pairs} WHERE id = :id", _values(offer))


async def get(tx: Tx, offer_id: str) -> PeerOffer | None:
    """One of them, or None."""
    found = await _select(tx, "id = ?", offer_id)
    return found[0] if found else None


async def of_helper(tx: Tx, peer: str, public_id: str, helper: str) -> PeerOffer | None:
    """That group's helper on that published need, or None."""
    found = await _select(tx, "peer = ? AND public_id = ? AND helper = ?", peer, public_id, helper)
    return found[0] if found else None


async def person_of(tx: Tx, peer: str, helper: str) -> PersonId | None:
    """The row that already stands for that group's helper here, from an earlier offer."""
    async with tx.execute(
        "SELECT person_id FROM peer_offers WHERE peer = ? AND helper = ? AND person_id IS NOT NULL LIMIT 1",
        (peer, helper),
    ) as cursor:
        row = await cursor.fetchone()
    return PersonId(row[0]) if row else None


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[PeerOffer]:
    """All that were offered for a need, oldest first."""
    return await _select(tx, "need_id = ? ORDER BY created_at, id", need_id)


async def of_assignment(tx: Tx, assignment_id: str) -> PeerOffer | None:
    """The offer behind a task, None for a volunteer of our own."""
    found = await _select(tx, "assignment_id = ?", assignment_id)
    return found[0] if found else None


async def held(tx: Tx, peer: str, public_id: str) -> int:
    """How many helpers that group has offered for that need."""
    async with tx.execute(
        "SELECT COUNT(*) FROM peer_offers WHERE peer = ? AND public_id = ?", (peer, public_id)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def unsettled(tx: Tx) -> Sequence[PeerOffer]:
    """Whatever something may have to be told about: no last word yet, a yes that may end, a revoke that nobody said
    ``deleted`` to, or asked again."""
    return await _select(
        tx,
        "said IS NULL OR said = 'yes' OR (said = 'revoke' AND details IN ('given', 'received'))"
        " OR asked IS NOT NULL ORDER BY created_at, id",
    )


async def lies_there(tx: Tx, peer: str, public_id: str | None = None, helper: str | None = None) -> bool:
    """Whether we took details back from that group, and it did not say ``deleted`` yet; of any need and helper, or of
    these."""
    return bool(
        await _select(
            tx,
            "peer = ? AND said = 'revoke' AND details IN ('given', 'received')"
            " AND (? IS NULL OR (public_id = ? AND helper = ?)) LIMIT 1",
            peer,
            helper,
            public_id,
            helper,
        )
    )


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[PeerOffer]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM peer_offers WHERE {condition}", values) as cursor:
        return [_offer(row) for row in await cursor.fetchall()]


def _values(offer: PeerOffer) -> dict[str, Any]:
    return {name: getattr(offer, name) for name in _NAMES} | {
        "stated": json.dumps(offer.stated.content(), sort_keys=True),
        "consent": None if offer.consent is None else int(offer.consent),
        "rang": int(offer.rang),
    }


def _offer(row: Any) -> PeerOffer:
    return PeerOffer(
        id=row["id"],
        peer=row["peer"],
        public_id=row["public_id"],
        helper=row["helper"],
        need_id=NeedId(row["need_id"]),
        person_id=PersonId(row["person_id"]) if row["person_id"] else None,
        assignment_id=AssignmentId(row["assignment_id"]) if row["assignment_id"] else None,
        stated=Stated.of(json.loads(row["stated"])),
        verdict=Word(row["verdict"]) if row["verdict"] else None,
        said=Word(row["said"]) if row["said"] else None,
        asked=row["asked"],
        re=row["re"],
        consent=None if row["consent"] is None else bool(row["consent"]),
        rang=bool(row["rang"]),
        details=Details(row["details"]),
        details_at=row["details_at"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )
