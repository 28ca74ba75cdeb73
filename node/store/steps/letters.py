"""Step 0003: sealed direct messages - our box keys, what goes out, what came in, and mail kept for members."""

STATEMENTS = (
    # retired_at: when the next one took over.
    """CREATE TABLE box_keys(
        id TEXT PRIMARY KEY,
        public_key BLOB NOT NULL,
        private_sealed BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        retired_at INTEGER) STRICT""",
    # person_id: whose details are inside, so that erasing them takes the letter along. at_hub: a hub has it for
    # them; held: a restore brought it back, and a person decides; ended: see answer. Both boxes are emptied when
    # nothing can need them any more.
    """CREATE TABLE outbox(
        id TEXT PRIMARY KEY,
        peer TEXT NOT NULL,
        kind TEXT NOT NULL,
        need TEXT,
        person_id TEXT,
        state TEXT NOT NULL CHECK(state IN ('waiting','held','at_hub','delivered','ended')),
        box TEXT NOT NULL,
        expires TEXT NOT NULL,
        message_sealed BLOB,
        copy_sealed BLOB,
        created_at INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        last_try INTEGER,
        next_try INTEGER NOT NULL,
        via TEXT,
        answer TEXT) STRICT""",
    "CREATE INDEX outbox_due ON outbox(state, next_try)",
    "CREATE INDEX outbox_by_peer ON outbox(peer, created_at)",
    "CREATE INDEX outbox_by_person ON outbox(person_id) WHERE person_id IS NOT NULL",
    # sha: SHA-256 of the message. via: who brought it. sender and kind are known once it was opened.
    """CREATE TABLE inbox(
        sha BLOB PRIMARY KEY,
        id TEXT NOT NULL,
        via TEXT NOT NULL,
        box TEXT NOT NULL,
        expires TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','done','aside')),
        sender TEXT,
        kind TEXT,
        reason TEXT,
        arrived_at INTEGER NOT NULL,
        opened_at INTEGER,
        tries INTEGER NOT NULL DEFAULT 0,
        message_sealed BLOB) STRICT""",
    "CREATE INDEX inbox_by_state ON inbox(state, via)",
    # A letter is acted on once, however often and in how many envelopes it comes.
    "CREATE UNIQUE INDEX inbox_once ON inbox(sender, id) WHERE state = 'done'",
    """CREATE TABLE mailbox(
        sha BLOB PRIMARY KEY,
        member TEXT NOT NULL,
        sender TEXT NOT NULL,
        id TEXT NOT NULL,
        expires TEXT NOT NULL,
        put_at INTEGER NOT NULL,
        message_sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX mailbox_by_member ON mailbox(member, sender)",
)
