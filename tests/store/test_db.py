import asyncio
import json
import os
import sqlite3
import threading
from contextlib import closing

import pytest
import pytest_asyncio
from sqlite_utils import Migrations

from node.errors import DiskFull, Misconfigured, NotAllowed
from node.store import connection, files, migrations
from node.store import db as db_module
from node.store.ballast import Ballast
from node.store.connection import AT_ONCE
from node.store.db import Database, looking_only

PUT = "INSERT INTO settings(key, value) VALUES (?, '1')"


@pytest_asyncio.fixture
async def db(tmp_path):
    database = await Database.open(tmp_path / "group.db")
    yield database
    await database.close()


async def keys(database):
    async with database.read() as tx:
        return [row["key"] for row in await tx.execute_fetchall("SELECT key FROM settings ORDER BY key")]


async def test_the_settings_of_the_connections(db):
    wanted = {
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 10000,
        "synchronous": 2,
    }
    async with db.write() as tx:
        for name, value in wanted.items():
            assert (await tx.execute_fetchall(f"PRAGMA {name}"))[0][0] == value, name
        assert (await tx.execute_fetchall("PRAGMA journal_mode"))[0][0] == "wal"
    async with db.read() as tx:
        for name in ("foreign_keys", "secure_delete", "trusted_schema"):
            assert (await tx.execute_fetchall(f"PRAGMA {name}"))[0][0] == wanted[name], name


async def test_only_its_owner_can_read_the_file(db):
    assert os.stat(db.path).st_mode & 0o777 == 0o600


