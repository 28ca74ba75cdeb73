"""What is out under our name: each public id with the need behind it, and the counter that all our lines
share.

The table is the only link between a need and its public ids, and it never leaves. A withdrawn id stays
until nobody counts it any more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.consents import Purpose
from node.domain.ids import NeedId
from node.domain.sharing.outgoing import Out
from node.domain.sharing.publication import Content
from node.store.db import Tx, kept
from node.store.settings import Setting

_COLUMNS = "public_id, need_id, set_name, kind, content, epoch, seq, expires, max_expires, line"

LAST_HOUR: Setting[int] = Setting("published_hour", int, 0)
"""The full hour (Unix seconds // 3600) of the last publication of everything."""
EPOCH_RAISED_AT: Setting[int] = Setting("epoch_raised_at", int, 0)
"""Unix seconds of the last time an epoch was raised by itself; 0: never."""

UNWRITABLE: Setting[list[str]] = Setting("published_unwritable", list, [])
"""Needs (and offers) that should be out and of which no line can be made that others could read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRow:
    """One public id. ``kind`` is summary or withdrawal; ``content`` the JSON of what a summary says (or
    said).
    """

    public_id: str
    need_id: str
    set_name: str
    kind: str
    content: str
    epoch: int
    seq: int
    expires: date
    max_expires: date
    """The latest day ever published for this id: when it is forgotten everywhere."""
    line: bytes

    def planned(self) -> Out:
        """As far as planning the next slot needs it. What cannot be read back here is as if it said nothing, so it is
        said anew, or withdrawn."""
        try:
            content = Content.from_json(self.content) if self.kind == "summary" else None
        except (ValueError, TypeError, KeyError):
            content = None
        return Out(
            public_id=self.public_id,
            need_id=self.need_id,
            set_name=self.set_name,
            kind=self.kind,
            content=content,
            expires=self.expires,
            max_expires=self.max_expires,
        )


async def position(tx: Tx) -> tuple[int, int] | None:
    """(epoch, seq) of the last line signed; None before the first."""
    rows = list(await tx.execute_fetchall("SELECT epoch, seq FROM own_position WHERE id = 1"))
    return (rows[0]["epoch"], rows[0]["seq"]) if rows else None


async def set_position(tx: Tx, epoch: int, seq: int) -> None:
    """Notes the last line signed; in the same transaction as that line."""
    await tx.execute(
        "INSERT INTO own_position(id, epoch, seq) VALUES(1, ?, ?)"
        " ON CONFLICT(id) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq",
        (epoch, seq),
    )


async def put(tx: Tx, row: PublishedRow) -> None:
    """Stores what is out under an id, in place of what was."""
    marks = ", ".join("?" for _ in _COLUMNS.split(","))
    await tx.execute(
        f"INSERT OR REPLACE INTO published({_COLUMNS}) VALUES({marks})",
        (
            row.public_id,
            row.need_id,
            row.set_name,
            row.kind,
            row.content,
            row.epoch,
            row.seq,
            row.expires.isoformat(),
            row.max_expires.isoformat(),
            row.line,
        ),
    )


async def delete(tx: Tx, public_id: str) -> None:
    """Forgets an id that nobody counts any more."""
    await tx.execute("DELETE FROM published WHERE public_id = ?", (public_id,))


async def delete_all(tx: Tx) -> None:
    """Forgets everything: a new epoch begins, in which nothing of the old one counts."""
    await tx.execute("DELETE FROM published")
    await tx.execute("DELETE FROM own_lines WHERE name != 'keys'")


async def all_of(tx: Tx) -> Sequence[PublishedRow]:
    """Everything that is out, withdrawals too, by id."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM published ORDER BY public_id")
    return [_row(row) for row in rows]


async def get(tx: Tx, public_id: str) -> PublishedRow | None:
    """What stands under a public id of ours: a summary, or its withdrawal until nobody counts that any more."""
    rows = await tx.execute_fetchall(f"SELECT {_COLUMNS} FROM published WHERE public_id = ?", (public_id,))
    return next((_row(row) for row in rows), None)


async def needs_of(tx: Tx, public_ids: Sequence[str]) -> dict[str, NeedId]:
    """Of these public ids of ours, the need that each stands for: of a summary, or its withdrawal."""
    rows = await tx.execute_fetchall(
        "SELECT public_id, need_id FROM published WHERE public_id IN (SELECT value FROM json_each(?))",
        (json.dumps(public_ids),),
    )
    return {row[0]: NeedId(row[1]) for row in rows}


@kept
async def of_need(tx: Tx, need_id: str) -> PublishedRow | None:
    """The summary that is out for a need, or None."""
    rows = await tx.execute_fetchall(
        f"SELECT {_COLUMNS} FROM published WHERE need_id = ? AND kind = 'summary'", (need_id,)
    )
    return next((_row(row) for row in rows), None)


async def lines_above(tx: Tx, epoch: int, seq: int) -> Sequence[bytes]:
    """The lines of all registers signed after a position, oldest first."""
    rows = await tx.execute_fetchall(
        "SELECT line FROM published WHERE (epoch, seq) > (?, ?) ORDER BY epoch, seq", (epoch, seq)
    )
    return [row["line"] for row in rows]


async def live_by_set(tx: Tx) -> dict[str, int]:
    """How many summaries are out in each set."""
    rows = await tx.execute_fetchall(
        "SELECT set_name, COUNT(*) AS live FROM published WHERE kind = 'summary' GROUP BY set_name"
    )
    return {"public": 0, "peers": 0} | {row["set_name"]: row["live"] for row in rows}


async def agreed_needs(tx: Tx) -> set[str]:
    """Needs whose owner's latest answer to "may other groups see it" is yes."""
    rows = await tx.execute_fetchall(
        "SELECT need_id FROM consents c WHERE purpose = ? AND answer = 1 AND need_id IS NOT NULL AND id ="
        " (SELECT MAX(id) FROM consents l WHERE l.need_id = c.need_id AND l.purpose = c.purpose)",
        (Purpose.GROUPS_SEE,),
    )
    return {row["need_id"] for row in rows}


def _row(row: Any) -> PublishedRow:
    return PublishedRow(
        public_id=row["public_id"],
        need_id=row["need_id"],
        set_name=row["set_name"],
        kind=row["kind"],
        content=row["content"],
        epoch=row["epoch"],
        seq=row["seq"],
        expires=date.fromisoformat(row["expires"]),
        max_expires=date.fromisoformat(row["max_expires"]),
        line=row["line"],
    )
