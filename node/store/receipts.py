"""Receipts: ids, days and states clear; amounts, numbers and notes sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from node.domain.ids import NeedId, PersonId
from node.domain.rounds.receipt import How, Receipt, ReceiptState
from node.store.db import Tx, kept

_COLUMNS = "id, person_id, need_id, day, state, how, settled_day, settled_by, by_actor, at"
_ALL = f"{_COLUMNS}, sealed, note_sealed"


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt with its sealed parts."""

    receipt: Receipt
    sealed: bytes
    note_sealed: bytes | None


async def insert(tx: Tx, row: ReceiptRow) -> None:
    """A new one."""
    await tx.execute(
        f"INSERT INTO receipts({_ALL}) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*_values(row.receipt), row.sealed, row.note_sealed),
    )


async def update(tx: Tx, receipt: Receipt) -> None:
    """Its state, and how and by whom it was settled."""
    await tx.execute(
        "UPDATE receipts SET state = ?, how = ?, settled_day = ?, settled_by = ? WHERE id = ?",
        (
            receipt.state,
            receipt.how,
            receipt.settled_day.isoformat() if receipt.settled_day else None,
            receipt.settled_by,
            receipt.id,
        ),
    )


async def get(tx: Tx, receipt_id: str) -> ReceiptRow | None:
    """One, or None."""
    found = await _select(tx, "id = ?", receipt_id)
    return found[0] if found else None


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[ReceiptRow]:
    """What was laid out for one need, oldest first."""
    return await _select(tx, "need_id = ? ORDER BY at, id", need_id)


async def of_person(tx: Tx, person_id: str) -> Sequence[ReceiptRow]:
    """What she laid out."""
    return await _select(tx, "person_id = ?", person_id)


async def since(tx: Tx, day: date) -> Sequence[ReceiptRow]:
    """Everything that waits, and what is dated that day or later; the oldest first."""
    return await _select(tx, "state = 'claimed' OR day >= ? ORDER BY day, at, id", day.isoformat())


async def between(tx: Tx, first: date, last: date) -> list[tuple[str, bytes]]:
    """Id and sealed amount of what was laid out on these days, both in it; nothing that was for practice."""
    rows = await tx.execute_fetchall(
        "SELECT id, sealed FROM receipts r WHERE day BETWEEN ? AND ? "
        "AND NOT EXISTS(SELECT 1 FROM needs n WHERE n.id = r.need_id AND n.practice = 1)",
        (first.isoformat(), last.isoformat()),
    )
    return [(row[0], row[1]) for row in rows]


async def erase_notes_of_need(tx: Tx, need_id: str) -> None:
    """For erasure: words may name whoever asked; day, state and amount stay in the books."""
    await tx.execute("UPDATE receipts SET note_sealed = NULL WHERE need_id = ?", (need_id,))


async def erase_notes_of_person(tx: Tx, person_id: str) -> None:
    """The same for whoever laid it out."""
    await tx.execute("UPDATE receipts SET note_sealed = NULL WHERE person_id = ?", (person_id,))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[ReceiptRow]:
    async with tx.execute(f"SELECT {_ALL} FROM receipts WHERE {condition}", values) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


def _values(receipt: Receipt) -> tuple[Any, ...]:
    return (
        receipt.id,
        receipt.person_id,
        receipt.need_id,
        receipt.day.isoformat(),
        receipt.state,
        receipt.how,
        receipt.settled_day.isoformat() if receipt.settled_day else None,
        receipt.settled_by,
        receipt.by_actor,
        receipt.at,
    )


def _row(row: Any) -> ReceiptRow:
    return ReceiptRow(
        Receipt(
            id=row["id"],
            person_id=PersonId(row["person_id"]) if row["person_id"] else None,
            need_id=NeedId(row["need_id"]) if row["need_id"] else None,
            day=date.fromisoformat(row["day"]),
            state=ReceiptState(row["state"]),
            how=How(row["how"]) if row["how"] else None,
            settled_day=date.fromisoformat(row["settled_day"]) if row["settled_day"] else None,
            settled_by=row["settled_by"],
            by_actor=row["by_actor"],
            at=row["at"],
        ),
        row["sealed"],
        row["note_sealed"],
    )
