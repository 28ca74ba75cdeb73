"""Step 0104: who is told of a request that somebody made for another person."""

STATEMENTS = (
    "ALTER TABLE asking_links ADD COLUMN for_other INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE asking_links ADD COLUMN told_person TEXT REFERENCES persons(id) ON DELETE SET NULL",
    "CREATE INDEX asking_links_told ON asking_links(told_person) WHERE told_person IS NOT NULL",
)
"""SQL statements, run in one transaction."""
