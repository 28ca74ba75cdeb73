"""Our own signed lines that are one of a kind: ``keys``, ``profile``, ``head:public``, ``head:peers``."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.store.db import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One line as it was signed. For ``keys`` the epoch is its floor and the seq its rev."""

    name: str
    epoch: int
    seq: int
    line: bytes


async def put(tx: Tx, row: OwnLine) -> None:
    """Stores the line in place of the one of that name before."""
    await tx.execute(
        "INSERT INTO own_lines(name, epoch, seq, line) VALUES (?,?,?,?) ON CONFLICT(name) DO UPDATE SET"
        " epoch = excluded.epoch, seq = excluded.seq, line = excluded.line",
        (row.name, row.epoch, row.seq, row.line),
    )


async def get(tx: Tx, name: str) -> OwnLine | None:
    """The line of that name, or None."""
    for row in await tx.execute_fetchall(
        "SELECT name, epoch, seq, line FROM own_lines WHERE name = ?", (name,)
    ):
        return OwnLine(name=row["name"], epoch=row["epoch"], seq=row["seq"], line=row["line"])
    return None


async def all_of(tx: Tx) -> Sequence[OwnLine]:
    """Every line, by name."""
    rows = await tx.execute_fetchall("SELECT name, epoch, seq, line FROM own_lines ORDER BY name")
    return [OwnLine(name=row["name"], epoch=row["epoch"], seq=row["seq"], line=row["line"]) for row in rows]
