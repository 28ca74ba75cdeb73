"""Step 0093: chats: the service by which people are written to, their own addresses on it, and the group's room."""

STATEMENTS = (
    # One row. name and hint: as people read them; sealed: the address of the service, with its keys.
    """CREATE TABLE chat_service(
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        hint TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # Confirmed by digits that were sent there. sealed: the address.
    """CREATE TABLE chat_addresses(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        confirmed_at INTEGER,
        code_hash BLOB,
        code_until INTEGER,
        code_tries INTEGER NOT NULL DEFAULT 0,
        bounced_at INTEGER,
        changed_at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # One row. urgent: requests for today go there by themselves; sealed: the address of the room.
    """CREATE TABLE chat_room(
        id TEXT PRIMARY KEY,
        urgent INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # What the room was told, or is about to be: a request in one of its rounds.
    """CREATE TABLE room_posts(
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        round INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','sent','failed','given_up','suppressed')),
        due INTEGER NOT NULL,
        ends INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        answer TEXT NOT NULL DEFAULT '',
        PRIMARY KEY(need_id, round)) STRICT""",
    "CREATE INDEX room_posts_by_due ON room_posts(due) WHERE state = 'waiting'",
)
"""SQL statements, run in one transaction."""
