import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Migrations

from node.store import files, migrations
from node.store.columns import COLUMNS, Protection


def with_second(*, fail: bool = False) -> Migrations:
    both = Migrations("group")
    both._migrations.extend(migrations.MIGRATIONS._migrations)

    @both(name="0002_more")
    def _more(db):
        db.execute("CREATE TABLE more(a INTEGER) STRICT")
        db.execute("INSERT INTO more SELECT 1")
        if fail:
            raise ZeroDivisionError

    return both


def tables(path):
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_all_our_tables_are_strict(tmp_path):
    path = tmp_path / "group.db"
    files.prepare(path, create=True)
    with closing(files.connect(path)) as connection:
        loose = [row["name"] for row in connection.execute("PRAGMA table_list") if not row["strict"]]
    assert {name for name in loose if not name.startswith("sqlite_")} == {"_sqlite_migrations"}


def test_every_column_is_classified_with_its_reason(tmp_path):
    path = tmp_path / "group.db"
    files.prepare(path, create=True)
    with closing(files.connect(path)) as connection:
        real = {
            table: {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
            for table in tables(path)
            if not table.startswith(("sqlite_", "_sqlite_"))
        }
    assert {table: set(columns) for table, columns in COLUMNS.items()} == real
    for table, columns in COLUMNS.items():
        for name, column in columns.items():
            assert column.reason, f"{table}.{name}"
            assert ("sealed" in name and column.protection is not Protection.KEY) == (
                column.protection is Protection.SEALED
            ) or name in ("sealed_key", "rescue_sealed"), f"{table}.{name}"


def test_a_step_on_existing_data_copies_the_file_first(tmp_path):
    path = tmp_path / "group.db"
    files.prepare(path, create=True)
    with closing(files.connect(path)) as connection:
        connection.execute("INSERT INTO settings VALUES ('a', '1')")
    files.prepare(path, create=False, steps=with_second())
    kept = tmp_path / "group.db.before-0002_more"
    assert "more" in tables(path)
    assert "more" not in tables(kept)
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT key FROM settings").fetchall() == [("a",)]
    files.prepare(path, create=False, steps=with_second())  # nothing left to do


def test_a_failing_step_leaves_nothing_of_itself(tmp_path):
    path = tmp_path / "group.db"
    files.prepare(path, create=True)
    with pytest.raises(ZeroDivisionError):
        files.prepare(path, create=False, steps=with_second(fail=True))
    assert "more" not in tables(path)
    files.prepare(path, create=False, steps=with_second())
    assert "more" in tables(path)


def test_a_copy_is_whole_and_never_replaces_a_file(tmp_path):
    path, target = tmp_path / "group.db", tmp_path / "copy.db"
    files.prepare(path, create=True)
    files.copy(path, target)
    files.verify(target)
    with pytest.raises(FileExistsError):
        files.copy(path, target)
    assert sorted(each.name for each in tmp_path.iterdir() if not each.name.endswith(("-wal", "-shm"))) == [
        "copy.db",
        "group.db",
    ]