async def test_what_was_written_is_there_and_what_failed_is_not(db):
    async with db.write() as tx:
        await tx.execute(PUT, ("kept",))

    async def failing():
        async with db.write() as tx:
            await tx.execute(PUT, ("lost",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    assert await keys(db) == ["kept"]


async def test_a_reader_cannot_write(db):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        async with db.read() as tx:
            await tx.execute(PUT, ("x",))


async def test_a_reader_sees_one_unchanging_state(db):
    async with db.read() as tx:
        assert list(await tx.execute_fetchall("SELECT * FROM settings")) == []
        async with db.write() as writing:
            await writing.execute(PUT, ("new",))
        assert list(await tx.execute_fetchall("SELECT * FROM settings")) == []
    assert await keys(db) == ["new"]


async def test_many_writers_at_once_share_no_transaction(db):
    """Every other one fails after writing: none of theirs is kept, and none takes a neighbour's row with
    it."""

    async def one(number):
        async with db.write() as tx:
            await tx.execute(PUT, (f"{number:03}a",))
            await asyncio.sleep(0)
            await tx.execute(PUT, (f"{number:03}b",))
            if number % 2:
                raise ZeroDivisionError

    results = await asyncio.gather(*(one(n) for n in range(60)), return_exceptions=True)
    assert sum(isinstance(result, ZeroDivisionError) for result in results) == 30
    assert await keys(db) == [f"{n:03}{half}" for n in range(0, 60, 2) for half in "ab"]


async def test_cancelling_at_any_await_leaves_whole_transactions_and_a_usable_writer(db):
    """One run for each number of loop turns after which the task is cancelled, from before BEGIN to after
    COMMIT."""

    async def one(number):
        async with db.write() as tx:
            await tx.execute(PUT, (f"{number:03}a",))
            await tx.execute(PUT, (f"{number:03}b",))

    for turns in range(60):
        task = asyncio.create_task(one(turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with db.write() as tx:
        await tx.execute(PUT, ("end",))
    found = await keys(db)
    halves = [key[:3] for key in found if key != "end"]
    assert all(halves.count(half) == 2 for half in halves)
    assert "end" in found


async def test_a_cancelled_commit_is_either_there_or_not_but_settled(db):
    started = asyncio.Event()

    async def one():
        async with db.write() as tx:
            await tx.execute(PUT, ("x",))
            started.set()

    task = asyncio.create_task(one())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys(db) in (["x"], [])
    async with db.write() as tx:
        assert tx.in_transaction


async def test_a_write_inside_a_write_is_an_error_not_a_standstill(db):
    async with db.write():
        with pytest.raises(RuntimeError, match="inside a write"):
            async with db.write():
                pass
    assert await keys(db) == []


async def test_many_reads_at_once(db):
    async def one():
        async with db.read() as tx:
            await asyncio.sleep(0)
            async with db.read() as inner:
                await inner.execute_fetchall("SELECT 1")
            await tx.execute_fetchall("SELECT 1")

    await asyncio.gather(*(one() for _ in range(12)))
    assert len(db._idle) == db_module._KEEP_READERS == len(db._readers)


async def test_closing_leaves_one_file(tmp_path):
    database = await Database.open(tmp_path / "group.db")
    async with database.read() as tx:
        await tx.execute_fetchall("SELECT 1")
    async with database.write() as tx:
        await tx.execute(PUT, ("x",))
    await database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["group.db"]


# --- files that are not as they should be ---


async def test_a_missing_file_is_an_error_where_data_should_be(tmp_path):
    with pytest.raises(Misconfigured, match="not where it should be"):
        await Database.open(tmp_path / "group.db", create=False)
    (tmp_path / "group.db-wal").write_bytes(b"x")
    with pytest.raises(Misconfigured, match="mutualaid restore"):
        await Database.open(tmp_path / "group.db")
    assert not (tmp_path / "group.db").exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all, but long enough to be read as a header" * 20]
)
async def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / "group.db"
    path.write_bytes(content)
    with pytest.raises(Misconfigured, match="mutualaid restore"):
        await Database.open(path)
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


async def test_damage_is_found_after_an_unclean_stop(tmp_path):
    path = tmp_path / "group.db"
    database = await Database.open(path)
    async with database.write() as tx:
        await tx.executemany(PUT, [(f"{n:04}" + "x" * 500,) for n in range(400)])
    await database.close()
    page = 4096
    content = bytearray(path.read_bytes())
    for at in range(20 * page, len(content), page):
        content[at : at + 40] = b"\xff" * 40
    path.write_bytes(content)
    (tmp_path / "group.db-wal").write_bytes(b"")  # what a kill leaves
    with pytest.raises(Misconfigured, match="damaged"):
        await Database.open(path)


async def test_a_half_made_file_of_a_killed_start_is_made_anew(tmp_path):
    (tmp_path / "group.db.new").write_bytes(b"half")
    database = await Database.open(tmp_path / "group.db")
    await database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["group.db"]


async def test_a_newer_file_is_left_alone(tmp_path):
    path = tmp_path / "group.db"
    await (await Database.open(path)).close()
    newer = Migrations("group")
    newer._migrations.extend(migrations.MIGRATIONS._migrations)

    @newer(name="0999_from_the_future")
    def _future(db):
        db.execute("CREATE TABLE later(a INTEGER) STRICT")

    with closing(files.connect(path)) as connection:
        migrations.apply(connection, newer)
    with pytest.raises(Misconfigured, match="0999_from_the_future"):
        await Database.open(path)


async def test_sqlite_saying_full_is_told_in_words_and_gives_the_ballast_back(tmp_path):
    ballast = Ballast(tmp_path / "ballast", size=64 * 1024)
    assert ballast.ensure()
    database = await Database.open(tmp_path / "group.db", ballast=ballast)
    async with database.write() as tx:
        await tx.execute("PRAGMA max_page_count=1")  # SQLite's own way to be full
    with pytest.raises(DiskFull, match="disk is full"):
        async with database.write() as tx:
            await tx.executemany(PUT, [("y" * 4000 + str(n),) for n in range(2000)])
    assert not ballast.is_held()
    assert await keys(database) == []
    await database.close()


def test_ballast_is_real_room_and_never_the_last(tmp_path):
    ballast = Ballast(tmp_path / "ballast", size=1024 * 1024)
    assert not ballast.is_held()
    assert ballast.ensure()
    assert ballast.ensure()
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 1024 * 1024
    assert ballast.release()
    assert not ballast.release()
    assert not Ballast(tmp_path / "ballast", size=1 << 60).ensure()
    assert list(tmp_path.iterdir()) == []


async def test_damage_found_in_use_is_told_in_words(tmp_path):
    path = tmp_path / "group.db"
    db = await Database.open(path)
    async with db.write() as tx:
        await tx.execute("CREATE TABLE wide (text TEXT)")
        await tx.executemany("INSERT INTO wide VALUES (?)", [("x" * 3000,)] * 40)
        async with tx.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'wide'") as cursor:
            page = (await cursor.fetchone())[0]
    await db.close()
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xaa" * 4096
    path.write_bytes(content)
    db = await Database.open(path)
    with pytest.raises(Misconfigured, match="mutualaid restore BACKUP --data"):
        async with db.read() as tx:
            await tx.execute_fetchall("SELECT * FROM wide")
    with pytest.raises(Misconfigured, match="damaged"):
        async with db.write() as tx:
            await tx.execute("INSERT INTO wide VALUES ('y')")
    await db.close()


async def test_whoever_may_only_look_cannot_write(db):
    """Nor can what she calls, also in a task of its own; others write meanwhile, and she does afterwards."""

    async def write(key):
        async with db.write() as tx:
            await tx.execute(PUT, (key,))

    others = asyncio.create_task(write("others"))
    with looking_only():
        for attempt in (write("one"), asyncio.create_task(write("two"))):
            with pytest.raises(NotAllowed):
                await attempt
        assert set(await keys(db)) <= {"others"}
        await others
    await write("after")
    assert await keys(db) == ["after", "others"]


async def test_an_answer_longer_than_one_trip_is_whole_however_it_is_read(tmp_path):
    db = await Database.open(tmp_path / "group.db")
    numbers = list(range(3 * AT_ONCE + 7))
    sql = "SELECT value FROM json_each(?) ORDER BY value"
    for wanted in (numbers, numbers[:AT_ONCE], numbers[:5], []):
        async with db.read() as tx:
            async with tx.execute(sql, (json.dumps(wanted),)) as cursor:
                assert [row[0] for row in await cursor.fetchall()] == wanted
            async with tx.execute(sql, (json.dumps(wanted),)) as cursor:
                assert [row[0] async for row in cursor] == wanted
            async with tx.execute(sql, (json.dumps(wanted),)) as cursor:
                one = await cursor.fetchone()
                rest = [row[0] for row in await cursor.fetchall()]
                assert ([one[0], *rest] if one else rest) == wanted
                assert await cursor.fetchone() is None
    await db.close()


async def test_a_view_does_not_change_while_it_is_read_and_ends_with_its_block(tmp_path):
    db = await Database.open(tmp_path / "group.db")
    count = "SELECT count(*) FROM erasures"
    async with db.read() as tx:
        [before] = await tx.execute_fetchall(count)
        async with db.write() as writer:
            await writer.execute("INSERT INTO erasures VALUES ('a', 'person', 1)")
        async with tx.execute(count) as cursor:
            assert tuple(await cursor.fetchone()) == tuple(before)
    reading = asyncio.create_task(_held_open(db))
    await asyncio.sleep(0)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    async with db.write() as writer:
        await writer.execute("INSERT INTO erasures VALUES ('b', 'person', 2)")
    for _ in range(6):  # every idle reader, also the one whose task was cancelled
        async with db.read() as tx:
            [now] = await tx.execute_fetchall(count)
            assert now[0] == before[0] + 2
    await db.close()


COUNTED = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT count(*) FROM n"


async def test_the_parts_of_a_page_see_one_state(db):
    async with db.write() as tx:
        await tx.execute(PUT, ("before",))
    async with db.one_view():
        assert await keys(db) == ["before"]
        async with db.write() as tx:
            await tx.execute(PUT, ("meanwhile",))
        assert await keys(db) == ["before"]
        async with db.one_view():  # a part that is a page of parts itself
            assert await keys(db) == ["before"]
        assert await keys(db) == ["before"]
        assert await asyncio.create_task(keys(db)) == ["before", "meanwhile"]  # no part: may outlive the page
    assert await keys(db) == ["before", "meanwhile"]


async def test_what_two_parts_of_a_page_ask_is_asked_once(db, monkeypatch):
    async with db.write() as tx:
        for number in range(AT_ONCE + 5):
            await tx.execute(PUT, (f"{number:04}",))
    asked = []
    ask = connection.Connection._ask

    def counted(self, whole, sql, parameters):
        asked.append((sql, parameters))
        return ask(self, whole, sql, parameters)

    monkeypatch.setattr(connection.Connection, "_ask", counted)
    one, many = "SELECT value FROM settings WHERE key = ?", "SELECT key FROM settings ORDER BY key"
    async with db.one_view():
        for _ in range(2):
            for key in ("0001", "0002"):
                async with db.read() as tx, tx.execute(one, (key,)) as cursor:
                    assert [row[0] for row in await cursor.fetchall()] == ["1"]
                    assert await cursor.fetchone() is None
            assert len(await keys(db)) == AT_ONCE + 5
            async with db.read() as tx, tx.execute(many) as cursor:  # longer than one trip: asked again
                assert len([row async for row in cursor]) == AT_ONCE + 5
    assert asked == [(one, ("0001",)), (one, ("0002",)), (many, ()), (many, ()), (many, ())]
    await keys(db)
    await keys(db)
    assert len(asked) == 7, "outside a view nothing is remembered"


async def test_a_page_that_is_given_up_leaves_no_view_behind(db):
    async def page():
        async with db.one_view():
            assert await keys(db) == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await page()
    async with db.write() as tx:
        await tx.execute(PUT, ("after",))
    assert await keys(db) == ["after"]


async def test_a_short_question_is_answered_on_the_loop_and_a_long_one_goes_to_the_thread(db):
    settings = "SELECT count(*) FROM settings WHERE ?"
    async with db.read() as tx:
        assert await _fetched(tx, settings, 1) == 0
        for many, trips in ((100, 0), (50_000, 1), (100, 1)):
            for ask in (_fetched, _iterated):
                assert await ask(tx, COUNTED, many) == many
            assert tx._sent == tx._came == 2 * trips, many
        # Broken off on the loop, it has not moved the view.
        async with db.write() as writer:
            await writer.execute(PUT, ("later",))
        assert await _fetched(tx, settings, 1) == 0
    assert await keys(db) == ["later"]


async def test_a_short_question_stays_on_the_loop_however_often_it_is_asked(db):
    """SQLite counts what a statement does over all its runs, and calls every so many, in the middle of a short one."""
    async with db.read() as tx:
        for _ in range(3):
            for ask in (_fetched, _iterated):
                assert await ask(tx, COUNTED, 600) == 600
        assert tx._sent == 0


async def test_what_is_wrong_in_a_question_is_told_wherever_it_was_asked(db):
    async with db.read() as tx:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await tx.execute_fetchall("SELECT * FROM nowhere")
        assert tx._sent == 0


async def test_many_short_questions_let_the_others_have_their_turn(db, monkeypatch):
    monkeypatch.setattr(connection, "KEPT_SECONDS", 0)
    turns = []

    async def other():
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    async with db.read() as tx:
        waiting = asyncio.create_task(other())
        for _ in range(10):
            await _fetched(tx, COUNTED, 1)
        waiting.cancel()
    assert len(turns) >= 5


async def test_a_question_waits_for_one_that_was_given_up(db):
    """It is still running in the thread, where nothing may break it off."""
    async with db.read() as tx:
        given_up = asyncio.create_task(_fetched(tx, COUNTED, 300_000))
        await asyncio.sleep(0)
        given_up.cancel()
        assert await _fetched(tx, COUNTED, 3) == 3
        assert tx._sent == tx._came == 2


async def _fetched(tx, sql, value):
    [[found]] = await tx.execute_fetchall(sql, (value,))
    return found


async def _iterated(tx, sql, value):
    async with tx.execute(sql, (value,)) as cursor:
        return (await cursor.fetchone())[0]


async def _held_open(db):
    async with db.read() as tx:
        await tx.execute("SELECT count(*) FROM erasures")


async def test_a_write_in_one_trip_is_a_write_like_any_other(db):
    async def two(tx):
        await tx.execute("INSERT INTO settings(key, value) VALUES('one', '1')")
        async with tx.execute("SELECT count(*) FROM settings WHERE key = 'one'") as cursor:
            (many,) = await cursor.fetchone()
        await tx.executemany("INSERT INTO settings(key, value) VALUES(?, '2')", [("two",), ("three",)])
        return many, threading.current_thread()

    many, thread = await db.write_in_one_trip(two)
    assert (many, thread is threading.main_thread()) == (1, False)

    async def fails(tx):
        await tx.execute("INSERT INTO settings(key, value) VALUES('four', '4')")
        raise LookupError

    with pytest.raises(LookupError):
        await db.write_in_one_trip(fails)
    async with db.read() as tx:
        rows = await tx.execute_fetchall("SELECT key FROM settings WHERE key IN ('one', 'two', 'four')")
    assert {row["key"] for row in rows} == {"one", "two"}


async def test_what_waits_for_something_else_is_refused_and_undone(db):
    async def waits(tx):
        await tx.execute("INSERT INTO settings(key, value) VALUES('five', '5')")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="waits for something else"):
        await db.write_in_one_trip(waits)
    async with db.write() as tx:
        assert not list(await tx.execute_fetchall("SELECT 1 FROM settings WHERE key = 'five'"))


async def test_whoever_may_only_look_cannot_write_in_one_trip_either(db):
    async def one(tx):
        await tx.execute("INSERT INTO settings(key, value) VALUES('six', '6')")

    with looking_only(), pytest.raises(NotAllowed):
        await db.write_in_one_trip(one)
