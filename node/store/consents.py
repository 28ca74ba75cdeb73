"""Recorded answers: which words, when, by whom. The latest answer for a purpose counts."""

from collections.abc import Sequence
from datetime import date

from node.domain.consents import AS_CHOSEN, Consent, Purpose
from node.domain.ids import PersonId
from node.store.db import Tx, kept
from node.store.holds import HELD_WITH


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


@kept
async def of_need(tx: Tx, need_id: str) -> Sequence[Consent]:
    """All answers about one need, oldest first."""
    return await _select(tx, "need_id = ?", need_id)


async def of_person(tx: Tx, person_id: str) -> Sequence[Consent]:
    """All answers of one person, about whatever need, oldest first."""
    return await _select(tx, "person_id = ?", person_id)


@kept
async def answer(tx: Tx, need_id: str, purpose: Purpose) -> bool:
    """The latest answer for that need; unknown counts as no."""
    async with tx.execute(
        "SELECT answer FROM consents WHERE need_id = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
        (need_id, purpose),
    ) as cursor:
        row = await cursor.fetchone()
    return bool(row and row[0])


async def last_word(tx: Tx, person_id: str, purpose: Purpose) -> bool | None:
    """Her latest answer to that question, about whatever need; None: not asked."""
    async with tx.execute(
        "SELECT answer FROM consents WHERE person_id = ? AND purpose = ? ORDER BY id DESC LIMIT 1",
        (person_id, purpose),
    ) as cursor:
        row = await cursor.fetchone()
    return None if row is None else bool(row[0])


async def newest(tx: Tx) -> int:
    """The number of the latest answer of anybody; 0 for none."""
    rows = list(await tx.execute_fetchall("SELECT coalesce(max(id), 0) FROM consents"))
    return int(rows[0][0])


async def last_since(tx: Tx, person_id: str, purpose: Purpose, after: int, at: int) -> Consent | None:
    """Her latest answer to that question that came after the one of that number, or after ``at`` (Unix seconds): the
    numbers of answers that were erased are given again. None: she was not asked since."""
    found = await _select(
        tx,
        f"purpose = '{purpose.value}' AND (id > {int(after)} OR at > {int(at)}) AND person_id = ?",
        person_id,
    )
    return found[-1] if found else None


async def not_to_be_kept(tx: Tx, today: date) -> Sequence[tuple[PersonId, date]]:
    """(person, last day on which one of her needs was closed) of everybody who asked for help and whose last word
    on being kept was no: with every need closed, no volunteer, no organisation, not barred, on no list of calls, in no
    pair that both agreed to, with nothing on offer that stands, and nothing that repeats from ``today`` on: what was
    promised comes first. Oldest first.
    """
    async with tx.execute(
        # Whoever asked for another is told of that request, and kept as long as it is.
        "WITH n(person_id, state, closed_day) AS (SELECT person_id, state, closed_day FROM needs UNION ALL "
        "SELECT l.told_person, t.state, t.closed_day FROM asking_links l JOIN needs t ON t.id = l.need_id "
        "WHERE l.told_person IS NOT NULL) "
        "SELECT p.id, MAX(n.closed_day) AS last FROM persons p JOIN n ON n.person_id = p.id "
        "WHERE p.kind = 'person' AND p.state = 'active' AND p.peer IS NULL "
        "AND p.id NOT IN (SELECT person_id FROM volunteers) AND p.id NOT IN (SELECT person_id FROM holds) "
        f"AND p.id NOT IN (SELECT person_id FROM ({HELD_WITH})) "
        "AND p.id NOT IN (SELECT e.person_id FROM call_entries e JOIN call_lists l ON l.id = e.list_id "
        "     WHERE e.state <> 'off' AND l.state <> 'ended') "
        "AND (SELECT c.answer FROM consents c WHERE c.person_id = p.id AND c.purpose = ? "
        "     ORDER BY c.id DESC LIMIT 1) = 0 "
        "AND p.id NOT IN (SELECT s.person_id FROM series s WHERE s.state <> 'ended' "
        "     AND coalesce(s.last_day, ?) >= ?) "
        "AND NOT EXISTS(SELECT 1 FROM buddies b WHERE p.id IN (b.person_id, b.helper_id) AND b.state = 'agreed') "
        "AND p.id NOT IN (SELECT g.person_id FROM gifts g WHERE g.state NOT IN ('given','gone') AND g.until_day >= ?) "
        "GROUP BY p.id HAVING SUM(n.state != 'closed') = 0 AND COUNT(n.closed_day) = COUNT(*) ORDER BY last, p.id",
        (Purpose.KEEP_DETAILS, *[today.isoformat()] * 3),
    ) as cursor:
        return [(PersonId(row[0]), date.fromisoformat(row[1])) for row in await cursor.fetchall()]


async def stand_as_chosen(tx: Tx) -> int:
    """Whoever chose how she is written to, or that she is not, and has no answer about that: her choice stands as one,
    as with step 0117. For what an older export brought; how many."""
    cursor = await tx.execute(
        "INSERT INTO consents(person_id, purpose, answer, wording, at, by_actor) "
        "SELECT COALESCE(p.merged_into, p.id), ?, c.out = 0 AND c.way IS NOT 'phone', ?, c.changed_at, "
        "'volunteer:' || p.id FROM notice_choices c JOIN persons p ON p.id = c.person_id "
        "WHERE (c.out = 1 OR c.way IS NOT NULL) AND NOT EXISTS(SELECT 1 FROM consents s WHERE s.purpose = ? "
        "AND s.person_id = COALESCE(p.merged_into, p.id)) ORDER BY c.changed_at, p.id",
        (Purpose.MESSAGES, AS_CHOSEN, Purpose.MESSAGES),
    )
    return cursor.rowcount


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
