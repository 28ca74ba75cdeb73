"""Step 0080: volunteers of ours who put themselves forward for other groups' needs, and wait for a coordinator."""

STATEMENTS = (
    """CREATE TABLE away_asks(
        id TEXT PRIMARY KEY,
        peer TEXT NOT NULL,
        public_id TEXT NOT NULL,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        seen TEXT NOT NULL,
        wording TEXT NOT NULL,
        device_hash BLOB NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','declined')),
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        UNIQUE(person_id, peer, public_id)) STRICT""",
    "CREATE INDEX away_asks_by_need ON away_asks(peer, public_id)",
)
"""SQL statements, run in one transaction."""
