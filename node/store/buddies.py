"""Standing pairs."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from node.domain.dispatch.series import EndedBy, Pair, PairState
from node.domain.ids import PersonId
from node.store.db import Tx, kept

_COLUMNS = "id, person_id, helper_id, state, person_said, helper_said, since_day, ended_day, ended_by"


async def insert(tx: Tx, pair: Pair) -> None:
    """A new pair. A second standing one of the same two is an ``sqlite3.IntegrityError``."""
    await tx.execute(f"INSERT INTO buddies({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)", _values(pair))


async def update(tx: Tx, pair: Pair) -> None:
    """The pair as it is from now on."""
    await tx.execute(
        "UPDATE buddies SET state = ?, person_said = ?, helper_said = ?, since_day = ?, ended_day = ?, "
        "ended_by = ? WHERE id = ?",
        (*_values(pair)[3:], pair.id),
    )


async def get(tx: Tx, pair_id: str) -> Pair | None:
    """One pair, or None."""
    found = await _select(tx, "id = ?", pair_id)
    return found[0] if found else None


async def of_person(tx: Tx, person_id: str) -> Sequence[Pair]:
    """The standing pairs in which she is helped or helps, the oldest first."""
    return await _select(
        tx, "state <> 'ended' AND ? IN (person_id, helper_id) ORDER BY since_day, id", person_id
    )


@kept
async def helpers_of(tx: Tx, person_id: str) -> frozenset[PersonId]:
    """Who helps this person as a standing pair that both agreed to."""
    pairs = await of_person(tx, person_id)
    return frozenset(p.helper_id for p in pairs if p.person_id == person_id and p.state is PairState.AGREED)


async def _select(tx: Tx, condition: str, value: str) -> Sequence[Pair]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM buddies WHERE {condition}", (value,)) as cursor:
        return [_pair(row) for row in await cursor.fetchall()]


def _values(pair: Pair) -> tuple[Any, ...]:
    return (
        pair.id,
        pair.person_id,
        pair.helper_id,
        pair.state,
        int(pair.person_said),
        int(pair.helper_said),
        pair.since_day.isoformat(),
        pair.ended_day.isoformat() if pair.ended_day else None,
        pair.ended_by,
    )


def _pair(row: Any) -> Pair:
    return Pair(
        id=row[0],
        person_id=PersonId(row[1]),
        helper_id=PersonId(row[2]),
        state=PairState(row[3]),
        person_said=bool(row[4]),
        helper_said=bool(row[5]),
        since_day=date.fromisoformat(row[6]),
        ended_day=date.fromisoformat(row[7]) if row[7] else None,
        ended_by=EndedBy(row[8]) if row[8] else None,
    )
