"""The shape of ``group.db``, as numbered steps that each happen whole or not at all.

A step is one explicit transaction together with the note that it was done, one statement at a time: a script
killed half-way commits what it had done so far, a transaction leaves nothing. Every table is STRICT. Ids are
22-character base64url text, days are ``YYYY-MM-DD`` text, times are whole Unix seconds, lists are JSON text.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from sqlite_utils import Database as UtilsDatabase
from sqlite_utils import Migrations

MIGRATIONS = Migrations("group")
"""Every step this version knows, in order."""

_0001_THE_GROUP = (
    "CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE category_settings(
        category TEXT PRIMARY KEY,
        share TEXT NOT NULL CHECK(share IN ('only_us','peers','public')),
        hidden INTEGER NOT NULL DEFAULT 0) STRICT""",
    # People who work here, what they may open, and where they are signed in.
    """CREATE TABLE staff(
        id TEXT PRIMARY KEY,
        handle TEXT NOT NULL UNIQUE COLLATE NOCASE,
        roles TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('active','suspended')),
        public_key BLOB NOT NULL,
        wrapped_key BLOB NOT NULL,
        kdf TEXT NOT NULL,
        created_at INTEGER NOT NULL) STRICT""",
    """CREATE TABLE compartments(
        name TEXT PRIMARY KEY, public_key BLOB NOT NULL, rescue_sealed BLOB) STRICT""",
    """CREATE TABLE compartment_members(
        compartment TEXT NOT NULL REFERENCES compartments(name),
        staff_id TEXT NOT NULL REFERENCES staff(id),
        sealed_key BLOB NOT NULL,
        granted_by TEXT,
        granted_at INTEGER NOT NULL,
        PRIMARY KEY(compartment, staff_id)) STRICT""",
    """CREATE TABLE sessions(
        id BLOB PRIMARY KEY,
        staff_id TEXT NOT NULL REFERENCES staff(id),
        wrapped_key BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        expires_at INTEGER NOT NULL) STRICT""",
    # People the group knows. The blind indexes are NULL until the next unlock when written locked.
    """CREATE TABLE persons(
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK(state IN ('active','barred')),
        sealed BLOB NOT NULL,
        phone_index BLOB,
        email_index BLOB,
        created_day TEXT NOT NULL,
        updated_day TEXT NOT NULL) STRICT""",
    "CREATE INDEX persons_by_phone ON persons(phone_index)",
    "CREATE INDEX persons_by_email ON persons(email_index)",
    """CREATE TABLE volunteers(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('active','paused','suspended','left')),
        paused_until TEXT,
        abilities TEXT NOT NULL,
        takes TEXT NOT NULL,
        languages TEXT NOT NULL,
        transport TEXT NOT NULL,
        radius_km REAL NOT NULL,
        max_per_week INTEGER,
        days_off TEXT NOT NULL,
        cleared TEXT NOT NULL) STRICT""",
    """CREATE TABLE checks(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE TABLE apart(id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    # category: class A its code, class B its broad group, class C 'private'; cell: NULL for class C.
    """CREATE TABLE needs(
        id TEXT PRIMARY KEY,
        person_id TEXT REFERENCES persons(id),
        reference TEXT NOT NULL UNIQUE,
        state TEXT NOT NULL,
        category TEXT NOT NULL,
        cell TEXT,
        urgency TEXT NOT NULL,
        window_from TEXT,
        window_to TEXT,
        part_of_day TEXT,
        effort TEXT,
        people TEXT,
        helpers INTEGER NOT NULL DEFAULT 1,
        remote INTEGER NOT NULL DEFAULT 0,
        requires TEXT NOT NULL,
        languages TEXT NOT NULL,
        tags TEXT NOT NULL,
        repeats TEXT,
        keep_here INTEGER NOT NULL DEFAULT 0,
        channel TEXT NOT NULL,
        posted_day TEXT NOT NULL,
        due_day TEXT,
        hold_until TEXT,
        close_reason TEXT,
        duplicate_of TEXT,
        closed_day TEXT,
        told_by_phone INTEGER NOT NULL DEFAULT 0,
        to_check INTEGER NOT NULL DEFAULT 0,
        round INTEGER NOT NULL DEFAULT 0,
        by_staff TEXT,
        sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        import_key BLOB) STRICT""",
    "CREATE INDEX needs_by_state ON needs(state, due_day)",
    "CREATE INDEX needs_by_person ON needs(person_id)",
    """CREATE TABLE assignments(
        id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL REFERENCES needs(id),
        person_id TEXT NOT NULL REFERENCES persons(id),
        state TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        round INTEGER NOT NULL DEFAULT 0,
        by_staff TEXT,
        approved_by TEXT,
        link_hash BLOB,
        link_expires INTEGER,
        device_hash BLOB) STRICT""",
    """CREATE UNIQUE INDEX one_live_assignment ON assignments(need_id, person_id)
        WHERE state IN ('proposed','interested','approved','contacted')""",
    "CREATE INDEX assignments_by_link ON assignments(link_hash)",
    "CREATE INDEX assignments_by_need ON assignments(need_id)",
    "CREATE INDEX assignments_by_person ON assignments(person_id, changed_at)",
    """CREATE TABLE consents(
        id INTEGER PRIMARY KEY,
        person_id TEXT REFERENCES persons(id) ON DELETE CASCADE,
        need_id TEXT REFERENCES needs(id) ON DELETE CASCADE,
        purpose TEXT NOT NULL
            CHECK(purpose IN ('help_you','groups_see','details_to_group','keep_details')),
        answer INTEGER NOT NULL,
        wording TEXT NOT NULL,
        at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        note_sealed BLOB) STRICT""",
    "CREATE INDEX consents_by_need ON consents(need_id, purpose)",
    "CREATE INDEX consents_by_person ON consents(person_id)",
    # What is out, and our own signed lines. content: JSON without epoch, seq and expires.
    """CREATE TABLE published(
        public_id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL,
        set_name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('summary','withdrawal')),
        content TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        expires TEXT NOT NULL,
        max_expires TEXT NOT NULL,
        line BLOB NOT NULL) STRICT""",
    "CREATE INDEX published_by_need ON published(need_id)",
    """CREATE TABLE own_position(
        id INTEGER PRIMARY KEY CHECK(id=1), epoch INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT""",
    # name: keys, profile, head:public, head:peers
    """CREATE TABLE own_lines(
        name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, line BLOB NOT NULL) STRICT""",
    """CREATE TABLE peers(
        origin TEXT PRIMARY KEY,
        url TEXT,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('active','paused','blocked')),
        allow_private INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL) STRICT""",
    # Who did what: a hash chain, and what must stay erased after a restore.
    """CREATE TABLE audit(
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        object TEXT NOT NULL,
        codes TEXT NOT NULL,
        note_sealed BLOB,
        note_hash BLOB,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL) STRICT""",
    "CREATE INDEX audit_by_object ON audit(object)",
    "CREATE TABLE erasures(id TEXT PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
    """CREATE TABLE places(
        id INTEGER PRIMARY KEY,
        country TEXT NOT NULL,
        code TEXT NOT NULL,
        code_key TEXT NOT NULL,
        name TEXT NOT NULL,
        name_key TEXT NOT NULL,
        admin TEXT NOT NULL,
        lat REAL NOT NULL,
        lon REAL NOT NULL,
        accuracy_m INTEGER NOT NULL,
        source TEXT NOT NULL) STRICT""",
    "CREATE INDEX places_by_code ON places(code_key)",
    "CREATE INDEX places_by_name ON places(name_key)",
    """CREATE TABLE imports(
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        mapping TEXT NOT NULL,
        rows INTEGER NOT NULL,
        added INTEGER NOT NULL,
        skipped INTEGER NOT NULL) STRICT""",
    """CREATE TABLE import_rows(
        row_key BLOB NOT NULL,
        part TEXT NOT NULL,
        need_id TEXT NOT NULL,
        import_id TEXT NOT NULL,
        PRIMARY KEY(row_key, part)) STRICT""",
)


@MIGRATIONS(name="0001_the_group")
def _the_group(db: UtilsDatabase) -> None:
    for statement in _0001_THE_GROUP:
        db.execute(statement)


def pending(connection: sqlite3.Connection, migrations: Migrations = MIGRATIONS) -> list[str]:
    """The names of the steps that this file still lacks, in order."""
    return [step.name for step in migrations.pending(_utils(connection))]


def unknown(connection: sqlite3.Connection, migrations: Migrations = MIGRATIONS) -> list[str]:
    """Steps that this file has and this version of the program does not know: it is newer than we are."""
    known = {step.name for step in migrations._migrations}
    return [step.name for step in migrations.applied(_utils(connection)) if step.name not in known]


def apply(
    connection: sqlite3.Connection,
    migrations: Migrations = MIGRATIONS,
    *,
    copy_first: Callable[[str], Any] | None = None,
) -> list[str]:
    """Brings the file up to date and returns the names of the steps done.

    ``copy_first`` is called with the first missing step's name before anything changes, if the file has steps
    already (that is: data). The connection must be in autocommit mode (``isolation_level=None``).
    """
    db = _utils(connection)
    missing = pending(connection, migrations)
    if missing and copy_first is not None and migrations.applied(db):
        copy_first(missing[0])
    migrations.apply(db)
    return missing


def _utils(connection: sqlite3.Connection) -> UtilsDatabase:
    return UtilsDatabase(connection, execute_plugins=False)
