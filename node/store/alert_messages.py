"""Messages to members of staff: one row each with its tries and last answer, and the things that each was told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.notices.alerts import Kind
from node.domain.notices.notice import State
from node.store.db import Tx

_COLUMNS = "id, handle, kind, state, due, ends, created_at, tries, last_try, answer, sealed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """One message. Times are Unix seconds; the address is looked up when it is sent."""

    id: str
    """Also the left side of its Message-ID."""
    handle: str
    kind: Kind
    state: State = State.WAITING
    due: int
    ends: int
    created_at: int
    tries: int = 0
    last_try: int | None = None
    answer: str = ""
    sealed: bytes | None = None
    """The digits of a code, until it went."""


async def insert(tx: Tx, row: AlertMessage) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO alert_messages({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.id,
            row.handle,
            row.kind,
            row.state,
            row.due,
            row.ends,
            row.created_at,
            row.tries,
            row.last_try,
            row.answer,
            row.sealed,
        ),
    )


async def tell(tx: Tx, handle: str, message_id: str, things: Collection[str], day: date) -> None:
    """These stand in that message; what was told already stays where it was."""
    await tx.executemany(
        "INSERT OR IGNORE INTO alert_told(handle, thing, message_id, day) VALUES(?, ?, ?, ?)",
        [(handle, thing, message_id, day.isoformat()) for thing in things],
    )


async def told(tx: Tx, handle: str) -> frozenset[str]:
    """Everything that account was told, or is about to be."""
    async with tx.execute("SELECT thing FROM alert_told WHERE handle = ?", (handle,)) as cursor:
        return frozenset(row[0] for row in await cursor.fetchall())


async def things(tx: Tx, message_id: str) -> tuple[str, ...]:
    """What that message tells."""
    async with tx.execute(
        "SELECT thing FROM alert_told WHERE message_id = ? ORDER BY thing", (message_id,)
    ) as cursor:
        return tuple(row[0] for row in await cursor.fetchall())


async def untell(tx: Tx, message_id: str, gone: Collection[str]) -> None:
    """These left the message before it went."""
    await tx.executemany(
        "DELETE FROM alert_told WHERE message_id = ? AND thing = ?", [(message_id, thing) for thing in gone]
    )


async def open_news(tx: Tx, handle: str) -> AlertMessage | None:
    """The message of that account that still takes more: not tried yet."""
    found = await _select(
        tx, "handle = ? AND kind = 'news' AND state = 'waiting' AND tries = 0 ORDER BY due LIMIT 1", handle
    )
    return found[0] if found else None


async def sooner(tx: Tx, message_id: str, due: int) -> None:
    """It goes at ``due``, if that is before its time."""
    await tx.execute("UPDATE alert_messages SET due = min(due, ?) WHERE id = ?", (due, message_id))


async def drop_codes(tx: Tx, handle: str) -> None:
    """Digits that wait to be sent are good for nothing any more."""
    await tx.execute(
        "UPDATE alert_messages SET state = 'suppressed', answer = 'newer', sealed = NULL "
        "WHERE handle = ? AND kind = 'code' AND state = 'waiting'",
        (handle,),
    )


async def get(tx: Tx, message_id: str) -> AlertMessage | None:
    """One message, or None."""
    found = await _select(tx, "id = ?", message_id)
    return found[0] if found else None


async def due(tx: Tx, now: int, limit: int) -> Sequence[AlertMessage]:
    """Messages whose time has come: safety and codes first."""
    return await _select(
        tx, "state = 'waiting' AND due <= ? ORDER BY kind = 'news', due, rowid LIMIT ?", now, limit
    )


async def latest(tx: Tx, handle: str) -> AlertMessage | None:
    """The last one made for that account."""
    found = await _select(tx, "handle = ? ORDER BY created_at DESC, rowid DESC LIMIT 1", handle)
    return found[0] if found else None


async def begin_try(tx: Tx, message_id: str, now: int) -> bool:
    """Noted before the server is spoken to. Whether it still waits."""
    cursor = await tx.execute(
        "UPDATE alert_messages SET tries = tries + 1, last_try = ? WHERE id = ? AND state = 'waiting'",
        (now, message_id),
    )
    return cursor.rowcount == 1


async def note(tx: Tx, message_id: str, state: State, answer: str, *, due: int | None = None) -> None:
    """What a try ended in; only a message that still waits is touched. ``due``: of the next try."""
    await tx.execute(
        "UPDATE alert_messages SET state = :state, answer = :answer, due = COALESCE(:due, due), "
        "sealed = CASE :state WHEN 'waiting' THEN sealed END WHERE id = :id AND state = 'waiting'",
        {"state": state, "answer": answer, "due": due, "id": message_id},
    )


async def any_old(tx: Tx, now: int) -> bool:
    """Whether the time of something that waits is over."""
    async with tx.execute(
        "SELECT 1 FROM alert_messages WHERE state = 'waiting' AND ends <= ? LIMIT 1", (now,)
    ) as cursor:
        return await cursor.fetchone() is not None


async def give_up_old(tx: Tx, now: int) -> None:
    """What could not go before its time was over. Nobody was told of what stood in it."""
    await tx.execute(
        "DELETE FROM alert_told WHERE message_id IN "
        "(SELECT id FROM alert_messages WHERE state = 'waiting' AND ends <= ?)",
        (now,),
    )
    await tx.execute(
        "UPDATE alert_messages SET state = 'given_up', sealed = NULL WHERE state = 'waiting' AND ends <= ?",
        (now,),
    )


async def tidy(tx: Tx, messages_before: int, told_before: date) -> None:
    """Messages long over go, and much later the memory of what was told."""
    await tx.execute(
        "DELETE FROM alert_messages WHERE state <> 'waiting' AND created_at < ?", (messages_before,)
    )
    await tx.execute("DELETE FROM alert_told WHERE day < ?", (told_before.isoformat(),))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AlertMessage]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM alert_messages WHERE {condition}", values) as cursor:
        return [
            AlertMessage(
                id=row["id"],
                handle=row["handle"],
                kind=Kind(row["kind"]),
                state=State(row["state"]),
                due=row["due"],
                ends=row["ends"],
                created_at=row["created_at"],
                tries=row["tries"],
                last_try=row["last_try"],
                answer=row["answer"],
                sealed=row["sealed"],
            )
            for row in await cursor.fetchall()
        ]
