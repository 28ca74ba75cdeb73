"""Step 0012c: a sheet that is coming in goes on after a stop, and how far it is can be seen."""

STATEMENTS = (
    "ALTER TABLE imports ADD COLUMN done INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE imports ADD COLUMN to_check INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE imports ADD COLUMN closed INTEGER NOT NULL DEFAULT 0",
    "UPDATE imports SET done = rows",
    # The run that brings it in; nothing while nobody asked for that, and again when it has come in.
    "ALTER TABLE sheet_drafts ADD COLUMN import_id TEXT",
)
"""SQL statements, run in one transaction."""
