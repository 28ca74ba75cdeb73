"""Step 0012b: sheets that are being brought in, and who agreed that everything is taken out."""

STATEMENTS = (
    # sheet_sealed: the file as it came; state_sealed: what was said about it so far.
    """CREATE TABLE sheet_drafts(
        id TEXT PRIMARY KEY,
        staff_id TEXT NOT NULL REFERENCES staff(id) ON DELETE CASCADE,
        sheet_sealed BLOB NOT NULL,
        state_sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX sheet_drafts_by_staff ON sheet_drafts(staff_id, changed_at)",
    # state: asked, agreed, refused, used.
    """CREATE TABLE export_asks(
        id TEXT PRIMARY KEY,
        what TEXT NOT NULL,
        by_staff TEXT NOT NULL REFERENCES staff(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('asked','agreed','refused','used')),
        decided_by TEXT,
        decided_at INTEGER) STRICT""",
)
"""SQL statements, run in one transaction."""
