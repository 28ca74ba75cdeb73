"""Letters that came in: sealed until they are opened, remembered for as long as they may come again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.store.db import Tx

_COLUMNS = (
    "sha, id, via, box, expires, state, sender, kind, reason, arrived_at, opened_at, tries, message_sealed"
)
_NAMES = [name.strip() for name in _COLUMNS.split(",")]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One message. Times are Unix seconds."""

    sha: bytes
    """SHA-256 of the message as it came."""
    id: str
    via: str
    """Who brought it: its writer, or a hub."""
    box: str
    expires: date
    state: str
    """waiting (sealed), done (acted on), aside (``reason`` says why nothing is done with it)."""
    arrived_at: int
    message_sealed: bytes | None = field(repr=False)
    sender: str | None = None
    """Known once it was opened and its signature fitted; while it waits after that, who is said to have written it."""
    kind: str | None = None
    reason: str | None = None
    opened_at: int | None = None
    tries: int = 0


async def take(tx: Tx, row: InboxRow) -> bool:
    """Keeps a message; False if the very same one came before."""
    values = (getattr(row, name) for name in _NAMES)
    cursor = await tx.execute(
        f"INSERT INTO inbox({_COLUMNS}) VALUES({', '.join('?' for _ in _NAMES)}) ON CONFLICT(sha) DO NOTHING",
        tuple(value.isoformat() if isinstance(value, date) else value for value in values),
    )
    return cursor.rowcount == 1


async def held(tx: Tx, sha: bytes) -> bool:
    """Whether the very same message came before."""
    return bool(list(await tx.execute_fetchall("SELECT 1 FROM inbox WHERE sha = ?", (sha,))))


async def count_waiting(
    tx: Tx, via: str, *, writer: str | None = None, but: bytes = b"", unopened: bool = False
) -> int:
    """How many messages of that carrier wait: all, or those that were opened and are said to be of ``writer``, or
    (``unopened``) those that nobody has opened yet."""
    rows = await tx.execute_fetchall(
        "SELECT count(*) AS n FROM inbox WHERE state = 'waiting' AND via = ?1 AND (?2 IS NULL OR sender = ?2)"
        " AND sha != ?3 AND (?4 = 0 OR opened_at IS NULL)",
        (via, writer, but, int(unopened)),
    )
    return int(next(iter(rows))["n"])


async def waiting(tx: Tx) -> Sequence[InboxRow]:
    """Messages to be opened, in the order they came."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM inbox WHERE state = 'waiting' ORDER BY rowid")
    return [_row(row) for row in rows]


async def set_aside(tx: Tx, limit: int) -> Sequence[InboxRow]:
    """Messages that nothing was done with, the latest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM inbox WHERE state = 'aside' ORDER BY rowid DESC LIMIT ?", (limit,)
    )
    return [_row(row) for row in rows]


async def of_group(tx: Tx, origin: str, limit: int) -> Sequence[InboxRow]:
    """What came from that group, the latest first: letters of which it is the writer, and those that it brought and
    whose writer is not known, because they were not opened or not let in."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM inbox WHERE sender = ?1 OR (sender IS NULL AND via = ?1)"
        " ORDER BY rowid DESC LIMIT ?2",
        (origin, limit),
    )
    return [_row(row) for row in rows]


async def acted_on(tx: Tx, sender: str, letter_id: str) -> bool:
    """Whether that letter was acted on before, in this envelope or another."""
    return bool(
        list(
            await tx.execute_fetchall(
                "SELECT 1 FROM inbox WHERE state = 'done' AND sender = ? AND id = ?", (sender, letter_id)
            )
        )
    )


async def still_waits(tx: Tx, sha: bytes) -> bool:
    """Whether nobody opened it meanwhile."""
    return bool(
        list(await tx.execute_fetchall("SELECT 1 FROM inbox WHERE sha = ? AND state = 'waiting'", (sha,)))
    )


async def done(tx: Tx, sha: bytes, *, sender: str, kind: str, now: int) -> None:
    """Acted on: the sealed bytes go, the memory stays."""
    await tx.execute(
        "UPDATE inbox SET state = 'done', sender = ?, kind = ?, opened_at = ?, reason = NULL, message_sealed = NULL"
        " WHERE sha = ?",
        (sender, kind, now, sha),
    )


async def put_aside(
    tx: Tx,
    sha: bytes,
    reason: str,
    *,
    now: int,
    sender: str | None = None,
    kind: str | None = None,
    keep: bool = False,
) -> None:
    """Nothing is done with it, and it is in nobody's way. ``keep``: a later version may know what to do."""
    await tx.execute(
        "UPDATE inbox SET state = 'aside', reason = ?, sender = ?, kind = ?, opened_at = ?,"
        " message_sealed = CASE ? WHEN 1 THEN message_sealed END WHERE sha = ? AND state = 'waiting'",
        (reason, sender, kind, now, int(keep), sha),
    )


async def kept(tx: Tx, sender: str) -> int:
    """How many of that writer's messages are set aside and still held."""
    rows = await tx.execute_fetchall(
        "SELECT count(*) AS n FROM inbox WHERE state = 'aside' AND sender = ? AND message_sealed IS NOT NULL",
        (sender,),
    )
    return int(next(iter(rows))["n"])


async def tried(tx: Tx, sha: bytes, reason: str, *, now: int, writer: str | None = None) -> int:
    """It goes on waiting, for that reason; how often it was tried so far. ``writer``: who it is said to be from."""
    await tx.execute(
        "UPDATE inbox SET tries = tries + 1, reason = ?, opened_at = ?, sender = coalesce(?, sender) WHERE sha = ?",
        (reason, now, writer, sha),
    )
    rows = list(await tx.execute_fetchall("SELECT tries FROM inbox WHERE sha = ?", (sha,)))
    return int(rows[0]["tries"]) if rows else 0


async def wait_again(tx: Tx, reasons: Sequence[str]) -> int:
    """Letters set aside for one of these reasons, and still held, wait again; how many."""
    cursor = await tx.execute(
        "UPDATE inbox SET state = 'waiting', tries = 0, opened_at = NULL WHERE state = 'aside'"
        f" AND message_sealed IS NOT NULL AND reason IN ({', '.join('?' for _ in reasons)})",
        tuple(reasons),
    )
    return cursor.rowcount


async def forget_aside(tx: Tx, via: str, most: int) -> int:
    """Of one carrier's messages that were set aside and are not held any more, all but the latest so many go. Returns
    how many."""
    which = "state = 'aside' AND via = ? AND message_sealed IS NULL"
    cursor = await tx.execute(
        f"DELETE FROM inbox WHERE {which} AND rowid <="
        f" (SELECT rowid FROM inbox WHERE {which} ORDER BY rowid DESC LIMIT 1 OFFSET ?)",
        (via, via, most),
    )
    return cursor.rowcount


async def forget(tx: Tx, before: date) -> int:
    """Messages, opened or set aside, whose day lies before that one: they cannot come again. Returns how many."""
    cursor = await tx.execute(
        "DELETE FROM inbox WHERE state IN ('done', 'aside') AND expires < ?", (before.isoformat(),)
    )
    return cursor.rowcount


def _row(row: Any) -> InboxRow:
    return InboxRow(
        **{name: row[name] for name in _NAMES if name != "expires"},
        expires=date.fromisoformat(row["expires"]),
    )
