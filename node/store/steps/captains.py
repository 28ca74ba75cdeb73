"""Step 0008b: the private link of a street captain, of which only a hash is kept, and the device it was opened on."""

STATEMENTS = (
    "ALTER TABLE teams ADD COLUMN link_hash BLOB",
    "ALTER TABLE teams ADD COLUMN link_expires INTEGER",
    "ALTER TABLE teams ADD COLUMN device_hash BLOB",
    "CREATE UNIQUE INDEX teams_by_link ON teams(link_hash) WHERE link_hash IS NOT NULL",
)
"""SQL statements, run in one transaction."""
