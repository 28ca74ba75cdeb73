"""Step 0010: until when details are held, which are in doubt since a restore, and which letter the next answers."""

STATEMENTS = (
    # re: their latest letter about it, named in whatever we write next.
    "ALTER TABLE peer_offers ADD COLUMN re TEXT",
    # held_at: when the details came first; keep_days: as that group said it, after done.
    # doubted: a backup brought them back, and the other group has not answered yet.
    "ALTER TABLE away_tasks ADD COLUMN re TEXT",
    "ALTER TABLE away_tasks ADD COLUMN held_at INTEGER",
    "ALTER TABLE away_tasks ADD COLUMN keep_days INTEGER",
    "ALTER TABLE away_tasks ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0",
    "UPDATE away_tasks SET held_at = changed_at WHERE held = 'held'",
    # asked: they ask how it stands.
    "ALTER TABLE referrals ADD COLUMN re TEXT",
    "ALTER TABLE referrals ADD COLUMN asked INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE referrals ADD COLUMN doubted INTEGER NOT NULL DEFAULT 0",
)
"""SQL statements, run in one transaction."""
