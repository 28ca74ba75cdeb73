"""Step 0070: what people are told by themselves, what they want to be told, and the mail server."""

STATEMENTS = (
    # sealed: what only this message carries (a link she asked for); answer_sealed: the server's own words.
    """CREATE TABLE notices(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        kind TEXT NOT NULL,
        way TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','sent','failed','given_up','suppressed')),
        due INTEGER NOT NULL,
        ends INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        last_try INTEGER,
        answer TEXT NOT NULL DEFAULT '',
        sealed BLOB,
        answer_sealed BLOB) STRICT""",
    "CREATE INDEX notices_by_due ON notices(due) WHERE state = 'waiting'",
    "CREATE INDEX notices_by_person ON notices(person_id)",
    "CREATE INDEX notices_by_day ON notices(created_at)",
    # What a person was told: the key is what keeps anything from being told twice, whatever the message.
    """CREATE TABLE notice_things(
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        thing TEXT NOT NULL,
        notice_id TEXT,
        day TEXT NOT NULL,
        PRIMARY KEY(person_id, thing)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX notice_things_by_notice ON notice_things(notice_id)",
    "CREATE INDEX notice_things_by_thing ON notice_things(thing)",
    # sealed: the secret of her link; bounced_index: the address that did not work, keyed.
    """CREATE TABLE notice_choices(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        urgent INTEGER NOT NULL DEFAULT 1,
        digest INTEGER NOT NULL DEFAULT 1,
        way TEXT,
        quiet_from INTEGER,
        quiet_until INTEGER,
        out INTEGER NOT NULL DEFAULT 0,
        link_hash BLOB NOT NULL UNIQUE,
        bounced_index BLOB,
        bounced_at INTEGER,
        changed_at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # One row. sealed: the password.
    """CREATE TABLE mail_server(
        id TEXT PRIMARY KEY,
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        tls TEXT NOT NULL CHECK(tls IN ('starttls','tls','none')),
        username TEXT NOT NULL,
        sender TEXT NOT NULL,
        reply_to TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
)
