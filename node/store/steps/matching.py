"""Step 0011: asking in waves until somebody says yes, and the plan of a morning."""

STATEMENTS = (
    # At most one a request. next_at: when the next ones are asked; NULL: not by itself.
    """CREATE TABLE waves(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        round INTEGER NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('asking','answered','run_out','stopped')),
        number INTEGER NOT NULL,
        goes_on INTEGER NOT NULL,
        next_at INTEGER,
        by_staff TEXT,
        started_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX waves_by_state ON waves(state, next_at)",
    # told_at: when the message with the link was made; thanked_at: when she was told that somebody else said yes.
    # link_hash: of her last link, so that whoever opens it then is thanked and not turned away.
    """CREATE TABLE waves_asked(
        assignment_id TEXT PRIMARY KEY REFERENCES assignments(id) ON DELETE CASCADE,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        told_at INTEGER,
        link_hash BLOB,
        thanked_at INTEGER) STRICT""",
    "CREATE INDEX waves_asked_by_need ON waves_asked(need_id)",
    "CREATE INDEX waves_asked_by_link ON waves_asked(link_hash)",
    """CREATE TABLE plans(
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK(state IN ('shown','over')),
        made_at INTEGER NOT NULL,
        by_staff TEXT NOT NULL) STRICT""",
    # person_id: NULL where nobody fits. assignment_id: what came of it.
    """CREATE TABLE plan_lines(
        id TEXT PRIMARY KEY,
        plan_id TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        need_id TEXT NOT NULL REFERENCES needs(id) ON DELETE CASCADE,
        person_id TEXT REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('shown','asked','left_out','stale')),
        assignment_id TEXT REFERENCES assignments(id) ON DELETE SET NULL,
        changed_at INTEGER NOT NULL) STRICT""",
    "CREATE INDEX plan_lines_by_plan ON plan_lines(plan_id, number)",
)
"""SQL statements, run in one transaction."""
