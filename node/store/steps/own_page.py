"""Step 0071: a volunteer's own page: one-time links in, sessions, who asked for a link, calendars, what was sent."""

STATEMENTS = (
    """CREATE TABLE own_links(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        link_hash BLOB NOT NULL UNIQUE,
        made_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        by_staff TEXT) STRICT""",
    """CREATE TABLE own_sessions(
        id BLOB PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        device TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        expires_at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX own_sessions_by_person ON own_sessions(person_id)",
    """CREATE TABLE own_asks(
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    """CREATE TABLE own_feeds(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        link_hash BLOB NOT NULL UNIQUE,
        made_at INTEGER NOT NULL) STRICT""",
    """CREATE TABLE own_sent(
        id BLOB PRIMARY KEY,
        assignment_id TEXT NOT NULL REFERENCES assignments(id) ON DELETE CASCADE,
        at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX own_sent_by_task ON own_sent(assignment_id)",
)
"""SQL statements, run in one transaction."""
