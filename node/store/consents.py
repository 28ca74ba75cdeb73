"""Recorded answers: which words, when, by whom. The latest answer for a purpose counts."""

from collections.abc import Sequence

from node.domain.consents import Consent, Purpose
from node.store.db import Tx


async def add(
    tx: Tx, consent: Consent, *, person_id: str | None, need_id: str | None, note_sealed: bytes | None = None
) -> None:
    """Adds an answer, about one need or about the person as such; nothing is ever overwritten."""
    await tx.execute(
        "INSERT INTO consents(person_id, need_id, purpose, answer, wording, at, by_actor, note_sealed) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person_id,
            need_id,
            consent.purpose,
            int(consent.answer),
            consent.wording,
            consent.at,
            consent.by_actor,
            note_sealed,
        ),
    )


async def of_need(tx: Tx, need_id: str) -> Sequence[Consent]:
    """All answers about one need, oldest first."""
    return await _select(tx, "need_id = ?", need_id)


async def of_person(tx: Tx, person_id: str) -> Sequence[Consent]:
    """All answers of one person, about whatever need, oldest first."""
    return await _select(tx, "person_id = ?", person_id)


async def answer(tx: Tx, need_id: str, purpose: Purpose) -> bool:
    """The latest answer for that need; unknown counts as no."""
    async with tx.execute(
        "SELECT answer FROM consents WHERE need_id = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
        (need_id, purpose),
    ) as cursor:
        row = await cursor.fetchone()
    return bool(row and row[0])


async def delete_of_need(tx: Tx, need_id: str) -> None:
    """Removes the answers of one need, for erasure."""
    await tx.execute("DELETE FROM consents WHERE need_id = ?", (need_id,))


async def _select(tx: Tx, condition: str, value: str) -> Sequence[Consent]:
    async with tx.execute(
        f"SELECT purpose, answer, wording, at, by_actor FROM consents WHERE {condition} ORDER BY id", (value,)
    ) as cursor:
        return [
            Consent(
                purpose=Purpose(row["purpose"]),
                answer=bool(row["answer"]),
                wording=row["wording"],
                at=row["at"],
                by_actor=row["by_actor"],
            )
            for row in await cursor.fetchall()
        ]
