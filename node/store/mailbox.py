"""Mail that this node, as a hub, keeps for its members: sealed, with who wrote to whom and when, and nothing more."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One message for one member. ``put_at``: Unix seconds."""

    sha: bytes
    member: str
    sender: str
    """Who brought it here."""
    id: str
    expires: date
    put_at: int
    message_sealed: bytes = field(repr=False)


async def put(tx: Tx, row: MailRow) -> bool:
    """Keeps it; False if the very same one lies here already."""
    cursor = await tx.execute(
        "INSERT INTO mailbox(sha, member, sender, id, expires, put_at, message_sealed) VALUES(?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(sha) DO NOTHING",
        (row.sha, row.member, row.sender, row.id, row.expires.isoformat(), row.put_at, row.message_sealed),
    )
    return cursor.rowcount == 1


async def count(tx: Tx, member: str, sender: str) -> tuple[int, int]:
    """(how many lie here for that member, how many of them from that sender)."""
    rows = await tx.execute_fetchall(
        "SELECT count(*) AS n, coalesce(sum(sender = ?), 0) AS of_sender FROM mailbox WHERE member = ?",
        (sender, member),
    )
    row = next(iter(rows))
    return int(row["n"]), int(row["of_sender"])


async def waiting(tx: Tx, member: str, limit: int) -> Sequence[MailRow]:
    """What lies here for that member: of each sender in turn the oldest, so that no sender's letters, which may stay
    here for long, stand before those of another."""
    rows = await tx.execute_fetchall(
        "SELECT sha, member, sender, id, expires, put_at, message_sealed FROM mailbox WHERE member = ?"
        " ORDER BY row_number() OVER (PARTITION BY sender ORDER BY rowid), rowid LIMIT ?",
        (member, limit),
    )
    return [
        MailRow(
            sha=row["sha"],
            member=row["member"],
            sender=row["sender"],
            id=row["id"],
            expires=date.fromisoformat(row["expires"]),
            put_at=row["put_at"],
            message_sealed=row["message_sealed"],
        )
        for row in rows
    ]


async def done(tx: Tx, member: str, ids: Sequence[str]) -> int:
    """The member has them: they go. Returns how many."""
    cursor = await tx.executemany(
        "DELETE FROM mailbox WHERE member = ? AND id = ?", [(member, each) for each in ids]
    )
    return cursor.rowcount


async def clear(tx: Tx, today: date, members: Sequence[str]) -> int:
    """What is over by that day, or lies here for somebody who is no member any more, goes; how many."""
    marks = ", ".join("?" for _ in members)
    cursor = await tx.execute(
        f"DELETE FROM mailbox WHERE expires <= ? OR member NOT IN ({marks})", (today.isoformat(), *members)
    )
    return cursor.rowcount
