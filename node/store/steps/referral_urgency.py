"""Step 0107: how soon a request is wanted that was handed on as a whole, so that it does not wait for long."""

STATEMENTS = (
    # NULL: it came, or went, before this step.
    "ALTER TABLE referrals ADD COLUMN urgency TEXT",
)
"""SQL statements, run in one transaction."""
