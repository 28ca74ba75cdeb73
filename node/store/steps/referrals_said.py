"""Step 0100: when the last word about a request that was passed on went out, apart from when it changed."""

STATEMENTS = (
    "ALTER TABLE referrals ADD COLUMN said_at INTEGER",
    "UPDATE referrals SET said_at = changed_at WHERE told IS NOT NULL",
)
"""SQL statements, run in one transaction."""
