"""Step 0015: lists of people who are rung to hear how they are, who rings, and what was said."""

STATEMENTS = (
    # weekdays: JSON, 0 Monday. sealed: the list's name and what every caller should know.
    """CREATE TABLE call_lists(
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK(state IN ('running','paused','ended')),
        weekdays TEXT NOT NULL,
        first_day TEXT NOT NULL,
        last_day TEXT,
        on_holiday TEXT NOT NULL CHECK(on_holiday IN ('same','skip','before')),
        paused_until TEXT,
        language TEXT NOT NULL,
        by_staff TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    # A volunteer, or one of us.
    """CREATE TABLE call_callers(
        id TEXT PRIMARY KEY,
        list_id TEXT NOT NULL REFERENCES call_lists(id) ON DELETE CASCADE,
        person_id TEXT REFERENCES persons(id) ON DELETE CASCADE,
        staff_id TEXT,
        weekdays TEXT NOT NULL,
        link_hash BLOB,
        device_hash BLOB,
        since_day TEXT NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX one_caller_of_a_list ON call_callers(list_id, person_id) WHERE person_id IS NOT NULL",
    "CREATE UNIQUE INDEX one_of_us_on_a_list ON call_callers(list_id, staff_id) WHERE staff_id IS NOT NULL",
    "CREATE INDEX call_callers_by_link ON call_callers(link_hash)",
    "CREATE INDEX call_callers_by_person ON call_callers(person_id)",
    # caller_id names a caller that may be gone: then it stands for nobody. sealed: a note for the calls.
    """CREATE TABLE call_entries(
        id TEXT PRIMARY KEY,
        list_id TEXT NOT NULL REFERENCES call_lists(id) ON DELETE CASCADE,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('on','paused','off')),
        paused_until TEXT,
        place INTEGER NOT NULL,
        caller_id TEXT,
        agreed INTEGER NOT NULL,
        since_day TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX once_on_a_list ON call_entries(list_id, person_id)",
    "CREATE INDEX call_entries_by_person ON call_entries(person_id)",
    # Somebody else rings on that day alone.
    """CREATE TABLE call_moved(
        entry_id TEXT NOT NULL REFERENCES call_entries(id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        caller_id TEXT NOT NULL REFERENCES call_callers(id) ON DELETE CASCADE,
        PRIMARY KEY(entry_id, day)) STRICT""",
    "CREATE INDEX call_moved_by_caller ON call_moved(caller_id)",
    # Every word is kept; what came of a day is worked out from all of them.
    """CREATE TABLE call_words(
        id TEXT PRIMARY KEY,
        entry_id TEXT NOT NULL REFERENCES call_entries(id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        word TEXT NOT NULL CHECK(word IN ('fine','no_answer','wants','worried')),
        at INTEGER NOT NULL,
        by_actor TEXT NOT NULL,
        taken_back INTEGER NOT NULL,
        note_sealed BLOB) STRICT""",
    "CREATE INDEX call_words_by_entry ON call_words(entry_id, at)",
    "CREATE INDEX call_words_by_day ON call_words(day)",
    """CREATE TABLE call_tasks(
        id TEXT PRIMARY KEY,
        entry_id TEXT NOT NULL REFERENCES call_entries(id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK(kind IN ('no_answer','wants','worried')),
        said_id TEXT NOT NULL,
        raised_at INTEGER NOT NULL,
        taken_by TEXT,
        ended TEXT CHECK(ended IN ('done','answered','request','slip')),
        ended_at INTEGER,
        ended_by TEXT) STRICT""",
    "CREATE UNIQUE INDEX one_open_task_of_a_kind ON call_tasks(entry_id, kind) WHERE ended IS NULL",
    "CREATE UNIQUE INDEX one_task_of_a_word ON call_tasks(said_id, kind)",
    "CREATE INDEX call_tasks_open ON call_tasks(ended, raised_at)",
)
"""SQL statements, run in one transaction."""
