import json
import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Migrations

from node.domain.hours import WEEKDAYS, without_weekdays
from node.domain.settings.presets import RULES
from node.store import files, migrations, settings
from node.store.columns import COLUMNS, Protection
from node.store.portable import CARRIED_SETTINGS, LEFT, LEFT_SETTINGS, MOVING

WHERE = "node/store/portable.py"


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


def test_every_table_moves_or_says_why_not() -> None:
    for table in sorted(set(COLUMNS) - set(MOVING) - set(LEFT)):
        sealed = [name for name, each in COLUMNS[table].items() if each.protection is Protection.SEALED]
        how = "".join(f'"{name}": Sealed(), ' for name in sealed)
        line = f'"{table}": Moving(sealed={{{how}}}),' if sealed else f'"{table}": Moving(),'
        raise AssertionError(
            f"A full export does not know the table {table}. In {WHERE} write into MOVING, after the tables it points"
            f' to:\n    {line}\nor, if its rows must stay behind, into LEFT:\n    "{table}": "why",'
        )
    assert set(MOVING) | set(LEFT) == set(COLUMNS), "a table that there is no more"
    assert not set(MOVING) & set(LEFT)
    assert all(LEFT.values())


def test_every_setting_moves_or_says_why_not() -> None:
    keys = {each.key for each in vars(settings).values() if isinstance(each, settings.Setting)} | set(RULES)
    for key in sorted(keys - set(CARRIED_SETTINGS) - set(LEFT_SETTINGS)):
        raise AssertionError(
            f"A full export does not know the setting {key!r}. In {WHERE} write it into CARRIED_SETTINGS (the group"
            " decided it) or, with the reason, into LEFT_SETTINGS (it belongs to that machine or node)."
        )
    assert keys == set(CARRIED_SETTINGS) | set(LEFT_SETTINGS)
    assert not set(CARRIED_SETTINGS) & set(LEFT_SETTINGS)


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


def test_a_file_of_the_first_version_keeps_its_peers_and_what_it_published(tmp_path):
    first = Migrations("group")
    first._migrations.append(migrations.MIGRATIONS._migrations[0])
    path = tmp_path / "group.db"
    files.prepare(path, create=True, steps=first)
    with closing(files.connect(path)) as connection:
        connection.execute(
            "INSERT INTO peers VALUES ('did:a', 'https://a.example', 'A', 'blocked', 1, 5),"
            " ('did:b', NULL, 'B', 'active', 0, 6)"
        )
        connection.execute(
            "INSERT INTO published VALUES ('p', 'n', 'public', 'summary', '{}', 7, 8, '2026-11-02',"
            " '2026-11-02', x'7b7d')"
        )
    files.prepare(path, create=False)
    with closing(files.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM peers ORDER BY origin").fetchall()
        assert [tuple(row) for row in rows] == [
            ("did:a", "https://a.example", "A", "blocked", 1, 5, "peer", 0, 0, 0, "both")
            + (None, 0)
            + (None,) * 3
            + ("active", None),
            ("did:b", None, "B", "active", 0, 6, "peer", 0, 0, 0, "both")
            + (None, 0)
            + (None,) * 3
            + ("active", None),
        ]
        connection.execute("UPDATE peers SET state = 'left' WHERE origin = 'did:b'")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE peers SET state = 'gone'")
        assert connection.execute("SELECT seq, line FROM published").fetchall()[0]["seq"] == 8
        connection.execute("UPDATE published SET kind = 'vouch'")


def test_what_was_decided_about_a_part_counts_for_the_whole(tmp_path):
    before = Migrations("group")
    known = migrations.MIGRATIONS._migrations
    before._migrations.extend(known[: [step.name for step in known].index("0102_decided_of_parts")])
    path = tmp_path / "group.db"
    files.prepare(path, create=True, steps=before)
    with closing(files.connect(path)) as connection:
        for name, state, into in (
            *(("whole", "active", None), ("part", "barred", "whole")),
            *(("lifted", "active", None), ("lifted_part", "barred", "lifted")),
            *(("other", "active", None), ("barred_before", "barred", "other")),
        ):
            connection.execute(
                "INSERT INTO persons(id, state, sealed, created_day, updated_day, merged_into)"
                " VALUES (?, ?, x'00', '2026-01-01', '2026-01-01', ?)",
                (name, state, into),
            )
            if into is not None:
                connection.execute(
                    "INSERT INTO merges VALUES (?, ?, ?, 'merged', x'00', NULL, 100)", (name, into, name)
                )
        for seq, (at, action, whose) in enumerate(
            (
                *((200, "barred", "part"), (200, "barred", "lifted_part")),
                *((300, "unbarred", "lifted"), (50, "barred", "barred_before")),
            )
        ):
            connection.execute(
                "INSERT INTO audit VALUES (?, ?, 'staff:x', ?, ?, '{}', NULL, NULL, x'00', x'00')",
                (seq, at, f"person.{action}", f"person:{whose}"),
            )
        connection.execute("INSERT INTO holds VALUES ('h', 'part', '2026-02-01', 'x', 200, x'00')")
    files.prepare(path, create=False)
    with closing(files.connect(path)) as connection:
        states = dict(tuple(row) for row in connection.execute("SELECT id, state FROM persons"))
        assert {name for name in ("whole", "lifted", "other") if states[name] == "barred"} == {"whole"}
        assert [row["person_id"] for row in connection.execute("SELECT person_id FROM holds")] == ["whole"]


def test_weekdays_off_become_hours_and_nothing_is_lost(tmp_path):
    before = Migrations("group")
    before._migrations.extend(step for step in migrations.MIGRATIONS._migrations if step.name < "0008")
    path = tmp_path / "group.db"
    files.prepare(path, create=True, steps=before)
    was_off = {
        "never": [],
        "monday": ["mon"],
        "mixed": ["2026-12-24", "sun", "sat", "2026-05-04"],
        "always": WEEKDAYS,
    }
    with closing(files.connect(path)) as connection:
        for name, days in was_off.items():
            connection.execute(
                "INSERT INTO persons(id, state, sealed, created_day, updated_day)"
                " VALUES (?, 'active', x'00', '2026-01-01', '2026-01-01')",
                (name,),
            )
            connection.execute(
                "INSERT INTO volunteers(person_id, state, abilities, takes, languages, transport, radius_km,"
                " days_off, cleared) VALUES (?, 'active', '[]', '[]', '[]', 'foot', 5.0, ?, '[]')",
                (name, json.dumps(days)),
            )
    files.prepare(path, create=False)
    with closing(files.connect(path)) as connection:
        rows = {row["person_id"]: row for row in connection.execute("SELECT * FROM volunteers")}
    for name, days in was_off.items():
        weekdays = [day for day in days if day in WEEKDAYS]
        assert tuple(json.loads(rows[name]["hours"])) == without_weekdays(weekdays), name
        assert json.loads(rows[name]["days_off"]) == [day for day in days if day not in WEEKDAYS]
        assert (rows[name]["stage"], rows[name]["rest_days"]) == ("active", 0)
