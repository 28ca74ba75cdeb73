"""The tables of ``neighbourhood.db``.

Origins are small integers, cells and days integers, ids and lines bytes. One row of ``lines`` is the one
current line of one slot of one origin; its rowid is its arrival number, so the changes feed is a scan of the
table itself. There are no migrations: a file of another version is thrown away and fetched again.
"""

VERSION = 4

KEYS, PROFILE, HEAD, SUMMARY, WITHDRAWAL, VOUCH, ADVICE, FAREWELL = range(8)
"""Values of ``lines.kind``. What lies from SUMMARY to ADVICE is a register and stands in a set."""

SETS = {"public": 1, "peers": 2}
SET_NAMES = {number: name for name, number in SETS.items()}
OPEN, TAKEN = 1, 2
STATUSES = {"open": OPEN, "taken": TAKEN}

KEYS_SLOT = b"keys"
PROFILE_SLOT = b"profile"
FAREWELL_SLOT = b"farewell"
UNCHECKED, CHECKED, FALSE = range(3)
"""Values of ``lines.sig_checked``. UNCHECKED: the line came with its whole set under a signed head, and its own
signature was not looked at yet. FALSE: it was, and nobody made it; such a line goes nowhere."""

HEAD_SLOTS = {"public": b"head public", "peers": b"head peers"}
"""Slots of statements that have no id of their own; none is 16 bytes long, as ids are."""

OFFERS_INDEX = "CREATE INDEX IF NOT EXISTS lines_of_offers ON lines (cset) WHERE need = 0"

STATEMENTS = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE origins (
        n INTEGER PRIMARY KEY,
        origin TEXT NOT NULL UNIQUE,
        keys_rev INTEGER NOT NULL DEFAULT 0,
        keys_sha BLOB,
        epoch_floor INTEGER NOT NULL DEFAULT 0,
        op_key TEXT,
        epoch INTEGER NOT NULL DEFAULT 0,
        forked_epoch INTEGER NOT NULL DEFAULT 0,
        forked_rev INTEGER NOT NULL DEFAULT 0,
        contradictions INTEGER NOT NULL DEFAULT 0,
        contradicted INTEGER,
        blocked INTEGER NOT NULL DEFAULT 0,
        last_heard INTEGER
    ) STRICT""",
    """CREATE TABLE lines (
        arrival INTEGER PRIMARY KEY,
        origin INTEGER NOT NULL REFERENCES origins (n),
        slot BLOB NOT NULL,
        kind INTEGER NOT NULL,
        cset INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        sha BLOB NOT NULL,
        line BLOB NOT NULL,
        expires INTEGER,
        need INTEGER,
        place INTEGER,
        category TEXT,
        status INTEGER,
        hidden TEXT,
        shown INTEGER NOT NULL,
        received INTEGER NOT NULL,
        sig_checked INTEGER NOT NULL,
        UNIQUE (origin, slot)
    ) STRICT""",
    "CREATE INDEX lines_by_place ON lines (cset, place) WHERE shown = 1",
    # Standing offers are few beside requests, and asked for when somebody rings.
    OFFERS_INDEX,
    # What groups say of groups, asked for at every page; of hubs it is few.
    f"CREATE INDEX lines_of_groups ON lines (kind, origin) WHERE kind >= {VOUCH}",
    # Which vouches were counted in, and when: no hub brings more than so many new origins a day.
    """CREATE TABLE admitted (
        voucher TEXT NOT NULL,
        subject TEXT NOT NULL,
        day INTEGER NOT NULL,
        PRIMARY KEY (voucher, subject)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE cell_counts (
        cset INTEGER NOT NULL,
        need INTEGER NOT NULL,
        place INTEGER NOT NULL,
        category TEXT NOT NULL,
        status INTEGER NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (cset, need, place, category, status)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE heads (
        origin INTEGER NOT NULL REFERENCES origins (n),
        cset INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        sha BLOB NOT NULL,
        count INTEGER NOT NULL,
        digest TEXT NOT NULL,
        asof INTEGER NOT NULL,
        issued INTEGER NOT NULL,
        next_by INTEGER NOT NULL,
        keys_rev INTEGER NOT NULL,
        state TEXT NOT NULL,
        repaired BLOB,
        PRIMARY KEY (origin, cset)
    ) STRICT, WITHOUT ROWID""",
    # How many registers of an origin are held in a set: see Totals in federation.store.rows.
    """CREATE TABLE totals (
        origin INTEGER NOT NULL REFERENCES origins (n),
        cset INTEGER NOT NULL,
        live INTEGER NOT NULL,
        withdrawn INTEGER NOT NULL,
        hidden INTEGER NOT NULL,
        PRIMARY KEY (origin, cset)
    ) STRICT, WITHOUT ROWID""",
    # How many more summaries an origin may change in a set: see federation.allowances.
    """CREATE TABLE allowances (
        origin INTEGER NOT NULL REFERENCES origins (n),
        cset INTEGER NOT NULL,
        day INTEGER NOT NULL,
        room INTEGER NOT NULL,
        whole_day INTEGER NOT NULL,
        PRIMARY KEY (origin, cset)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE proofs (
        origin TEXT NOT NULL,
        slot BLOB NOT NULL,
        first_sha BLOB NOT NULL,
        second_sha BLOB NOT NULL,
        first BLOB NOT NULL,
        second BLOB NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (origin, slot, first_sha, second_sha)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE quarantine (
        sha BLOB PRIMARY KEY,
        raw BLOB NOT NULL,
        code TEXT NOT NULL,
        detail TEXT NOT NULL,
        via TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        times INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE cursors (
        peer TEXT PRIMARY KEY,
        cursor TEXT NOT NULL,
        allowed TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE peer_states (
        peer TEXT PRIMARY KEY,
        last_try INTEGER,
        last_success INTEGER,
        error_code TEXT,
        last_error TEXT,
        tries INTEGER NOT NULL,
        next_try INTEGER,
        interval REAL,
        behind INTEGER NOT NULL,
        rollbacks INTEGER NOT NULL,
        last_rollback INTEGER,
        omissions INTEGER NOT NULL,
        last_omission INTEGER
    ) STRICT, WITHOUT ROWID""",
)
