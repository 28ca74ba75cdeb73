"""What steps about changes that wait for a second yes share: one more kind of change is the whole table anew.

SQLite changes no CHECK of a table that is there (https://www.sqlite.org/lang_altertable.html#otheralter).
"""


def of_kinds(*kinds: str) -> tuple[str, ...]:
    """Statements that make ``proposals`` anew for these kinds of change, with the rows that it has."""
    listed = ",".join(f"'{kind}'" for kind in kinds)
    return (
        f"""CREATE TABLE proposals_anew(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN ({listed})),
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
