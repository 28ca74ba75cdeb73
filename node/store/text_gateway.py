"""What carries the group's text messages: one row; its address and its secrets sealed."""

from dataclasses import dataclass

from node.domain.notices.gateway import GatewayKind
from node.store.db import Tx

ROW = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRow:
    """One row."""

    kind: GatewayKind
    answers: bool
    inbound_hash: bytes
    """Of the secret in the address that answers are sent to."""
    sealed: bytes


async def get(tx: Tx) -> GatewayRow | None:
    """None where none is set."""
    async with tx.execute(
        "SELECT kind, answers, inbound_hash, sealed FROM text_gateway WHERE id = ?", (ROW,)
    ) as cursor:
        row = await cursor.fetchone()
    if row is None:
        return None
    return GatewayRow(
        kind=GatewayKind(row["kind"]),
        answers=bool(row["answers"]),
        inbound_hash=row["inbound_hash"],
        sealed=row["sealed"],
    )


async def put(tx: Tx, row: GatewayRow) -> None:
    """In place of the one before."""
    await tx.execute(
        "INSERT OR REPLACE INTO text_gateway(id, kind, answers, inbound_hash, sealed) VALUES(?, ?, ?, ?, ?)",
        (ROW, row.kind, int(row.answers), row.inbound_hash, row.sealed),
    )


async def take_out(tx: Tx) -> bool:
    """No texts go any more. Whether one was set."""
    return (await tx.execute("DELETE FROM text_gateway")).rowcount == 1
