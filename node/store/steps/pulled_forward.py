"""Step 0120: a day to ring that nobody promised, or that was promised for later and came up by itself."""

STATEMENTS = (
    # by_itself: 1 where something that happened asks for a call; promised: the later day that somebody had named.
    "ALTER TABLE call_backs ADD COLUMN by_itself INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE call_backs ADD COLUMN promised TEXT",
)
"""SQL statements, run in one transaction."""
