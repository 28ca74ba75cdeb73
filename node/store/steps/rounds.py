"""Step 0014: rounds of deliveries, their stops, and receipts."""

STATEMENTS = (
    # sealed: where it begins and a note.
    """CREATE TABLE runs(
        id TEXT PRIMARY KEY,
        driver_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('planned','under_way','over','called_off')),
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        by_staff TEXT,
        link_hash BLOB,
        device_hash BLOB,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX runs_by_day ON runs(day)",
    "CREATE INDEX runs_by_link ON runs(link_hash)",
    "CREATE INDEX runs_by_driver ON runs(driver_id)",
    # A stop is an assignment: it goes with it, and can be on one round only. sealed: how to hand over;
    # told_sealed: what was said at the door, which can be written while the records are closed.
    """CREATE TABLE run_stops(
        assignment_id TEXT PRIMARY KEY REFERENCES assignments(id) ON DELETE CASCADE,
        run_id TEXT NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        said TEXT CHECK(said IN ('done','nobody_home','problem')),
        sealed BLOB NOT NULL,
        told_sealed BLOB) STRICT""",
    "CREATE INDEX run_stops_by_run ON run_stops(run_id, place)",
    # sealed: the amount and the number on the receipt; note_sealed: what it was for, in words.
    """CREATE TABLE receipts(
        id TEXT PRIMARY KEY,
        person_id TEXT REFERENCES persons(id) ON DELETE SET NULL,
        need_id TEXT REFERENCES needs(id) ON DELETE SET NULL,
        day TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('claimed','paid','refused')),
        how TEXT CHECK(how IN ('cash','transfer','other')),
        settled_day TEXT,
        settled_by TEXT,
        by_actor TEXT NOT NULL,
        at INTEGER NOT NULL,
        sealed BLOB NOT NULL,
        note_sealed BLOB) STRICT""",
    "CREATE INDEX receipts_by_need ON receipts(need_id)",
    "CREATE INDEX receipts_by_person ON receipts(person_id)",
    "CREATE INDEX receipts_by_state ON receipts(state, day)",
)
"""SQL statements, run in one transaction."""
