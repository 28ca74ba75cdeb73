"""Step 0095: what a group was to us before it was paused or blocked, so that taking it back gives no more than that."""

STATEMENTS = (
    """ALTER TABLE peers ADD COLUMN was TEXT NOT NULL DEFAULT 'active'
        CHECK(was IN ('active','left','asked','brought'))""",
)
"""SQL statements, run in one transaction."""
