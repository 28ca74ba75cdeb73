"""The erasure ledger: random ids of what was erased, so that a restored backup erases it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from node.store.db import Tx

PERSON: Final = "person"
NEED: Final = "need"
"""What was said about one request; its states and days stay. Of somebody who was erased, hers stands for it."""
GIFT: Final = "gift"
INCIDENT: Final = "incident"
"""A report about safety that whoever could read it removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was erased (``kind``: one of these) and when (Unix seconds)."""

    id: str
    kind: str
    at: int


async def add(tx: Tx, erasure: Erasure) -> None:
    """Adds one; the same id twice keeps the first."""
    await tx.execute(
        "INSERT INTO erasures(id, kind, at) VALUES(?, ?, ?) ON CONFLICT(id) DO NOTHING",
        (erasure.id, erasure.kind, erasure.at),
    )


async def all_of_them(tx: Tx) -> Sequence[Erasure]:
    """The whole ledger, oldest first."""
    async with tx.execute("SELECT id, kind, at FROM erasures ORDER BY at, id") as cursor:
        return [Erasure(id=row["id"], kind=row["kind"], at=row["at"]) for row in await cursor.fetchall()]


async def number(tx: Tx) -> int:
    """How many there are."""
    [row] = await tx.execute_fetchall("SELECT count(*) FROM erasures")
    return int(row[0])
