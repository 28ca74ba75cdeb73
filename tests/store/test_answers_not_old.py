"""Ways in which what is kept of a file's answers could be older than the file, or stay when it is over."""

import asyncio
import json
import sqlite3

import pytest

from node.store.answers import Answers, Held
from node.store.connection import Connection
from node.store.db import Database, kept
from tests.store.test_answers import ERASE, ERASURES, PUT, SETTINGS, put, told

NUMBER = "SELECT count(*) FROM settings"


async def made(database, make):
    """What a page of its own is given of something that is kept."""
    async with database.one_view(), database.read() as tx:
        return await make(tx)


async def test_what_is_made_of_something_that_failed_is_made_anew_when_that_may_not_fail_any_more(db):
    @kept
    async def first(tx):
        for row in await tx.execute_fetchall(SETTINGS):
            return row[0]
        raise LookupError

    @kept
    async def first_or_none(tx):
        await tx.execute_fetchall(ERASURES)
        try:
            return await first(tx)
        except LookupError:
            return None

    assert await made(db, first_or_none) is None
    await put(db, "a")
    assert await made(db, first_or_none) == "a"


async def test_of_two_things_that_are_made_at_once_in_one_view_each_is_made_anew(db):
    begun = asyncio.Event()

    @kept
    async def keys(tx):
        rows = await tx.execute_fetchall(SETTINGS)
        await begun.wait()
        return [row[0] for row in rows]

    @kept
    async def erased(tx):
        [[count]] = await tx.execute_fetchall(ERASURES)
        begun.set()
        for _ in range(5):
            await asyncio.sleep(0)
        return count

    @kept
    async def both(tx):
        begun.clear()
        return await asyncio.gather(keys(tx), erased(tx))

    assert await made(db, both) == [[], 0]
    await put(db, "a")
    assert await made(db, both) == [["a"], 0]
    await put(db, "x", statement=ERASE)
    assert await made(db, both) == [["a"], 1]


async def test_what_a_script_wrote_is_not_taken_for_the_next_statement_s(db):
    async with db.write() as tx:
        await tx.executemany(ERASE, [("y",)])
    assert await told(db) == []
    async with db.write() as tx:
        await tx.executescript("INSERT INTO settings VALUES ('a', '1')")
        await tx.executemany(ERASE, [("x",)])
    assert await told(db) == [("a",)]
    async with db.write() as tx:
        await tx.executescript("INSERT INTO settings VALUES ('b', '1')")
        await tx.execute(ERASE, ("z",))
    assert await told(db) == [("a",), ("b",)]


async def test_nor_what_a_statement_wrote_whose_last_rows_came_later(db):
    await put(db, "y", statement=ERASE)
    assert await told(db, NUMBER) == [(0,)]
    many = json.dumps([f"k{number}" for number in range(900)])
    async with db.write() as tx:
        rows = await tx.execute(
            "INSERT INTO settings SELECT value, '1' FROM json_each(?) RETURNING key", (many,)
        )
        assert len(list(await rows.fetchall())) == 900
        await tx.execute(ERASE, ("x",))
    assert await told(db, NUMBER) == [(900,)]


async def test_rows_that_nobody_waited_for_do_not_hold_the_next_page_to_their_moment(db):
    async with db.write() as tx:
        await tx.executemany(PUT, [(f"k{number}",) for number in range(900)])

    async def keys(tx):
        async with tx.execute(SETTINGS) as rows:
            async for row in rows:
                yield row

    async with db.read() as tx:
        asked = keys(tx)
        await anext(asked)
    await put(db, "z")
    for _ in range(2):
        assert await told(db, NUMBER) == [(901,)]
    await asked.aclose()
    assert await told(db, NUMBER) == [(901,)]


async def test_a_page_that_could_not_be_begun_leaves_no_view_behind(db, monkeypatch):
    def broken(_):
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "others", broken)
        with pytest.raises(sqlite3.OperationalError):
            await told(db)
    for key in ("a", "b"):
        async with db.read() as tx:
            before = len(list(await tx.execute_fetchall(SETTINGS)))
        await put(db, key)
        async with db.read() as tx:
            assert len(list(await tx.execute_fetchall(SETTINGS))) == before + 1


async def test_a_table_is_the_same_however_it_is_written(db):
    for number, name in enumerate(("Settings", '"SETTINGS"', "main.settings")):
        assert await told(db, f"SELECT count(*) FROM {name}") == [(number,)]
        await put(db, name)
        assert await told(db, f"SELECT count(*) FROM {name}") == [(number + 1,)]


