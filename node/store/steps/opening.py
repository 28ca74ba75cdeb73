"""Step 0078: when a place that helps is open, as times and not only as words."""

STATEMENTS = (
    # A JSON list of [weekday, opens, closes]: 0 Monday, minutes since midnight.
    "ALTER TABLE resources ADD COLUMN week TEXT NOT NULL DEFAULT '[]'",
)
