"""Step 0010b: what a kind of help asks beyond the shared list, visits with a timer, reminders of checks, incidents."""

STATEMENTS = (
    """CREATE TABLE kind_demands(
        category TEXT PRIMARY KEY,
        check_level TEXT NOT NULL,
        going TEXT NOT NULL CHECK(going IN ('alone','timer','pair'))) STRICT""",
    """CREATE TABLE visits(
        id TEXT PRIMARY KEY,
        assignment_id TEXT NOT NULL REFERENCES assignments(id) ON DELETE CASCADE,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        expected_at INTEGER NOT NULL,
        rung INTEGER NOT NULL DEFAULT 0,
        rung_at INTEGER,
        ended_at INTEGER,
        ended TEXT) STRICT""",
    "CREATE UNIQUE INDEX one_visit ON visits(assignment_id) WHERE ended_at IS NULL",
    "CREATE INDEX visits_out ON visits(expected_at) WHERE ended_at IS NULL",
    # One line for each of the days before an end on which somebody here is told of it.
    """CREATE TABLE check_reminders(
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        level TEXT NOT NULL,
        until TEXT NOT NULL,
        days INTEGER NOT NULL,
        at INTEGER NOT NULL,
        done_at INTEGER,
        done_by TEXT,
        PRIMARY KEY(person_id, level, until, days)) STRICT""",
    # Whom an incident is about, who told of it and who may read it: all in the sealed parts.
    """CREATE TABLE incidents(id TEXT PRIMARY KEY, state TEXT NOT NULL CHECK(state IN ('open','closed'))) STRICT""",
    """CREATE TABLE incident_parts(
        id TEXT PRIMARY KEY,
        incident_id TEXT NOT NULL REFERENCES incidents(id) ON DELETE CASCADE,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX incident_parts_by_incident ON incident_parts(incident_id)",
)
"""SQL statements, run in one transaction."""
