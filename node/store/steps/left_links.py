"""Step 0096: the private link by which somebody who is off a task still says that she felt unsafe there."""

STATEMENTS = tuple(
    statement
    for table in ("assignments", "away_tasks")
    for statement in (
        f"ALTER TABLE {table} ADD COLUMN last_link BLOB",
        f"ALTER TABLE {table} ADD COLUMN last_device BLOB",
        f"CREATE INDEX {table}_by_last_link ON {table}(last_link) WHERE last_link IS NOT NULL",
    )
)
"""SQL statements, run in one transaction."""
