"""Step 0077: texts that came in, until they are seen to."""

STATEMENTS = (
    # sealed: number and words, gone once it is done. person_id: whose it was, once somebody could read it.
    """CREATE TABLE texts_in(
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('new','unclear','done')),
        person_id TEXT REFERENCES persons(id) ON DELETE CASCADE,
        sealed BLOB) STRICT""",
    "CREATE INDEX texts_in_by_state ON texts_in(state, at)",
    "CREATE INDEX texts_in_by_person ON texts_in(person_id)",
)
