"""Step 0075: short polls of needs, of which only counts are kept; a new one waits for a second yes too."""

STATEMENTS = (
    # choices: a JSON list of words for everybody. until_day: the last day on which it can be answered.
    """CREATE TABLE polls(
        id TEXT PRIMARY KEY,
        question TEXT NOT NULL,
        choices TEXT NOT NULL,
        begun_day TEXT NOT NULL,
        until_day TEXT NOT NULL,
        shown INTEGER NOT NULL) STRICT""",
    # choice: its number, from 0. There is no row of one answer anywhere.
    """CREATE TABLE poll_counts(
        poll_id TEXT NOT NULL REFERENCES polls(id) ON DELETE CASCADE,
        choice INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY(poll_id, choice)) STRICT""",
    """CREATE TABLE proposals_anew(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL
            CHECK(kind IN ('share','text','name','kit','rule','card','question','place','places','poll')),
        subject TEXT NOT NULL,
        value TEXT NOT NULL,
        by_staff TEXT,
        at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','alone','yes','no','replaced')),
        decided_by TEXT,
        decided_at INTEGER) STRICT""",
    """INSERT INTO proposals_anew(id, kind, subject, value, by_staff, at, state, decided_by, decided_at)
        SELECT id, kind, subject, value, by_staff, at, state, decided_by, decided_at FROM proposals""",
    "DROP TABLE proposals",
    "ALTER TABLE proposals_anew RENAME TO proposals",
    "CREATE INDEX proposals_by_state ON proposals(state, at)",
)
"""SQL statements, run in one transaction."""
