"""Step 0099: a rule of what repeats may change its weekdays, or its part of the day, from a day on."""

STATEMENTS = (
    # A JSON list in order: [first day, [weekdays], part of the day or null, [days whose request it closed]].
    "ALTER TABLE series ADD COLUMN changes TEXT NOT NULL DEFAULT '[]'",
)
"""SQL statements, run in one transaction."""
