"""Step 0085: what members of staff want to be told by themselves, the messages, and what was told."""

STATEMENTS = (
    # By sign-in name: accounts do not move to another node, names do. sealed: the address and the secret of the link.
    """CREATE TABLE alert_choices(
        handle TEXT PRIMARY KEY COLLATE NOCASE,
        urgent TEXT NOT NULL,
        calls TEXT NOT NULL,
        neighbours TEXT NOT NULL,
        safety TEXT NOT NULL,
        stopped INTEGER NOT NULL,
        language TEXT NOT NULL,
        confirmed_at INTEGER,
        code_hash BLOB,
        code_until INTEGER,
        code_tries INTEGER NOT NULL,
        link_hash BLOB NOT NULL UNIQUE,
        bounced_at INTEGER,
        orphan_since INTEGER,
        changed_at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    """CREATE TABLE alert_messages(
        id TEXT PRIMARY KEY,
        handle TEXT NOT NULL COLLATE NOCASE REFERENCES alert_choices(handle) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        due INTEGER NOT NULL,
        ends INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        tries INTEGER NOT NULL,
        last_try INTEGER,
        answer TEXT NOT NULL,
        sealed BLOB) STRICT""",
    "CREATE INDEX alert_messages_by_state ON alert_messages(state, due)",
    "CREATE INDEX alert_messages_by_handle ON alert_messages(handle)",
    # It moves to another node, and messages do not: so message_id may name one that is not there.
    """CREATE TABLE alert_told(
        handle TEXT NOT NULL COLLATE NOCASE REFERENCES alert_choices(handle) ON DELETE CASCADE,
        thing TEXT NOT NULL,
        message_id TEXT,
        day TEXT NOT NULL,
        PRIMARY KEY(handle, thing)) STRICT""",
    "CREATE INDEX alert_told_by_message ON alert_told(message_id)",
    # At most one row, and only while an admin wants it: what sending takes while the records are closed, under a key
    # that lies on the machine; empty until they are open for the first time.
    """CREATE TABLE alert_standby(
        id TEXT PRIMARY KEY,
        wrapped BLOB NOT NULL) STRICT""",
)
"""SQL statements, run in one transaction."""
