"""What is asked at every call, imported row and slot is found by an index: else a busy year makes each of them slow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.consents import Purpose
from node.store import assignments, audit, callers, consents, merges, needs, persons, published
from node.store.db import Database, Tx

QUESTIONS: dict[str, Callable[[Tx], Awaitable[object]]] = {
    "who agreed": published.agreed_needs,
    "what one owner said": lambda tx: consents.answer(tx, "n", Purpose.GROUPS_SEE),
    "all that a person said": lambda tx: consents.of_person(tx, "p"),
    "who is reached by a number": lambda tx: persons.with_phone(tx, b"hash"),
    "for whom a number rang": lambda tx: callers.asked_for(tx, b"hash", practice=False),
    "what a caller's number is still to be made of": lambda tx: callers.without_index(tx, 9),
    "who signed up and may be known": merges.unseen,
    "who has an address": lambda tx: persons.with_email(tx, b"hash"),
    "what a person asked for": lambda tx: needs.of_person(tx, "p"),
    "nine digits read out": lambda tx: needs.with_reference(tx, "123456789"),
    "who helps": lambda tx: assignments.of_need(tx, "n"),
    "a private link": lambda tx: assignments.with_link(tx, b"hash"),
    "what is out of a need": lambda tx: published.of_need(tx, "n"),
    "blanking notes": lambda tx: audit.erase_notes(tx, "need:n"),
}


@pytest_asyncio.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "group.db")
    yield database
    await database.close()


@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_whole_table_is_read_for_one_row(db: Database, question: str) -> None:
    asked: list[str] = []
    async with db.write() as tx:
        await tx.set_trace_callback(asked.append)
        await QUESTIONS[question](tx)
        await tx.set_trace_callback(None)  # type: ignore[arg-type]  # as sqlite3 takes it
        plans = [
            row["detail"]
            for statement in asked
            for row in await tx.execute_fetchall(f"EXPLAIN QUERY PLAN {statement}")
        ]
    # The answers themselves ("c") may be gone through once; for each of them nothing may be. SQLite calls it a
    # search too when it reads a table backwards for a greatest id.
    whole = [step for step in plans if step.startswith(("SCAN", "SEARCH")) and " USING " not in step]
    assert asked
    assert [step for step in whole if step != "SCAN c"] == []
