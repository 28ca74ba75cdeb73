"""Step 0013: devices, former keys of compartments, what waits for a second yes, holds, data that got out."""

STATEMENTS = (
    # device: browser and system as a code of ours ('firefox-windows'); empty where neither was told.
    "ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT ''",
    # The private halves that came before the present one, each sealed to the present one. A row's records may still be
    # under it until done_at; the reasons in the audit stay under it, because the chain pins their very bytes.
    """CREATE TABLE former_keys(
        compartment TEXT NOT NULL REFERENCES compartments(name),
        public_key BLOB NOT NULL,
        private_sealed BLOB NOT NULL,
        retired_at INTEGER NOT NULL,
        done_at INTEGER,
        PRIMARY KEY(compartment, public_key)) STRICT""",
    # value: JSON, what would be shown to everybody: a kind's setting, or a text of the group in its own name.
    """CREATE TABLE proposals(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN ('share','text')),
        subject TEXT NOT NULL,
        value TEXT NOT NULL,
        by_staff TEXT NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('waiting','yes','no','replaced')),
        decided_by TEXT,
        decided_at INTEGER) STRICT""",
    "CREATE INDEX proposals_by_state ON proposals(state, at)",
    # Somebody whose record must not go yet; sealed: the reason.
    """CREATE TABLE holds(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id),
        review_day TEXT NOT NULL,
        by_staff TEXT NOT NULL,
        at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX holds_by_person ON holds(person_id)",
    # from_at..until_at: the span in which data may have been read; staff_id: through whose account. sealed: what
    # happened and what was done.
    """CREATE TABLE breaches(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        found_at INTEGER NOT NULL,
        from_at INTEGER NOT NULL,
        until_at INTEGER NOT NULL,
        staff_id TEXT,
        risk TEXT NOT NULL,
        authority_at INTEGER,
        people_at INTEGER,
        closed_at INTEGER,
        by_staff TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # Who was affected, as worked out when it was written down; an erased person leaves only the number.
    """CREATE TABLE breach_people(
        breach_id TEXT NOT NULL REFERENCES breaches(id) ON DELETE CASCADE,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        how TEXT NOT NULL CHECK(how IN ('seen','could')),
        PRIMARY KEY(breach_id, person_id)) STRICT""",
)
"""SQL statements, run in one transaction."""
