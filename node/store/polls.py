"""Polls and how often each answer was given; nothing of who gave it."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from node.domain.settings.polls import Poll, also_from, also_record
from node.store.db import Tx

_COLUMNS = "id, question, choices, begun_day, until_day, shown, language, also"


async def insert(tx: Tx, poll: Poll) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO polls({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            poll.id,
            poll.question,
            json.dumps(poll.choices, ensure_ascii=False),
            poll.begun.isoformat(),
            poll.until.isoformat(),
            int(poll.shown),
            poll.language,
            json.dumps(also_record(poll.also), ensure_ascii=False),
        ),
    )


async def all_of(tx: Tx) -> Sequence[Poll]:
    """The one that ends last first."""
    return await _select(tx, "1 ORDER BY until_day DESC, begun_day DESC, id")


async def get(tx: Tx, poll_id: str) -> Poll | None:
    """One, or None."""
    found = await _select(tx, "id = ?", poll_id)
    return found[0] if found else None


async def reword(tx: Tx, poll: Poll) -> None:
    """Its words in every language; all else stays."""
    await tx.execute(
        "UPDATE polls SET question = ?, choices = ?, also = ? WHERE id = ?",
        (
            poll.question,
            json.dumps(poll.choices, ensure_ascii=False),
            json.dumps(also_record(poll.also), ensure_ascii=False),
            poll.id,
        ),
    )


async def end(tx: Tx, poll_id: str, until: date) -> None:
    """``until`` was its last day."""
    await tx.execute("UPDATE polls SET until_day = ? WHERE id = ?", (until.isoformat(), poll_id))


async def take_out(tx: Tx, poll_id: str) -> bool:
    """With its counts. Whether there was such a poll."""
    async with tx.execute("DELETE FROM polls WHERE id = ?", (poll_id,)) as cursor:
        return cursor.rowcount > 0


async def count_one(tx: Tx, poll_id: str, choice: int) -> None:
    """That answer was given once more."""
    await tx.execute(
        "INSERT INTO poll_counts(poll_id, choice, count) VALUES(?, ?, 1)"
        " ON CONFLICT(poll_id, choice) DO UPDATE SET count = count + 1",
        (poll_id, choice),
    )


async def counts(tx: Tx, poll_id: str) -> Mapping[int, int]:
    """Number of the answer -> how often it was given."""
    async with tx.execute("SELECT choice, count FROM poll_counts WHERE poll_id = ?", (poll_id,)) as cursor:
        return {int(row[0]): int(row[1]) for row in await cursor.fetchall()}


async def _select(tx: Tx, where: str, *values: Any) -> list[Poll]:
    async with tx.execute(f"SELECT {_COLUMNS} FROM polls WHERE {where}", values) as cursor:
        return [
            Poll(
                id=row["id"],
                question=row["question"],
                choices=tuple(json.loads(row["choices"])),
                begun=date.fromisoformat(row["begun_day"]),
                until=date.fromisoformat(row["until_day"]),
                shown=bool(row["shown"]),
                language=row["language"],
                also=also_from(json.loads(row["also"])),
            )
            for row in await cursor.fetchall()
        ]
