"""Messages to people: one row each with its tries and last answer, and the things that each person was told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import PersonId
from node.domain.notices.notice import Kind, Notice, State, Way
from node.store.db import Tx

_COLUMNS = (
    "id, person_id, kind, way, state, due, ends, created_at, tries, last_try, answer, sealed, answer_sealed"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """One message; the boxes are None where there is nothing in them."""

    notice: Notice
    sealed: bytes | None = None
    """What only this message carries."""
    answer_sealed: bytes | None = None
    """The server's own words at the last try."""


async def told(tx: Tx, person_id: str, thing: str) -> bool:
    """Whether she was told of that, or is about to be."""
    async with tx.execute(
        "SELECT 1 FROM notice_things WHERE person_id = ? AND thing = ?", (person_id, thing)
    ) as cursor:
        return await cursor.fetchone() is not None


async def reached(tx: Tx, person_id: str, thing: str) -> bool:
    """Whether a message about that went to her, or still waits to."""
    async with tx.execute(
        "SELECT 1 FROM notice_things t JOIN notices n ON n.id = t.notice_id "
        "WHERE t.person_id = ? AND t.thing = ? AND n.state IN ('waiting', 'sent')",
        (person_id, thing),
    ) as cursor:
        return await cursor.fetchone() is not None


async def went_since(tx: Tx, things: Collection[str], since: int) -> bool:
    """Whether a message about one of these, made at or after ``since`` (Unix seconds), went or may have gone."""
    marks = ", ".join("?" for _ in things)
    async with tx.execute(
        "SELECT 1 FROM notice_things t JOIN notices n ON n.id = t.notice_id "
        f"WHERE t.thing IN ({marks}) AND n.created_at >= ? AND (n.state = 'sent' OR n.tries > 0) LIMIT 1",
        (*things, since),
    ) as cursor:
        return await cursor.fetchone() is not None


async def told_since(tx: Tx, person_id: str, things: Collection[str], since: int) -> bool:
    """Whether she was told one of these, or is about to be, by a message made at or after ``since`` (Unix seconds)."""
    marks = ", ".join("?" for _ in things)
    async with tx.execute(
        "SELECT 1 FROM notice_things t JOIN notices n ON n.id = t.notice_id "
        f"WHERE t.person_id = ? AND t.thing IN ({marks}) AND n.created_at >= ? LIMIT 1",
        (person_id, *things, since),
    ) as cursor:
        return await cursor.fetchone() is not None


async def heard_at(tx: Tx, person_id: str, task_id: str, *, by_phone: bool = False) -> int | None:
    """When a message or a call last told her that this task is hers, or when it is (Unix seconds); None: none did.
    ``by_phone``: a call alone."""
    async with tx.execute(
        "SELECT MAX(COALESCE(n.last_try, n.created_at)) FROM notice_things t JOIN notices n ON n.id = t.notice_id "
        "WHERE t.person_id = :person AND t.thing >= :prefix AND t.thing < :prefix || char(1114111) "
        "AND n.state = 'sent' AND n.kind IN ('confirmed', 'moved', 'reminder') "
        "AND (n.way = 'phone' OR NOT :by_phone)",
        {"person": person_id, "prefix": f"task:{task_id}:", "by_phone": by_phone},
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])


async def told_of(tx: Tx, thing: str) -> frozenset[PersonId]:
    """Everybody who was told of that, or is about to be."""
    async with tx.execute("SELECT person_id FROM notice_things WHERE thing = ?", (thing,)) as cursor:
        return frozenset(PersonId(row[0]) for row in await cursor.fetchall())


