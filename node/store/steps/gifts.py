"""Step 0074: what people have to give. Whose it is, states and days clear, all that was said sealed."""

STATEMENTS = (
    # until_day: the last day on which it stands. by_staff: who took it down, NULL where it came by the page.
    """CREATE TABLE gifts(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        sort TEXT NOT NULL CHECK (sort IN ('thing','standing')),
        state TEXT NOT NULL CHECK (state IN ('new','open','given','gone')),
        told_day TEXT NOT NULL,
        until_day TEXT NOT NULL,
        ended_day TEXT,
        by_staff TEXT,
        link_hash BLOB,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX gifts_by_person ON gifts(person_id)",
    "CREATE INDEX gifts_by_link ON gifts(link_hash)",
    "CREATE INDEX gifts_by_state ON gifts(state, told_day)",
)
"""SQL statements, run in one transaction."""
