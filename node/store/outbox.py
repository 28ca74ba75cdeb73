"""Letters on their way out: one row each, with its tries and the last answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.store.db import Tx

_COLUMNS = (
    "id, peer, kind, need, person_id, state, box, expires, message_sealed, copy_sealed, created_at, tries,"
    " last_try, next_try, via, answer"
)
_OPEN = "('waiting', 'held', 'at_hub')"
_EMPTIED = "".join(
    f", {column} = CASE WHEN ? IN ('delivered', 'ended') THEN NULL ELSE {column} END"
    for column in ("message_sealed", "copy_sealed")
)
"""With the new state bound once for each: nobody needs the boxes of a letter that has come to an end."""
_NAMES = [name.strip() for name in _COLUMNS.split(",")]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One letter. Times are Unix seconds."""

    id: str
    """The message's id, the same in every envelope."""
    peer: str
    """did:key of the recipient."""
    kind: str
    need: str | None
    """Public id of the need it is about."""
    person_id: str | None
    """Whose details are inside."""
    state: str
    """waiting (to be sent), held (a person must release it), at_hub, delivered, ended (``answer`` says why)."""
    box: str
    """The box key that it is sealed to."""
    expires: date
    message_sealed: bytes | None = field(repr=False)
    """As it travels; None when nobody can need it any more."""
    copy_sealed: bytes | None = field(repr=False)
    """Our own record of it, to seal it to another box key; None likewise."""
    created_at: int
    tries: int = 0
    last_try: int | None = None
    next_try: int
    via: str | None = None
    """The hub that has it for them."""
    answer: str | None = None
    """A code: what the last try ended in."""


async def insert(tx: Tx, row: OutboxRow) -> None:
    """A new letter."""
    values = tuple(getattr(row, name) for name in _NAMES)
    await tx.execute(
        f"INSERT INTO outbox({_COLUMNS}) VALUES({', '.join('?' for _ in _NAMES)})",
        tuple(value.isoformat() if isinstance(value, date) else value for value in values),
    )


