"""Step 0007: calls that are half typed, promises to ring back, two records of one person, practice calls."""

STATEMENTS = (
    # sealed: the form as it stood; empty once the call was taken, so that a late save brings nothing back.
    """CREATE TABLE drafts(
        id TEXT PRIMARY KEY,
        staff_id TEXT NOT NULL REFERENCES staff(id) ON DELETE CASCADE,
        sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX drafts_by_staff ON drafts(staff_id, changed_at)",
    # promised_at: until when somebody rings back.
    "ALTER TABLE needs ADD COLUMN promised_at INTEGER",
    "ALTER TABLE needs ADD COLUMN practice INTEGER NOT NULL DEFAULT 0",
    # twin_index: keyed hash of name and address; NULL until the next unlock, as the other two.
    "ALTER TABLE persons ADD COLUMN twin_index BLOB",
    "ALTER TABLE persons ADD COLUMN merged_into TEXT REFERENCES persons(id)",
    "ALTER TABLE persons ADD COLUMN practice INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX persons_by_twin ON persons(twin_index)",
    "CREATE INDEX persons_by_kept ON persons(merged_into) WHERE merged_into IS NOT NULL",
    # merged: gone_id is now one with kept_id; sealed: what each held before, and which rows moved.
    """CREATE TABLE merges(
        id TEXT PRIMARY KEY,
        kept_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        gone_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('merged','two_people')),
        sealed BLOB,
        by_staff TEXT,
        at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX merges_by_kept ON merges(kept_id)",
    "CREATE INDEX merges_by_gone ON merges(gone_id)",
)
"""SQL statements, run in one transaction."""