async def latest_due(tx: Tx, thing: str, kind: Kind, now: int) -> int | None:
    """When the last message of that kind about that went, or, if none did, the first goes (Unix seconds); None: there
    is none. What waits for somebody's own quiet hours holds up nobody else."""
    async with tx.execute(
        "SELECT COALESCE(MAX(CASE WHEN n.due <= ? THEN n.due END), MIN(n.due)) "
        "FROM notice_things t JOIN notices n ON n.id = t.notice_id WHERE t.thing = ? AND n.kind = ?",
        (now, thing, kind),
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None or row[0] is None else int(row[0])


async def beginning_with(tx: Tx, prefix: str) -> Sequence[tuple[str, State | None]]:
    """Things that begin so, whoever was told, the latest first, with how their message stands (None: not kept)."""
    async with tx.execute(
        "SELECT t.thing, n.state FROM notice_things t LEFT JOIN notices n ON n.id = t.notice_id "
        "WHERE t.thing >= :prefix AND t.thing < :prefix || char(1114111) "
        "ORDER BY n.created_at DESC NULLS LAST, n.rowid DESC, t.day DESC",
        {"prefix": prefix},
    ) as cursor:
        return [(row[0], State(row[1]) if row[1] else None) for row in await cursor.fetchall()]


async def keep_latest(tx: Tx, prefix: str) -> None:
    """Of the things that begin so only the latest is what somebody knows."""
    for thing, _ in (await beginning_with(tx, prefix))[1:]:
        await tx.execute("DELETE FROM notice_things WHERE thing = ?", (thing,))


async def insert(tx: Tx, row: NoticeRow, things: Collection[str], day: date) -> bool:
    """A new message, unless she was told one of these things already: then nothing is written. Whether it was."""
    notice = row.notice
    for thing in things:
        if await told(tx, notice.person_id, thing):
            return False
    await tx.execute(
        f"INSERT INTO notices({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            notice.id,
            notice.person_id,
            notice.kind,
            notice.way,
            notice.state,
            notice.due,
            notice.ends,
            notice.created_at,
            notice.tries,
            notice.last_try,
            notice.answer,
            row.sealed,
            row.answer_sealed,
        ),
    )
    await tx.executemany(
        "INSERT INTO notice_things(person_id, thing, notice_id, day) VALUES(?, ?, ?, ?)",
        [(notice.person_id, thing, notice.id, day.isoformat()) for thing in things],
    )
    return True


async def put_call(tx: Tx, call: Notice, thing: str, day: date) -> None:
    """Somebody was rung: that is now what stands of ``thing``, in place of a message that came to nothing, or of the
    call before."""
    await insert(tx, NoticeRow(notice=call), (), day)
    await tx.execute(
        "INSERT OR REPLACE INTO notice_things(person_id, thing, notice_id, day) VALUES(?, ?, ?, ?)",
        (call.person_id, thing, call.id, day.isoformat()),
    )


