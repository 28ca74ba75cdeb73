"""Who did what, when: rows chained by hashes, so that a row that was changed, removed or put in shows.

A row is clear codes and ids, plus an optional note that the vault sealed. The chain takes the *hash* of the
sealed note, so that erasing a note leaves the chain whole. Rows cut off at the end cannot show by themselves:
compare ``Verified.last`` with a note of it kept elsewhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from sqlite3 import Row
from typing import NamedTuple

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.store.db import Tx

_START = bytes(32)
_COLUMNS = "seq, at, actor, action, object, codes, note_sealed, note_hash, prev, hash"

Code = str | int | bool | None


class Entry(NamedTuple):
    """One row. ``actor`` is an actor's label, ``object`` an id with its kind or a code, ``at`` Unix
    seconds."""

    seq: int
    at: int
    actor: str
    action: str
    object: str
    codes: Mapping[str, Code]
    note_sealed: bytes | None
    had_note: bool
    """True also after the note was erased."""
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking the whole chain found. ``broken_at`` is the first row (its seq) that does not fit, or
    None."""

    rows: int
    last: bytes
    broken_at: int | None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


async def append(
    tx: Tx,
    clock: Clock,
    actor: Actor,
    action: str,
    object: str,
    codes: Mapping[str, Code] | None = None,
    note: bytes | None = None,
) -> int:
    """Adds one row inside the caller's write, so that the deed and its record stand or fall together; returns
    its seq.

    ``codes`` hold codes, ids and counts only - never anything typed about a person. ``note`` is already
    sealed by the vault, for table ``audit`` and with ``object`` as its row id.
    """
    rows = list(await tx.execute_fetchall("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"))
    seq, prev = (rows[0]["seq"] + 1, rows[0]["hash"]) if rows else (1, _START)
    note_hash = sha256(note).digest() if note is not None else None
    text = json.dumps(dict(codes or {}), sort_keys=True, separators=(",", ":"))
    at = unix(clock)
    link = _link(prev, seq, at, actor.label, action, object, text, note_hash)
    await tx.execute(
        f"INSERT INTO audit({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
        (seq, at, actor.label, action, object, text, note, note_hash, prev, link),
    )
    return seq


async def of_object(tx: Tx, object: str) -> Sequence[Entry]:
    """Everything recorded about one object, oldest first."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM audit WHERE object = ? ORDER BY seq", (object,))
    return [_entry(row) for row in rows]


async def done_since(tx: Tx, actor: Actor, action: str, object: str, since: int) -> bool:
    """Whether that actor did this to the object at ``since`` (Unix seconds) or later."""
    async with tx.execute(
        "SELECT 1 FROM audit WHERE object = ? AND action = ? AND actor = ? AND at >= ? LIMIT 1",
        (object, action, actor.label, since),
    ) as cursor:
        return await cursor.fetchone() is not None


async def count_since(tx: Tx, action: str, object: str, since: int) -> int:
    """How often that was done to the object at ``since`` (Unix seconds) or later."""
    async with tx.execute(
        "SELECT COUNT(*) FROM audit WHERE object = ? AND action = ? AND at >= ?", (object, action, since)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def latest(tx: Tx, limit: int = 100) -> Sequence[Entry]:
    """The newest rows, newest first; not those about incidents, which may be about whoever reads."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM audit WHERE object NOT LIKE 'incident:%' ORDER BY seq DESC LIMIT ?", (limit,)
    )
    return [_entry(row) for row in rows]


async def of_staff(tx: Tx, since: int, until: int) -> Sequence[Entry]:
    """What members of staff did and looked at from ``since`` until before ``until`` (Unix seconds), oldest first."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM audit WHERE at >= ? AND at < ? AND actor LIKE 'staff:%' ORDER BY seq",
        (since, until),
    )
    return [_entry(row) for row in rows]


async def erase_notes(tx: Tx, object: str) -> int:
    """Removes the sealed notes about one object; the chain still verifies. Returns how many there were."""
    cursor = await tx.execute(
        "UPDATE audit SET note_sealed = NULL WHERE object = ? AND note_sealed IS NOT NULL", (object,)
    )
    return cursor.rowcount


async def verify(tx: Tx) -> Verified:
    """Walks the whole chain from its first row."""
    prev, expected = _START, 1
    async with tx.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq") as cursor:
        async for row in cursor:
            link = _link(
                prev,
                row["seq"],
                row["at"],
                row["actor"],
                row["action"],
                row["object"],
                row["codes"],
                row["note_hash"],
            )
            note_fits = row["note_sealed"] is None or sha256(row["note_sealed"]).digest() == row["note_hash"]
            if row["seq"] != expected or row["prev"] != prev or row["hash"] != link or not note_fits:
                return Verified(rows=expected - 1, last=prev, broken_at=row["seq"])
            prev, expected = link, expected + 1
    return Verified(rows=expected - 1, last=prev, broken_at=None)


def _link(
    prev: bytes, seq: int, at: int, actor: str, action: str, object: str, codes: str, note_hash: bytes | None
) -> bytes:
    clear = [
        prev.hex(),
        seq,
        at,
        actor,
        action,
        object,
        codes,
        note_hash.hex() if note_hash is not None else None,
    ]
    return sha256(json.dumps(clear, separators=(",", ":")).encode()).digest()


def _entry(row: Row) -> Entry:
    seq, at, actor, action, object, codes, note_sealed, note_hash, _, hash = row
    told = json.loads(codes) if codes != "{}" else {}
    return Entry(seq, at, actor, action, object, told, note_sealed, note_hash is not None, hash)
