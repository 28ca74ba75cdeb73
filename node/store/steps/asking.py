"""Step 0072: the private link of somebody who asked on the page, of which only a hash is kept."""

STATEMENTS = (
    """CREATE TABLE asking_links(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        link_hash BLOB NOT NULL,
        expires INTEGER NOT NULL,
        ended_from TEXT,
        ended_at INTEGER) STRICT""",
    "CREATE INDEX asking_links_by_link ON asking_links(link_hash)",
)
"""SQL statements, run in one transaction."""
