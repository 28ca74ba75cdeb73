"""Step 0117: that we write to somebody by ourselves is a purpose of its own among what people agreed to."""

_COLUMNS = "id, person_id, need_id, purpose, answer, wording, at, by_actor, note_sealed"

STATEMENTS = (
    # SQLite changes no CHECK in place; nothing points to these rows.
    """CREATE TABLE consents_new(
        id INTEGER PRIMARY KEY,
        person_id TEXT REFERENCES persons(id) ON DELETE CASCADE,
        need_id TEXT REFERENCES needs(id) ON DELETE CASCADE,
        purpose TEXT NOT NULL
            CHECK(purpose IN ('help_you','groups_see','details_to_group','keep_details','messages')),
        answer INTEGER NOT NULL,
        wording TEXT NOT NULL,
        at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        note_sealed BLOB) STRICT""",
    f"INSERT INTO consents_new({_COLUMNS}) SELECT {_COLUMNS} FROM consents ORDER BY id",
    "DROP TABLE consents",
    "ALTER TABLE consents_new RENAME TO consents",
    "CREATE INDEX consents_by_need ON consents(need_id, purpose)",
    "CREATE INDEX consents_by_person ON consents(person_id)",
    # Who chose a way, or no messages at all, before their words had a version: that stands, and nobody is asked twice.
    "INSERT INTO consents(person_id, purpose, answer, wording, at, by_actor) "
    "SELECT COALESCE(p.merged_into, p.id), 'messages', c.out = 0 AND c.way IS NOT 'phone', 'as-chosen', c.changed_at, "
    "'volunteer:' || p.id FROM notice_choices c JOIN persons p ON p.id = c.person_id "
    "WHERE c.out = 1 OR c.way IS NOT NULL ORDER BY c.changed_at, p.id",
)
"""SQL statements, run in one transaction."""
