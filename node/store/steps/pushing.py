"""Step 0082: notifications as a third way: the node's key towards push services, and the devices that show them."""

STATEMENTS = (
    # One row. sealed: the private half.
    """CREATE TABLE push_key(
        id TEXT PRIMARY KEY,
        public BLOB NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # A device is a browser in which a volunteer is signed in, and goes with that. sealed: its address and keys.
    """CREATE TABLE push_devices(
        id TEXT PRIMARY KEY,
        session_id BLOB NOT NULL UNIQUE REFERENCES own_sessions(id) ON DELETE CASCADE,
        endpoint_hash BLOB NOT NULL UNIQUE,
        since INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
)
"""SQL statements, run in one transaction."""
