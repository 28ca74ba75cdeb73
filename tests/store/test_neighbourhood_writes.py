"""The neighbourhood store's one writer: cancelled at any moment it goes on; a full disk is told as such."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from federation.store import StoreFull
from federation.store.database import Database


@pytest.mark.parametrize("steps", range(12))
async def test_a_write_that_is_cancelled_leaves_the_writer_free(tmp_path: Path, steps: int) -> None:
    db = await Database.open(tmp_path / "neighbourhood.db")

    async def write() -> None:
        async with db.write() as tx:
            await tx.execute("INSERT INTO meta (name, value) VALUES ('half', 'done')")
            await tx.execute("INSERT INTO meta (name, value) VALUES ('half', 'again')")

    try:
        task = asyncio.create_task(write())
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, sqlite3.IntegrityError):
            await task
        async with db.write() as tx:
            await tx.execute("INSERT INTO meta (name, value) VALUES ('next', 'done')")
        async with db.read() as tx:
            rows = await tx.execute_fetchall("SELECT name FROM meta WHERE name IN ('half', 'next')")
        assert [row[0] for row in rows] == ["next"]
    finally:
        await db.close()


async def too_much(db: Database) -> None:
    """More than the file has room for."""
    async with db.write() as tx:
        for number in range(1000):
            await tx.execute("INSERT INTO meta (name, value) VALUES (?, ?)", (str(number), "x" * 500))


async def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "neighbourhood.db")
    try:
        async with db.write() as tx:
            await tx.execute("INSERT INTO meta (name, value) VALUES ('before', 'x')")
            pages = next(iter(await tx.execute_fetchall("PRAGMA page_count")))[0]
            await tx.execute(f"PRAGMA max_page_count = {pages}")  # SQLite's own way to say: no room
        with pytest.raises(StoreFull):
            await too_much(db)
        async with db.read() as tx:
            rows = await tx.execute_fetchall("SELECT count(*) FROM meta WHERE name = 'before'")
        assert next(iter(rows))[0] == 1
    finally:
        await db.close()
