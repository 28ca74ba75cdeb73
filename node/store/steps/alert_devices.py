"""Step 0106: browsers in which somebody who works here is told what waits."""

STATEMENTS = (
    # By sign-in name, as the choices: it outlives a sign-in, which ends every night. browser: as it said of itself;
    # sealed: its address and keys.
    """CREATE TABLE alert_devices(
        id TEXT PRIMARY KEY,
        handle TEXT NOT NULL COLLATE NOCASE REFERENCES alert_choices(handle) ON DELETE CASCADE,
        endpoint_hash BLOB NOT NULL UNIQUE,
        browser TEXT NOT NULL,
        since INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX alert_devices_by_handle ON alert_devices(handle)",
)
"""SQL statements, run in one transaction."""