async def get(tx: Tx, letter_id: str) -> OutboxRow | None:
    """One letter, or None."""
    async with tx.execute(f"SELECT {_COLUMNS} FROM outbox WHERE id = ?", (letter_id,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else _row(row)


async def due(tx: Tx, now: int, limit: int) -> Sequence[OutboxRow]:
    """Letters whose next try has come, the longest waiting first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM outbox WHERE state = 'waiting' AND next_try <= ?"
        " ORDER BY next_try, created_at, rowid LIMIT ?",
        (now, limit),
    )
    return [_row(row) for row in rows]


async def written_since(tx: Tx, peer: str, kind: str, since: int) -> int:
    """How many letters of that kind were written to that peer at or after ``since`` (Unix seconds)."""
    rows = await tx.execute_fetchall(
        "SELECT count(*) AS n FROM outbox WHERE peer = ? AND kind = ? AND created_at >= ?",
        (peer, kind, since),
    )
    return int(next(iter(rows))["n"])


async def is_open(tx: Tx, peer: str, kind: str, *, need: str | None) -> bool:
    """Whether a letter of that kind about that need is still on its way to that peer, or held here."""
    rows = await tx.execute_fetchall(
        f"SELECT 1 FROM outbox WHERE peer = ? AND kind = ? AND need IS ? AND state IN {_OPEN} LIMIT 1",
        (peer, kind, need),
    )
    return bool(list(rows))


async def listed(tx: Tx, peer: str | None, limit: int) -> Sequence[OutboxRow]:
    """The latest letters, of one peer or of all, the latest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM outbox WHERE peer = coalesce(?, peer) ORDER BY created_at DESC, rowid DESC LIMIT ?",
        (peer, limit),
    )
    return [_row(row) for row in rows]


async def note(
    tx: Tx,
    letter_id: str,
    *,
    state: str,
    answer: str | None,
    now: int,
    next_try: int,
    via: str | None = None,
) -> None:
    """What a try ended in. Only a letter that still waits is touched: somebody may have dropped it meanwhile."""
    await tx.execute(
        f"UPDATE outbox SET state = ?, answer = ?, tries = tries + 1, last_try = ?, next_try = ?, via = ?{_EMPTIED}"
        " WHERE id = ? AND state = 'waiting'",
        (state, answer, now, next_try, via, state, state, letter_id),
    )


async def end(tx: Tx, letter_id: str, *, state: str, answer: str) -> bool:
    """No more tries: ``delivered`` or ``ended``. Whether it had not come to an end before."""
    cursor = await tx.execute(
        f"UPDATE outbox SET state = ?, answer = ?{_EMPTIED} WHERE id = ? AND state IN {_OPEN}",
        (state, answer, state, state, letter_id),
    )
    return cursor.rowcount == 1


async def sealed_again(tx: Tx, letter_id: str, *, box: str, message_sealed: bytes, now: int) -> None:
    """The same letter for another box key; to be sent at once. Only while its own copy is held."""
    await tx.execute(
        "UPDATE outbox SET box = ?, message_sealed = ?, next_try = ?, via = NULL,"
        " state = CASE state WHEN 'at_hub' THEN 'waiting' ELSE state END"
        f" WHERE id = ? AND state IN {_OPEN} AND copy_sealed IS NOT NULL",
        (box, message_sealed, now, letter_id),
    )


async def hold_all(tx: Tx) -> int:
    """After a restore: whatever was not known to be delivered waits for a person. Returns how many."""
    cursor = await tx.execute(
        "UPDATE outbox SET state = 'held', answer = 'restored' WHERE state IN ('waiting', 'at_hub')"
    )
    return cursor.rowcount


async def release(tx: Tx, letter_id: str | None, now: int) -> int:
    """Held letters, one or all, are sent after all. Returns how many."""
    cursor = await tx.execute(
        "UPDATE outbox SET state = 'waiting', next_try = ? WHERE state = 'held' AND id = coalesce(?, id)",
        (now, letter_id),
    )
    return cursor.rowcount


async def expire(tx: Tx, today: date) -> int:
    """What nobody confirmed until its day is over; how many."""
    cursor = await tx.execute(
        "UPDATE outbox SET state = 'ended', message_sealed = NULL, copy_sealed = NULL,"
        " answer = CASE state WHEN 'at_hub' THEN 'unconfirmed' ELSE 'expired' END"
        f" WHERE state IN {_OPEN} AND expires <= ?",
        (today.isoformat(),),
    )
    return cursor.rowcount


async def recall(tx: Tx, peer: str, kind: str, *, need: str | None, at: int) -> int:
    """What was put at that second, give or take two, and is not sent is never sent; how many letters."""
    cursor = await tx.execute(
        "UPDATE outbox SET state = 'ended', answer = 'recalled', message_sealed = NULL, copy_sealed = NULL"
        " WHERE state IN ('waiting', 'held') AND peer = ? AND kind = ? AND need IS ?"
        " AND created_at BETWEEN ? AND ?",
        (peer, kind, need, at - 2, at + 2),
    )
    return cursor.rowcount


async def erase_of(tx: Tx, person_id: str) -> int:
    """Letters with that person's details: what is not sent is never sent, and no copy stays. Returns how many."""
    cursor = await tx.execute(
        "UPDATE outbox SET message_sealed = NULL, copy_sealed = NULL, person_id = NULL,"
        " answer = CASE WHEN state IN ('waiting', 'held') THEN 'erased' ELSE answer END,"
        " state = CASE WHEN state IN ('waiting', 'held') THEN 'ended' ELSE state END WHERE person_id = ?",
        (person_id,),
    )
    return cursor.rowcount


async def forget(tx: Tx, before: date) -> int:
    """Rows of letters long over; how many."""
    cursor = await tx.execute(
        "DELETE FROM outbox WHERE state IN ('delivered', 'ended') AND expires < ?", (before.isoformat(),)
    )
    return cursor.rowcount


def _row(row: Any) -> OutboxRow:
    return OutboxRow(
        **{name: row[name] for name in _NAMES if name != "expires"},
        expires=date.fromisoformat(row["expires"]),
    )
