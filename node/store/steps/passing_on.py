"""Step 0081: to which group somebody who asked on the page lets us give her request, in which words."""

STATEMENTS = (
    """CREATE TABLE may_pass_on(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        peer TEXT NOT NULL,
        wording TEXT NOT NULL,
        at INTEGER NOT NULL) STRICT""",
)
"""SQL statements, run in one transaction."""
