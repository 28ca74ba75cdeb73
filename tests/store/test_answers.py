"""What is kept of a file's answers is never older than the file: whoever writes, and whoever looks meanwhile."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from node.store import connection
from node.store.answers import Answers, Held
from node.store.db import kept

SETTINGS, ERASURES = "SELECT key FROM settings ORDER BY key", "SELECT count(*) FROM erasures"
PUT = "INSERT INTO settings(key, value) VALUES (?, '1')"
ERASE = "INSERT INTO erasures VALUES (?, 'person', 1)"


@pytest.fixture
def asked(monkeypatch):
    """Every statement that SQLite was really asked."""
    statements = []
    ask = connection.Connection._ask

    def noted(self, whole, sql, parameters):
        statements.append(sql)
        return ask(self, whole, sql, parameters)

    monkeypatch.setattr(connection.Connection, "_ask", noted)
    return statements


async def told(database, sql=SETTINGS, parameters=()):
    """What a page of its own is told."""
    async with database.one_view(), database.read() as tx:
        return [tuple(row) for row in await tx.execute_fetchall(sql, parameters)]


async def put(database, *keys, statement=PUT):
    async with database.write() as tx:
        for key in keys:
            await tx.execute(statement, (key,))


async def test_a_page_is_told_what_the_one_before_was_until_its_table_is_written_in(db, asked):
    for _ in range(3):
        assert await told(db) == []
        assert await told(db, ERASURES) == [(0,)]
    assert asked == [SETTINGS, ERASURES]
    await put(db, "a", statement=ERASE)
    assert await told(db) == []
    assert await told(db, ERASURES) == [(1,)]
    assert asked == [SETTINGS, ERASURES, "BEGIN IMMEDIATE", ERASE, ERASURES]


async def test_other_values_are_another_question(db, asked):
    await put(db, "a", "b")
    one, named = "SELECT key FROM settings WHERE key = ?", "SELECT key FROM settings WHERE key = :key"
    for _ in range(2):
        for key in ("a", "b"):
            assert await told(db, one, (key,)) == [(key,)]
            assert await told(db, named, {"key": key}) == [(key,)]
    assert asked.count(one) == asked.count(named) == 2


WAYS = {
    "one statement after the other": lambda tx: tx.execute(PUT, ("a",)),
    "many at once": lambda tx: tx.executemany(PUT, [("a",)]),
    "past the connection's own way": lambda tx: tx.executescript("INSERT INTO settings VALUES ('a', '1')"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_however_our_writer_writes_the_next_page_shows_it(db, way):
    for prepared_before in (False, True):
        assert await told(db) == []
        if way == "past the connection's own way":  # a script commits: it begins no write of its own
            async with db.write() as tx:
                await WAYS[way](tx)
                await tx.execute("BEGIN IMMEDIATE")
        else:
            async with db.write() as tx:
                await WAYS[way](tx)
        assert await told(db) == [("a",)], prepared_before
        async with db.write() as tx:
            await tx.execute("DELETE FROM settings")


async def test_a_write_in_one_trip_shows(db):
    assert await told(db) == []
    await db.write_in_one_trip(lambda tx: _put(tx, "a"))
    assert await told(db) == [("a",)]


async def _put(tx, key):
    await tx.execute(PUT, (key,))


async def test_what_falls_with_another_row_shows(db):
    async with db.write() as tx:
        await tx.execute("CREATE TABLE parents(id TEXT PRIMARY KEY)")
        await tx.execute("CREATE TABLE children(parent TEXT REFERENCES parents(id) ON DELETE CASCADE)")
        await tx.execute("INSERT INTO parents VALUES ('p')")
        await tx.execute("INSERT INTO children VALUES ('p')")
    assert await told(db, "SELECT * FROM children") == [("p",)]
    await put(db, "p", statement="DELETE FROM parents WHERE id = ?")
    assert await told(db, "SELECT * FROM children") == []


async def test_what_was_undone_or_failed_shows_nothing_of_it(db):
    assert await told(db) == []

    async def undone():
        async with db.write() as tx:
            await tx.execute(PUT, ("a",))
            assert await told_elsewhere(db) == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await told(db) == []
    with pytest.raises(sqlite3.IntegrityError):
        await put(db, "a", "a")
    assert await told(db) == []


async def told_elsewhere(database):
    return await asyncio.create_task(told(database))


async def test_a_page_in_the_middle_of_a_write_keeps_nothing_for_the_one_after_it(db):
    async with db.write() as tx:
        await tx.execute(PUT, ("a",))
        assert await told_elsewhere(db) == []
    assert await told(db) == [("a",)]


async def test_an_older_page_keeps_nothing_for_a_newer_one_nor_is_told_what_that_was(db):
    await put(db, "a")
    async with db.one_view():
        await put(db, "b")
        assert await told_elsewhere(db) == [("a",), ("b",)]
        async with db.read() as tx:  # its view was begun before, though it asks only now
            assert [row[0] for row in await tx.execute_fetchall(SETTINGS)] == ["a"]
        assert await told_elsewhere(db) == [("a",), ("b",)]
    assert await told(db) == [("a",), ("b",)]


async def test_what_another_process_writes_shows_at_once(db):
    assert await told(db) == []
    with closing(sqlite3.connect(db.path)) as another:
        for key in ("a", "b"):
            another.execute(PUT, (key,))
            another.commit()
            assert (key,) in await told(db)
        another.execute(PUT, ("c",))
        another.commit()
        await put(db, "x", statement=ERASE)  # ours, before anybody looked
        assert await told(db) == [("a",), ("b",), ("c",)]


async def test_what_depends_on_more_than_the_file_is_asked_each_time(db, asked):
    for sql in (
        "SELECT count(*), datetime('now') FROM settings",
        "SELECT count(*), random() FROM settings",
        "SELECT 1",
    ):
        await told(db, sql)
        await told(db, sql)
        assert asked.count(sql) == 2, sql


async def test_when_the_records_are_closed_all_of_it_is_let_go_of(db, asked):
    await told(db)
    async with db.one_view():
        db.let_go()
        async with db.read() as tx:  # nor does a page under way keep anything any more
            await tx.execute_fetchall(SETTINGS)
    await told(db)
    assert asked == [SETTINGS, SETTINGS, SETTINGS]


async def test_what_was_made_is_made_anew_when_something_that_it_was_made_of_is_written(db):
    calls = []

    @kept
    async def inner(tx):
        calls.append("inner")
        return tuple(row[0] for row in await tx.execute_fetchall(SETTINGS))

    @kept
    async def outer(tx, extra=0):
        calls.append("outer")
        [count] = await tx.execute_fetchall(ERASURES)
        return count[0] + extra, await inner(tx)

    async def page():
        calls.clear()
        async with db.one_view(), db.read() as tx:
            await tx.execute_fetchall(SETTINGS)  # asked before it was made: it is of that table all the same
            first = await outer(tx)
            assert await outer(tx) is first
            return first, list(calls)

    assert await page() == ((0, ()), ["outer", "inner"])
    assert await page() == ((0, ()), [])
    await put(db, "a")
    assert await page() == ((0, ("a",)), ["outer", "inner"])
    await put(db, "p", statement=ERASE)
    assert await page() == ((1, ("a",)), ["outer"])
    async with db.one_view(), db.read() as tx:
        assert await outer(tx, 5) == await outer(tx, extra=5) == (6, ("a",)), (
            "other arguments are another question"
        )
    async with db.read() as tx:  # no page of many parts: made each time
        calls.clear()
        assert await outer(tx) == (1, ("a",))
    assert calls == ["outer", "inner"]


async def test_what_could_not_be_made_is_not_kept(db):
    @kept
    async def failing(tx):
        await tx.execute_fetchall(SETTINGS)
        raise ZeroDivisionError

    async with db.one_view(), db.read() as tx:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                await failing(tx)


def test_no_more_is_kept_than_there_is_room_for():
    answers = Answers()
    for number in range(Answers.MOST + 5):
        answers.keep(number, Held(number, frozenset({"needs"}), answers.moment))
    assert len(answers._kept) == Answers.MOST == len(answers._of["needs"])
    assert answers.get(4, answers.moment) is None
    assert answers.get(5, answers.moment).value == 5
