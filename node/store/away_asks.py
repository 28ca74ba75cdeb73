"""Volunteers of ours who put themselves forward for other groups' needs; clear, for it says codes and ids alone."""

from collections.abc import Sequence
from typing import Any

from node.domain.exchange.away_ask import AskState, AwayAsk
from node.domain.exchange.away_task import Seen
from node.domain.ids import PersonId
from node.store import kept_away
from node.store.db import Tx

_COLUMNS = "id, peer, public_id, person_id, seen, wording, device_hash, state, created_at, changed_at"


async def insert(tx: Tx, ask: AwayAsk) -> None:
    """A new one; a second of the same volunteer for the same need is an ``sqlite3.IntegrityError``.

    Raises ``Conflict("not_suitable")`` for somebody who is kept away (``kept_away``).
    """
    await kept_away.refuse_helper(tx, ask.person_id)
    await tx.execute(
        f"INSERT INTO away_asks({_COLUMNS}) VALUES(?,?,?,?,?,?,?,?,?,?)",
        (
            ask.id,
            ask.peer,
            ask.public_id,
            ask.person_id,
            ask.seen.text(),
            ask.wording,
            ask.device_hash,
            str(ask.state),
            ask.created_at,
            ask.changed_at,
        ),
    )


async def decline(tx: Tx, ask_id: str, now: int) -> None:
    """A coordinator does not offer her for this."""
    await tx.execute(
        "UPDATE away_asks SET state = ?, changed_at = ? WHERE id = ?", (str(AskState.DECLINED), now, ask_id)
    )


async def delete(tx: Tx, ask_id: str) -> None:
    """She took it back."""
    await tx.execute("DELETE FROM away_asks WHERE id = ?", (ask_id,))


async def delete_for(tx: Tx, person_id: str, peer: str, public_id: str) -> None:
    """The one of that volunteer for that need, if there is one: she is offered now."""
    await tx.execute(
        "DELETE FROM away_asks WHERE person_id = ? AND peer = ? AND public_id = ?",
        (person_id, peer, public_id),
    )


async def delete_of(tx: Tx, person_id: str) -> None:
    """All of one volunteer's."""
    await tx.execute("DELETE FROM away_asks WHERE person_id = ?", (person_id,))


async def sweep(tx: Tx, before: int) -> int:
    """Deletes what nothing happened to since ``before`` (Unix seconds); how many that were."""
    return (await tx.execute("DELETE FROM away_asks WHERE changed_at < ?", (before,))).rowcount


async def get(tx: Tx, ask_id: str) -> AwayAsk | None:
    """One of them, or None."""
    found = await _select(tx, "id = ?", ask_id)
    return found[0] if found else None


async def of_person(tx: Tx, person_id: str) -> Sequence[AwayAsk]:
    """One volunteer's, oldest first."""
    return await _select(tx, "person_id = ? ORDER BY created_at, id", person_id)


async def waiting(tx: Tx) -> Sequence[AwayAsk]:
    """Whatever a coordinator has to decide, oldest first."""
    return await _select(tx, "state = 'waiting' ORDER BY created_at, id")


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AwayAsk]:
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM away_asks WHERE {condition}", values)
    return [
        AwayAsk(
            id=row["id"],
            peer=row["peer"],
            public_id=row["public_id"],
            person_id=PersonId(row["person_id"]),
            seen=Seen.from_text(row["seen"]),
            wording=row["wording"],
            device_hash=row["device_hash"],
            state=AskState(row["state"]),
            created_at=row["created_at"],
            changed_at=row["changed_at"],
        )
        for row in rows
    ]
