"""Step 0098: the rota of a node that moved here, by the names of accounts that may come yet."""

STATEMENTS = (
    """CREATE TABLE rota_moved(
        day TEXT NOT NULL,
        part TEXT NOT NULL CHECK(part IN ('morning','afternoon','evening')),
        handle TEXT NOT NULL COLLATE NOCASE,
        PRIMARY KEY(day, part, handle)) STRICT""",
)
"""SQL statements, run in one transaction."""
