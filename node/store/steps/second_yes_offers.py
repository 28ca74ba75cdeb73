"""Step 0087: what the group offers to everybody is a thing for two, too."""

STATEMENTS = (
    """CREATE TABLE proposals_anew(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN
            ('share','text','name','kit','rule','card','question','place','places','poll','residents','offers')),
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
