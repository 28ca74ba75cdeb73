"""Opening, checking and copying a ``group.db`` file. Everything here blocks: callers run it in a thread.

A damaged or missing file is never renamed away and begun anew: it raises ``Misconfigured`` and says how to
restore.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from sqlite_utils import Migrations

from node.durable import sync_file, sync_folder, whole_or_not
from node.errors import N_, DiskFull, Misconfigured
from node.store import migrations

Synchronous = Literal["FULL", "NORMAL"]

_MAGIC = b"SQLite format 3\x00"
_BUSY_MS = 10_000


def connect(path: Path, *, read_only: bool = False, synchronous: Synchronous = "FULL") -> sqlite3.Connection:
    """A connection in autocommit mode with every safety setting of ours on; rows are ``sqlite3.Row``.

    ``check_same_thread`` is off because a connection is handed to one worker thread after it was made in
    another.
    """
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=_BUSY_MS / 1000,
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute(f"PRAGMA synchronous={synchronous}")
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(
    path: Path,
    *,
    create: bool,
    synchronous: Synchronous = "FULL",
    steps: Migrations = migrations.MIGRATIONS,
) -> None:
    """Makes the file ready to be opened: made if allowed and missing, checked if not closed cleanly, up to
    date, WAL.

    Raises ``Misconfigured``: missing (and ``create`` is false), damaged, or made by a newer version.
    """
    if not path.exists():
        if not create or _wal(path).exists():
            raise Misconfigured(
                "database_missing",
                N_("The group's database is not where it should be: %(path)s."),
                path=str(path),
                hint=f"put the file back, or make a new folder from a backup: {_RESTORE}",
            )
        _create(path, steps)
    # The last connection to close removes the WAL, so one that is left tells of a power cut or a kill.
    unclean = _wal(path).exists()
    with _damage_told(path):
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise sqlite3.DatabaseError("file is not a database")
        with closing(connect(path, synchronous=synchronous)) as connection:
            if unclean:
                quick_check(connection)
            newer = migrations.unknown(connection, steps)
            if newer:
                raise Misconfigured(
                    "database_newer",
                    N_("This database was used by a newer version of the program."),
                    hint=f"install that version again, it knows {', '.join(newer)}; or restore a backup",
                )
            migrations.apply(connection, steps, copy_first=lambda name: _copy_before(path, name))
            connection.execute("PRAGMA journal_mode=WAL")


def quick_check(connection: sqlite3.Connection) -> None:
    """Raises ``sqlite3.DatabaseError`` with what SQLite finds wrong."""
    problems = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    if problems != ["ok"]:
        raise sqlite3.DatabaseError("; ".join(problems))


def verify(path: Path, *, older: bool = False) -> None:
    """Raises ``Misconfigured`` unless the file opens, is whole, and has the steps this version knows: all of
    them, or some of the first (``older``, as in a backup of an earlier version)."""
    with _damage_told(path), closing(connect(path, read_only=True)) as connection:
        quick_check(connection)
        known = {row["name"] for row in connection.execute("SELECT name FROM sqlite_master")}
        missing = migrations.pending(connection)
        if "settings" not in known or migrations.unknown(connection) or (missing and not older):
            raise sqlite3.DatabaseError("its tables are not those of this version")


def copy(source: Path, target: Path) -> None:
    """A consistent copy of a database that may be in use, by SQLite's backup API; ``target`` must not exist.

    A copied file (``cp``) is often broken. Raises ``DiskFull``; nothing is left behind then.
    """
    if target.exists():
        raise FileExistsError(target)
    try:
        with whole_or_not(target) as partial:
            with (
                closing(connect(source, read_only=True)) as reader,
                closing(sqlite3.connect(partial)) as writer,
            ):
                os.chmod(partial, 0o600)
                reader.backup(writer)
    except sqlite3.OperationalError as error:
        raise (DiskFull(hint=str(target)) if is_full(error) else error) from error


def is_full(error: sqlite3.OperationalError) -> bool:
    """Whether SQLite failed because it could not write: the disk is full, or a limit was reached."""
    return error.sqlite_errorcode in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
    )


def forget_sessions(path: Path) -> None:
    """Takes every signed-in session out of a copy."""
    with closing(connect(path)) as connection:
        connection.execute("DELETE FROM sessions")
    sync_file(path)


_RESTORE = "mutualaid restore BACKUP --data NEW-FOLDER --passphrase-file FILE"


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError:
        raise  # full, busy or not permitted: not damage
    except sqlite3.DatabaseError as error:
        raise _damaged(path, error) from error


def damage(path: Path, error: sqlite3.DatabaseError) -> Misconfigured | None:
    """What to say if SQLite found the file itself broken while it was in use, else None."""
    found = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return _damaged(path, error) if found else None


def _damaged(path: Path, error: sqlite3.DatabaseError) -> Misconfigured:
    return Misconfigured(
        "database_damaged",
        N_("The group's database is damaged. Nothing was changed. A backup can be restored."),
        hint=f"{path}: {error}. Keep the file, then: {_RESTORE}",
    )


def _wal(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _create(path: Path, steps: Migrations) -> None:
    """Built beside its place and moved there whole: a kill never leaves half a database under the real
    name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    for left in (new, new.with_name(new.name + "-journal")):
        left.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(connect(new)) as connection:
        migrations.apply(connection, steps)
    sync_file(new)
    new.rename(path)
    sync_folder(path.parent)


def _copy_before(path: Path, step: str) -> None:
    """The file as it was before a step, kept beside it; an earlier, killed try's copy is replaced."""
    kept = path.with_name(f"{path.name}.before-{step}")
    kept.unlink(missing_ok=True)
    copy(path, kept)
