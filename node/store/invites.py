"""Invitations that we gave, and what nodes that used one said of themselves. Of a secret only its hash is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteRow:
    """One invitation. Times are Unix seconds."""

    id: str
    secret_hash: bytes
    """SHA-256 of the secret's 22 characters: 128 random bits need no slower one."""
    role: str
    """What the invited node is to be to us: peer, hub or reader."""
    created_at: int
    expires_at: int
    by_actor: str
    used_at: int | None = None
    used_by: str | None = None
    """The origin that introduced itself with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduction:
    """What a node that asks to join sent: its signed lines, checked, kept until our people decide."""

    origin: str
    invite_id: str
    keys_line: bytes
    profile_line: bytes | None
    at: int


_COLUMNS = "id, secret_hash, role, created_at, expires_at, by_actor, used_at, used_by"


async def put(tx: Tx, row: InviteRow) -> None:
    """Adds an invitation, or replaces what is held of it."""
    await tx.execute(
        f"INSERT OR REPLACE INTO invites ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row.id,
            row.secret_hash,
            row.role,
            row.created_at,
            row.expires_at,
            row.by_actor,
            row.used_at,
            row.used_by,
        ),
    )


async def of_secret(tx: Tx, secret_hash: bytes) -> InviteRow | None:
    """The invitation of that secret, used or over too."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM invites WHERE secret_hash = ?", (secret_hash,))
    return next((_row(row) for row in rows), None)


async def open_ones(tx: Tx, now: int) -> Sequence[InviteRow]:
    """Those that may still be used, newest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM invites WHERE used_at IS NULL AND expires_at > ? ORDER BY created_at DESC, id",
        (now,),
    )
    return [_row(row) for row in rows]


async def delete(tx: Tx, invite_id: str) -> bool:
    """Takes one back; whether there was one that nobody had used."""
    cursor = await tx.execute("DELETE FROM invites WHERE id = ? AND used_at IS NULL", (invite_id,))
    return cursor.rowcount == 1


async def close_used_by(tx: Tx, origin: str, now: int) -> None:
    """From now on none of those that this node used opens anything, not even for it."""
    await tx.execute("UPDATE invites SET expires_at = min(expires_at, ?) WHERE used_by = ?", (now, origin))


async def forget_over(tx: Tx, before: int) -> None:
    """Deletes what was over before that time."""
    await tx.execute("DELETE FROM invites WHERE expires_at < ?", (before,))


async def introduce(tx: Tx, row: Introduction) -> None:
    """Keeps what a node said of itself, in place of what it said before."""
    await tx.execute(
        "INSERT OR REPLACE INTO introductions (origin, invite_id, keys_line, profile_line, at)"
        " VALUES (?, ?, ?, ?, ?)",
        (row.origin, row.invite_id, row.keys_line, row.profile_line, row.at),
    )


async def introduction(tx: Tx, origin: str) -> Introduction | None:
    """What that node said when it asked to join; None once our people decided."""
    rows = await tx.execute_fetchall(
        "SELECT origin, invite_id, keys_line, profile_line, at FROM introductions WHERE origin = ?", (origin,)
    )
    return next(
        (
            Introduction(
                origin=row["origin"],
                invite_id=row["invite_id"],
                keys_line=row["keys_line"],
                profile_line=row["profile_line"],
                at=row["at"],
            )
            for row in rows
        ),
        None,
    )


async def decided(tx: Tx, origin: str) -> None:
    """Our people said yes or no: what the node had sent to be looked at goes."""
    await tx.execute("DELETE FROM introductions WHERE origin = ?", (origin,))


def _row(row: Any) -> InviteRow:
    return InviteRow(
        id=row["id"],
        secret_hash=row["secret_hash"],
        role=row["role"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        by_actor=row["by_actor"],
        used_at=row["used_at"],
        used_by=row["used_by"],
    )
