"""Step 0012: what an export of another node brought, the volunteers and matches of sheets, saved mappings."""

STATEMENTS = (
    # The records of the nodes before this one, as they were written there; origin: the id of that node.
    """CREATE TABLE past_audit(
        origin TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        action TEXT NOT NULL,
        object TEXT NOT NULL,
        codes TEXT NOT NULL,
        note_sealed BLOB,
        note_hash BLOB,
        prev BLOB NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY(origin, seq)) STRICT""",
    "CREATE INDEX past_audit_by_object ON past_audit(object)",
    # Who worked there: only for the names in what was recorded.
    "CREATE TABLE past_staff(id TEXT PRIMARY KEY, handle TEXT NOT NULL) STRICT",
    # sealed: by which key the rows of sheets were hashed there, so that a sheet is known again here.
    "CREATE TABLE past_row_keys(id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT",
    # The volunteer or the match that one row of a sheet became; needs stand in import_rows.
    """CREATE TABLE import_others(
        row_key BLOB PRIMARY KEY,
        kind TEXT NOT NULL CHECK(kind IN ('volunteer','match')),
        thing_id TEXT NOT NULL,
        import_id TEXT NOT NULL) STRICT""",
    """CREATE TABLE sheet_mappings(
        name TEXT NOT NULL,
        sort TEXT NOT NULL CHECK(sort IN ('needs','volunteers','matches')),
        text TEXT NOT NULL,
        changed_at INTEGER NOT NULL,
        PRIMARY KEY(name, sort)) STRICT""",
)
"""SQL statements, run in one transaction."""