@pytest.mark.parametrize(
    "moment", ["date()", "datetime( )", "unixepoch()", "strftime('%s')", 'julianday("now")', "time('now')"]
)
async def test_what_says_the_time_in_other_ways_is_asked_each_time(db, moment):
    await told(db, f"SELECT count(*), {moment} FROM settings")
    assert not db._answers._kept
    await told(db, "SELECT count(*), date('2026-05-04'), strftime('%s', '2026-05-04') FROM settings")
    assert db._answers._kept


async def test_what_a_statement_has_to_do_with_from_now_on_counts_from_now_on(db):
    await put(db, "1", statement=ERASE)
    async with db.write() as tx:
        await tx.execute(
            "CREATE TRIGGER also AFTER INSERT ON erasures BEGIN INSERT INTO settings VALUES (new.id, '1'); END"
        )
    assert await told(db) == []
    await put(db, "2", statement=ERASE)
    assert await told(db) == [("2",)]


async def test_what_falls_or_changes_with_a_row_that_is_replaced_shows(db):
    async with db.write() as tx:
        await tx.execute("CREATE TABLE one(id TEXT PRIMARY KEY, name TEXT UNIQUE) WITHOUT ROWID")
        await tx.execute("CREATE TABLE falls(one TEXT REFERENCES one(id) ON DELETE CASCADE)")
        await tx.execute("CREATE TABLE stays(one TEXT REFERENCES one(id) ON DELETE SET NULL)")
        await tx.execute("CREATE TABLE fell(one TEXT)")
        await tx.execute(
            "CREATE TRIGGER falling AFTER DELETE ON falls BEGIN INSERT INTO fell VALUES (old.one); END"
        )
        for statement in (
            "one VALUES ('p', 'name')",
            "falls VALUES ('p')",
            "stays VALUES ('p')",
        ):
            await tx.execute(f"INSERT INTO {statement}")
    asked = [f"SELECT * FROM {table}" for table in ("one", "falls", "stays", "fell")]
    assert [await told(db, sql) for sql in asked] == [[("p", "name")], [("p",)], [("p",)], []]
    async with db.write() as tx:
        await tx.execute("REPLACE INTO one VALUES ('q', 'name')")
    assert [await told(db, sql) for sql in asked] == [[("q", "name")], [], [(None,)], [("p",)]]


async def test_what_another_writes_just_before_or_after_a_page_is_begun_shows(db, monkeypatch):
    settle = Connection.settle
    other = await Database.open(db.path)
    writer = sqlite3.connect(db.path)

    def begun_before(reader):
        settle(reader)
        writer.execute(PUT, ("a",))
        writer.commit()

    def begun_after(reader):
        writer.execute(PUT, ("b",))
        writer.commit()
        settle(reader)

    assert await told(db) == []
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "settle", begun_before)
        assert await told(db) == []
    assert await told(db) == [("a",)]
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "settle", begun_after)
        assert await told(db) == [("a",), ("b",)]
    writer.close()
    await put(other, "c")
    await other.fold()
    await put(db, "x", statement=ERASE)
    await other.close()
    assert await told(db) == [("a",), ("b",), ("c",)]


async def test_what_was_erased_while_an_older_page_looked_stays_in_no_memory(db):
    await put(db, "a")
    async with db.one_view():
        async with db.write() as tx:
            await tx.execute("DELETE FROM settings")
        async with db.read() as tx:
            assert len(list(await tx.execute_fetchall(SETTINGS))) == 1
    assert not db._answers._kept


async def test_however_many_statements_there_are_each_write_is_noticed(db, monkeypatch):
    monkeypatch.setattr("node.store.answers._MOST_STATEMENTS", 3)
    for number in range(8):
        await told(db, f"SELECT count(*) + {number} FROM erasures")
        await put(db, f"e{number}", statement=f"INSERT INTO erasures VALUES (?, 'person', {number})")
        await put(db, f"k{number}")
        assert len(await told(db)) == number + 1
        assert await told(db, ERASURES) == [(number + 1,)]


def test_no_more_rows_are_kept_than_there_is_room_for():
    answers = Answers()
    each = Answers.MOST_ROWS // 4
    for number in range(6):
        answers.keep(number, Held([0] * each, frozenset({"needs"}), answers.moment))
    answers.keep(6, Held([0] * (Answers.MOST_ROWS + 1), frozenset({"needs"}), answers.moment))
    assert list(answers._kept) == [2, 3, 4, 5]
    assert answers._rows == 4 * each
    answers.touched(frozenset({"needs"}))
    answers.settled()
    assert (answers._rows, answers._kept) == (0, {})
