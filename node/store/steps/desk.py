"""Step 0006: triage and follow-up - calls, messages, corrections, what can be undone, who is on."""

STATEMENTS = (
    # note_sealed: NULL when nothing was noted.
    """CREATE TABLE contact_log(
        id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK(kind IN ('no_answer','spoke','left_message','text_sent','visited','other')),
        at INTEGER NOT NULL,
        by_staff TEXT NOT NULL,
        note_sealed BLOB) STRICT""",
    "CREATE INDEX contact_log_by_need ON contact_log(need_id, at)",
    # At most one a request: a later promise replaces an earlier one.
    """CREATE TABLE call_backs(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        at INTEGER NOT NULL,
        by_staff TEXT NOT NULL,
        note_sealed BLOB) STRICT""",
    # by_staff: NULL when the volunteer wrote it; seen_at: when the other side first had it on a page.
    """CREATE TABLE messages(
        id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        assignment_id TEXT NOT NULL REFERENCES assignments(id) ON DELETE CASCADE,
        by_staff TEXT,
        at INTEGER NOT NULL,
        seen_at INTEGER,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX messages_by_task ON messages(assignment_id, at)",
    "CREATE INDEX messages_by_need ON messages(need_id)",
    # assignment_id: whose word it is; NULL for the one who asked for help.
    """CREATE TABLE feedback(
        id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        assignment_id TEXT REFERENCES assignments(id) ON DELETE CASCADE,
        answer TEXT NOT NULL CHECK(answer IN ('well','partly','not')),
        at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        note_sealed BLOB) STRICT""",
    "CREATE INDEX feedback_by_need ON feedback(need_id, at)",
    # fields: JSON list of codes; sealed: each field as it was and as it became.
    """CREATE TABLE corrections(
        id TEXT PRIMARY KEY,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        by_staff TEXT NOT NULL,
        fields TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX corrections_by_need ON corrections(need_id, at)",
    # Before the last move on a request; audit_seq: that move's last line in the audit.
    """CREATE TABLE undos(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        move TEXT NOT NULL,
        by_staff TEXT NOT NULL,
        at INTEGER NOT NULL,
        audit_seq INTEGER NOT NULL,
        before TEXT NOT NULL) STRICT""",
    """CREATE TABLE rota(
        day TEXT NOT NULL,
        part TEXT NOT NULL CHECK(part IN ('morning','afternoon','evening')),
        staff_id TEXT NOT NULL REFERENCES staff(id),
        PRIMARY KEY(day, part, staff_id)) STRICT""",
    """CREATE TABLE shift_notes(
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        by_staff TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    """CREATE TABLE shift_notes_read(
        note_id TEXT NOT NULL REFERENCES shift_notes(id) ON DELETE CASCADE,
        staff_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY(note_id, staff_id)) STRICT""",
)
"""SQL statements, run in one transaction."""
