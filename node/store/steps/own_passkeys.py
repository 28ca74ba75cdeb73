"""Step 0079: a volunteer's passkeys."""

STATEMENTS = (
    # handle: random, the same for all of one person's; it is what her device calls her. device: browser and system.
    """CREATE TABLE own_passkeys(
        id BLOB PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        handle BLOB NOT NULL,
        public_key BLOB NOT NULL,
        used_count INTEGER NOT NULL,
        device TEXT NOT NULL,
        made_at INTEGER NOT NULL,
        last_used INTEGER) STRICT""",
    "CREATE INDEX own_passkeys_by_person ON own_passkeys(person_id)",
)
"""SQL statements, run in one transaction."""
