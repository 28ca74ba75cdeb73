"""Step 0116: under which number a row stood in its own list, so that a sheet of past matches may name it by that."""

STATEMENTS = (
    # Two rows may have one number: two lists, or a list that was numbered anew. Then somebody is asked.
    """CREATE TABLE import_numbers(
        number_key BLOB NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('request','volunteer')),
        row_key BLOB NOT NULL,
        import_id TEXT NOT NULL,
        PRIMARY KEY(number_key, row_key)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX import_numbers_by_run ON import_numbers(import_id)",
)
"""SQL statements, run in one transaction."""
