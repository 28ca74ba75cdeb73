"""Step 0002: how a neighbouring group came to us, what it is to us, and what we and it agreed on.

SQLite cannot change a CHECK in place, so ``peers`` and ``published`` are made anew and filled from the old ones.
"""

STATEMENTS = (
    # takes: JSON list of codes, NULL for all. changed_to: the root key that answered at url, not accepted yet.
    # reason: a code, why it is blocked; advise: whether our other peers may read that.
    """CREATE TABLE peers_2(
        origin TEXT PRIMARY KEY,
        url TEXT,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('asked','active','paused','blocked','left')),
        allow_private INTEGER NOT NULL DEFAULT 0,
        added_at INTEGER NOT NULL,
        role TEXT NOT NULL DEFAULT 'peer' CHECK(role IN ('peer','hub','reader')),
        vouched INTEGER NOT NULL DEFAULT 0,
        checks_count INTEGER NOT NULL DEFAULT 0,
        ask_now INTEGER NOT NULL DEFAULT 0,
        gives TEXT NOT NULL DEFAULT 'both' CHECK(gives IN ('both','public','nothing')),
        takes TEXT,
        advise INTEGER NOT NULL DEFAULT 0,
        reason TEXT,
        changed_to TEXT,
        changed_at INTEGER) STRICT""",
    "INSERT INTO peers_2(origin, url, name, state, allow_private, added_at)"
    " SELECT origin, url, name, state, allow_private, added_at FROM peers",
    "DROP TABLE peers",
    "ALTER TABLE peers_2 RENAME TO peers",
    # A secret is given once; only its hash is kept. used_by: the origin that introduced itself with it.
    """CREATE TABLE invites(
        id TEXT PRIMARY KEY,
        secret_hash BLOB NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK(role IN ('peer','hub','reader')),
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        used_at INTEGER,
        used_by TEXT) STRICT""",
    # What a node that asked to join said of itself, until our people decide.
    """CREATE TABLE introductions(
        origin TEXT PRIMARY KEY REFERENCES peers(origin) ON DELETE CASCADE,
        invite_id TEXT NOT NULL,
        keys_line BLOB NOT NULL,
        profile_line BLOB,
        at INTEGER NOT NULL) STRICT""",
    # need_id: for a vouch or an advice the origin that it is about.
    """CREATE TABLE published_2(
        public_id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL,
        set_name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('summary','withdrawal','vouch','advice')),
        content TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        expires TEXT NOT NULL,
        max_expires TEXT NOT NULL,
        line BLOB NOT NULL) STRICT""",
    "INSERT INTO published_2 SELECT public_id, need_id, set_name, kind, content, epoch, seq, expires,"
    " max_expires, line FROM published",
    "DROP TABLE published",
    "ALTER TABLE published_2 RENAME TO published",
    "CREATE INDEX published_by_need ON published(need_id)",
)
