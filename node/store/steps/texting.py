"""Step 0076: text messages as a second way, and the numbers at which they failed."""

STATEMENTS = (
    # One row. sealed: the address of the gateway, its secret, and the secret of the address for answers.
    """CREATE TABLE text_gateway(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN ('hook','apprise')),
        answers INTEGER NOT NULL,
        inbound_hash BLOB NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "ALTER TABLE notice_choices ADD COLUMN text_bounced_index BLOB",
    "ALTER TABLE notice_choices ADD COLUMN text_bounced_at INTEGER",
)
