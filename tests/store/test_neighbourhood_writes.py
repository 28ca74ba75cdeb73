"""The neighbourhood store's one writer: cancelled at any moment it goes on; a full disk is told as such."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from federation.store import StoreFull
from federation.store.database import Database, Tx


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


@pytest.mark.parametrize("steps", range(6))
async def test_a_trip_that_is_cancelled_is_over_before_anybody_else_writes(
    tmp_path: Path, steps: int
) -> None:
    db = await Database.open(tmp_path / "neighbourhood.db")

    async def both(tx: Tx) -> None:
        await tx.execute("INSERT INTO meta (name, value) VALUES ('one', 'done')")
        await tx.execute("INSERT INTO meta (name, value) VALUES ('other', 'done')")

    try:
        task = asyncio.create_task(db.write_in_one_trip(both))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        writes = db.writes
        found = await db.read_in_one_trip(_names)
        await asyncio.sleep(0)
        assert found in ([], ["one", "other"])
        assert (found, writes) == (await db.read_in_one_trip(_names), db.writes), (
            "something was written later"
        )
    finally:
        await db.close()


async def _names(tx: Tx) -> list[str]:
    rows = await tx.execute_fetchall("SELECT name FROM meta WHERE name IN ('one', 'other') ORDER BY name")
    return [row[0] for row in rows]


async def test_a_trip_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "neighbourhood.db")

    async def twice(tx: Tx) -> None:
        await tx.execute("INSERT INTO meta (name, value) VALUES ('one', 'done')")
        await tx.execute("INSERT INTO meta (name, value) VALUES ('one', 'again')")

    async def elsewhere(tx: Tx) -> None:
        await tx.execute("INSERT INTO meta (name, value) VALUES ('one', 'done')")
        await asyncio.sleep(0)

    try:
        with pytest.raises(sqlite3.IntegrityError):
            await db.write_in_one_trip(twice)
        with pytest.raises(RuntimeError, match="waits for something else"):
            await db.write_in_one_trip(elsewhere)
        assert await db.read_in_one_trip(_names) == []
        await db.write_in_one_trip(
            lambda tx: tx.execute("INSERT INTO meta (name, value) VALUES ('one', 'done')")
        )
        assert await db.read_in_one_trip(_names) == ["one"]
    finally:
        await db.close()


async def too_much(db: Database) -> None:
    """More than the file has room for."""
    async with db.write() as tx:
        await _too_much(tx)


async def _too_much(tx: Tx) -> None:
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
        with pytest.raises(StoreFull):
            await db.write_in_one_trip(_too_much)
        async with db.read() as tx:
            rows = await tx.execute_fetchall("SELECT count(*) FROM meta WHERE name = 'before'")
        assert next(iter(rows))[0] == 1
    finally:
        await db.close()
