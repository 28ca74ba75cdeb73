"""The group's own chat room: where it is, and what it was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.ids import NeedId
from node.domain.notices.notice import State
from node.domain.notices.room import Post
from node.store.db import Tx

ROW = "room"
_NAMES = ("need_id", "round", "state", "due", "ends", "created_at", "tries", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRow:
    """The one room. ``urgent``: requests for today go there by themselves."""

    urgent: bool
    sealed: bytes


async def get(tx: Tx) -> RoomRow | None:
    """None where none is set."""
    async with tx.execute("SELECT urgent, sealed FROM chat_room WHERE id = ?", (ROW,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else RoomRow(urgent=bool(row["urgent"]), sealed=row["sealed"])


async def put(tx: Tx, row: RoomRow) -> None:
    """In place of the one before."""
    await tx.execute(
        "INSERT OR REPLACE INTO chat_room(id, urgent, sealed) VALUES(?, ?, ?)",
        (ROW, int(row.urgent), row.sealed),
    )


async def take_out(tx: Tx) -> bool:
    """Nothing goes to a room any more. Whether one was set."""
    await tx.execute("DELETE FROM room_posts WHERE state = 'waiting'")
    return (await tx.execute("DELETE FROM chat_room")).rowcount == 1


async def post_of(tx: Tx, need_id: str, round: int) -> Post | None:
    """What the room was told, or is about to be, of that request in that round."""
    found = await _select(tx, "need_id = ? AND round = ?", need_id, round)
    return found[0] if found else None


async def put_post(tx: Tx, post: Post) -> None:
    """In place of what stood there."""
    await tx.execute(
        f"INSERT OR REPLACE INTO room_posts({', '.join(_NAMES)}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (post.need_id, post.round, post.state, post.due, post.ends, post.created_at, post.tries, post.answer),
    )


async def take_back(tx: Tx, need_id: str, round: int) -> bool:
    """Not told after all; only what was not tried yet. Whether there was such."""
    cursor = await tx.execute(
        "DELETE FROM room_posts WHERE need_id = ? AND round = ? AND state = 'waiting' AND tries = 0",
        (need_id, round),
    )
    return cursor.rowcount == 1


async def due(tx: Tx, now: int, limit: int) -> Sequence[Post]:
    """What is to be told now, the oldest first."""
    return await _select(
        tx, "state = 'waiting' AND due <= ? ORDER BY due, created_at, need_id LIMIT ?", now, limit
    )


async def begin_try(tx: Tx, post: Post) -> bool:
    """Noted before the service is spoken to. Whether it still waits."""
    cursor = await tx.execute(
        "UPDATE room_posts SET tries = tries + 1 WHERE need_id = ? AND round = ? AND state = 'waiting'",
        (post.need_id, post.round),
    )
    return cursor.rowcount == 1


async def note(tx: Tx, post: Post, state: State, answer: str, *, due: int | None = None) -> None:
    """What a try ended in; ``due``: of the next one."""
    await tx.execute(
        "UPDATE room_posts SET state = ?, answer = ?, due = COALESCE(?, due) "
        "WHERE need_id = ? AND round = ? AND state = 'waiting'",
        (state, answer, due, post.need_id, post.round),
    )


async def give_up_old(tx: Tx, now: int) -> None:
    """What could not go before its time was over."""
    await tx.execute(
        "UPDATE room_posts SET state = 'given_up' WHERE state = 'waiting' AND ends <= ?",
        (now,),
    )


async def any_old(tx: Tx, now: int) -> bool:
    """Whether the time of something that waits is over."""
    async with tx.execute(
        "SELECT 1 FROM room_posts WHERE state = 'waiting' AND ends <= ? LIMIT 1", (now,)
    ) as cursor:
        return await cursor.fetchone() is not None


async def _select(tx: Tx, condition: str, *values: Any) -> list[Post]:
    async with tx.execute(f"SELECT {', '.join(_NAMES)} FROM room_posts WHERE {condition}", values) as cursor:
        return [
            Post(
                need_id=NeedId(row["need_id"]),
                round=row["round"],
                state=State(row["state"]),
                due=row["due"],
                ends=row["ends"],
                created_at=row["created_at"],
                tries=row["tries"],
                answer=row["answer"],
            )
            for row in await cursor.fetchall()
        ]
