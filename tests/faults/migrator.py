"""Kills a migration before each of its statements in turn, and says what each kill left behind.

Usage: python -m tests.faults.migrator create|upgrade|script FOLDER EVERY

For each statement (or each EVERY-th) a fork of this process migrates a fresh copy and kills itself just
before that statement. One line of output each: ``before`` (nothing of the step), ``after`` (all of it),
``half``, or ``none`` (no file yet). ``script`` does the same steps as one script, the way that is known to
leave halves.
"""

import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from sqlite_utils import Migrations

from node.store import files, migrations

STEPS = [
    "CREATE TABLE made_up_visits(id TEXT PRIMARY KEY, day TEXT NOT NULL) STRICT",
    *(f"INSERT INTO made_up_visits SELECT id || '-{n}', created_day FROM persons" for n in range(20)),
    "CREATE INDEX made_up_visits_by_day ON made_up_visits(day)",
    *(f"ALTER TABLE persons ADD COLUMN extra_{n} TEXT" for n in range(8)),
    "UPDATE persons SET extra_0 = id",
    "CREATE TABLE persons_too(id TEXT PRIMARY KEY, was TEXT) STRICT",
    "INSERT INTO persons_too SELECT id, extra_0 FROM persons",
]


def upgraded() -> Migrations:
    both = Migrations("group")
    both._migrations.extend(migrations.MIGRATIONS._migrations)

    @both(name="0002_visits")
    def _visits(db):
        for statement in STEPS:
            db.execute(statement)

    return both


def as_script(connection: sqlite3.Connection) -> None:
    connection.executescript(";\n".join(STEPS))


def killing(at: int):
    """A connection factory whose ``at``-th traced statement is never reached."""
    real, seen = files.connect, 0

    def connect(*arguments, **named):
        connection = real(*arguments, **named)

        def trace(statement: str) -> None:
            nonlocal seen
            seen += 1
            if seen == at:
                os.kill(os.getpid(), signal.SIGKILL)

        connection.set_trace_callback(trace)
        return connection

    return connect


def migrate(mode: str, path: Path, at: int) -> bool:
    """Whether the fork was killed (else it was through before statement ``at``)."""
    child = os.fork()
    if child == 0:
        files.connect = killing(at)
        if mode == "script":
            as_script(files.connect(path))
        else:
            files.prepare(path, create=True, steps=upgraded() if mode == "upgrade" else migrations.MIGRATIONS)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def state(path: Path, mode: str) -> str:
    """What a kill left, seen through an ordinary connection."""
    if not path.exists():
        return "none"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if mode == "create":
            return "after" if {"settings", "import_rows"} <= names else "half"
        columns = {row[1] for row in connection.execute("PRAGMA table_info(persons)")}
        signs = [
            "made_up_visits" in names,
            "made_up_visits_by_day" in names,
            "extra_7" in columns,
            "persons_too" in names,
        ]
        if signs[-1]:
            signs.append(connection.execute("SELECT count(*) FROM persons_too").fetchone()[0] == 50)
        return "after" if all(signs) else "half" if any(signs) else "before"


def main(mode: str, folder: str, every: str) -> None:
    fresh = Path(folder) / "fresh.db"
    if mode != "create":
        files.prepare(fresh, create=True)
        with closing(files.connect(fresh)) as connection:
            connection.executemany(
                "INSERT INTO persons(id, state, sealed, created_day, updated_day)"
                " VALUES (?, 'active', x'00', '2026-11-02', '2026-11-02')",
                [(f"{n:022}",) for n in range(50)],
            )
    at, killed = 1, True
    while killed:
        work = Path(folder) / f"work-{at}"
        work.mkdir()
        path = work / "group.db"
        if mode != "create":
            shutil.copyfile(fresh, path)
        killed = migrate(mode, path, at)
        found = state(path, mode)
        print(found if killed else f"through {found}")
        if mode != "script":  # and the next start finishes what was begun
            files.prepare(path, create=True, steps=upgraded() if mode == "upgrade" else migrations.MIGRATIONS)
            assert state(path, mode) == "after"
        shutil.rmtree(work)
        at += int(every)


if __name__ == "__main__":
    main(*sys.argv[1:])
