"""Step 0091: a rule of what repeats may have several weekdays."""

STATEMENTS = (
    # A JSON list, 0 Monday, in order; NULL in rules of before this step, which have the one in ``weekday``.
    "ALTER TABLE series ADD COLUMN weekdays TEXT",
)
"""SQL statements, run in one transaction."""