async def tried_at(tx: Tx, person_id: str, thing: str) -> int | None:
    """When the message or call was made that last told her that; None for none that is kept."""
    async with tx.execute(
        "SELECT n.created_at FROM notice_things t JOIN notices n ON n.id = t.notice_id "
        "WHERE t.person_id = ? AND t.thing = ?",
        (person_id, thing),
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else int(row[0])


async def made_since(tx: Tx, person_id: str, kind: Kind, since: int) -> int:
    """How many messages of that kind were made for her at or after ``since`` (Unix seconds)."""
    async with tx.execute(
        "SELECT COUNT(*) FROM notices WHERE person_id = ? AND kind = ? AND created_at >= ?",
        (person_id, kind, since),
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def drop_waiting(tx: Tx, person_id: str, kind: Kind) -> None:
    """What waits of that kind for her is good for nothing any more."""
    await tx.execute(
        "UPDATE notices SET state = 'suppressed', answer = 'newer', sealed = NULL "
        "WHERE person_id = ? AND kind = ? AND state = 'waiting'",
        (person_id, kind),
    )


async def things(tx: Tx, notice_id: str) -> tuple[str, ...]:
    """What that message tells."""
    async with tx.execute(
        "SELECT thing FROM notice_things WHERE notice_id = ? ORDER BY thing", (notice_id,)
    ) as cursor:
        return tuple(row[0] for row in await cursor.fetchall())


async def untell(tx: Tx, notice_id: str, gone: Collection[str]) -> None:
    """These things left the message before it went: she was not told of them."""
    await tx.executemany(
        "DELETE FROM notice_things WHERE notice_id = ? AND thing = ?", [(notice_id, thing) for thing in gone]
    )


async def get(tx: Tx, notice_id: str) -> NoticeRow | None:
    """One message, or None."""
    found = await _select(tx, "id = ?", notice_id)
    return found[0] if found else None


async def of_person(tx: Tx, person_id: str) -> Sequence[NoticeRow]:
    """Every message made for her, oldest first."""
    return await _select(tx, "person_id = ? ORDER BY created_at, rowid", person_id)


async def due(tx: Tx, way: Way, now: int, limit: int) -> Sequence[NoticeRow]:
    """Messages of that way whose time has come, what is soon over first."""
    return await _select(
        tx, "state = 'waiting' AND way = ? AND due <= ? ORDER BY ends, due, rowid LIMIT ?", way, now, limit
    )


async def listed(tx: Tx, states: Collection[State], limit: int) -> Sequence[NoticeRow]:
    """The latest in one of these states; calls are no messages."""
    marks = ", ".join("?" for _ in states)
    return await _select(
        tx,
        f"way <> 'phone' AND state IN ({marks}) ORDER BY created_at DESC, rowid DESC LIMIT ?",
        *states,
        limit,
    )


async def counts(tx: Tx, since: int) -> Mapping[State, int]:
    """How many messages are in each state: all that wait, of the others those made since then (Unix seconds)."""
    async with tx.execute(
        "SELECT state, COUNT(*) FROM notices WHERE way <> 'phone' AND (state = 'waiting' OR created_at >= ?) "
        "GROUP BY state",
        (since,),
    ) as cursor:
        return {State(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def begin_try(tx: Tx, notice_id: str, now: int) -> bool:
    """Noted before the server is spoken to, so that a message on which we are killed each time comes to an end too.
    Whether it still waits."""
    cursor = await tx.execute(
        "UPDATE notices SET tries = tries + 1, last_try = ? WHERE id = ? AND state = 'waiting'",
        (now, notice_id),
    )
    return cursor.rowcount == 1


async def note(
    tx: Tx, notice_id: str, state: State, answer: str, *, due: int | None = None, said: bytes | None = None
) -> None:
    """What a try ended in; only a message that still waits is touched. ``due``: of the next try. What the message
    carried goes once it is over."""
    await tx.execute(
        "UPDATE notices SET state = :state, answer = :answer, due = COALESCE(:due, due), answer_sealed = :said, "
        "sealed = CASE :state WHEN 'waiting' THEN sealed END WHERE id = :id AND state = 'waiting'",
        {"state": state, "answer": answer, "due": due, "said": said, "id": notice_id},
    )


async def did_not_arrive(tx: Tx, person_id: str, way: Way, since: int, at: int) -> int:
    """What went to her that way, made at or after ``since``, came back after all, as somebody said at ``at`` (both Unix
    seconds); how many."""
    cursor = await tx.execute(
        "UPDATE notices SET state = 'failed', answer = 'recipient', ends = ? "
        "WHERE person_id = ? AND way = ? AND state = 'sent' AND created_at >= ?",
        (at, person_id, way, since),
    )
    return cursor.rowcount


async def did_arrive(tx: Tx, person_id: str, way: Way, at: int) -> int:
    """What somebody said at ``at`` (Unix seconds, ``did_not_arrive``) was a mistake; how many messages."""
    cursor = await tx.execute(
        "UPDATE notices SET state = 'sent', answer = '' "
        "WHERE person_id = ? AND way = ? AND state = 'failed' AND answer = 'recipient' AND ends = ?",
        (person_id, way, at),
    )
    return cursor.rowcount


async def any_old(tx: Tx, now: int) -> bool:
    """Whether the time of something that waits is over."""
    async with tx.execute("SELECT 1 FROM notices WHERE state = 'waiting' AND ends <= ?", (now,)) as cursor:
        return await cursor.fetchone() is not None


async def give_up_old(tx: Tx, now: int) -> int:
    """What could not go before its time was over; how many. Nobody was told of what stood in it."""
    await tx.execute(
        "DELETE FROM notice_things WHERE thing LIKE 'need:%' AND notice_id IN "
        "(SELECT id FROM notices WHERE state = 'waiting' AND ends <= ?)",
        (now,),
    )
    cursor = await tx.execute(
        "UPDATE notices SET state = 'given_up', sealed = NULL WHERE state = 'waiting' AND ends <= ?", (now,)
    )
    return cursor.rowcount


async def again(tx: Tx, notice_id: str, now: int, ends: int) -> bool:
    """One that failed or was given up is tried once more. Whether it could be."""
    cursor = await tx.execute(
        "UPDATE notices SET state = 'waiting', due = ?, ends = ?, answer = '' "
        "WHERE id = ? AND state IN ('failed', 'given_up') AND kind NOT IN ('sign_in', 'reply') AND way <> 'phone'",
        (now, ends, notice_id),
    )
    return cursor.rowcount == 1


async def tidy(tx: Tx, messages_before: int, things_before: date) -> None:
    """Messages long over go, and much later the memory of what was told."""
    await tx.execute("DELETE FROM notices WHERE state <> 'waiting' AND created_at < ?", (messages_before,))
    await tx.execute("DELETE FROM notice_things WHERE day < ?", (things_before.isoformat(),))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[NoticeRow]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM notices WHERE {condition}", values) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


def _row(row: Any) -> NoticeRow:
    notice = Notice(
        id=row["id"],
        person_id=PersonId(row["person_id"]),
        kind=Kind(row["kind"]),
        way=Way(row["way"]),
        state=State(row["state"]),
        due=row["due"],
        ends=row["ends"],
        created_at=row["created_at"],
        tries=row["tries"],
        last_try=row["last_try"],
        answer=row["answer"],
    )
    return NoticeRow(notice=notice, sealed=row["sealed"], answer_sealed=row["answer_sealed"])
