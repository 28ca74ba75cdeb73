"""Step 0011b: standing pairs, and needs that come again by a rule."""

STATEMENTS = (
    # Both have to agree; either may end it.
    """CREATE TABLE buddies(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        helper_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('asked','agreed','ended')),
        person_said INTEGER NOT NULL,
        helper_said INTEGER NOT NULL,
        since_day TEXT NOT NULL,
        ended_day TEXT,
        ended_by TEXT CHECK(ended_by IN ('person','helper','us'))) STRICT""",
    "CREATE UNIQUE INDEX one_standing_pair ON buddies(person_id, helper_id) WHERE state <> 'ended'",
    "CREATE INDEX buddies_by_helper ON buddies(helper_id)",
    # nth: of the month, 1 to 4, -1 the last; NULL for weekly rules. sealed: what is wanted each time.
    """CREATE TABLE series(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        state TEXT NOT NULL CHECK(state IN ('running','paused','ended')),
        every TEXT NOT NULL CHECK(every IN ('week','fortnight','month')),
        weekday INTEGER NOT NULL,
        nth INTEGER,
        first_day TEXT NOT NULL,
        last_day TEXT,
        paused_until TEXT,
        on_holiday TEXT NOT NULL CHECK(on_holiday IN ('same','skip','before')),
        by_staff TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX series_by_person ON series(person_id)",
    # What became of each day of a rule; need_id: NULL for one that was skipped.
    """CREATE TABLE series_days(
        series_id TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE,
        day TEXT NOT NULL,
        need_id TEXT REFERENCES needs(id) ON DELETE SET NULL,
        skipped INTEGER NOT NULL,
        PRIMARY KEY(series_id, day)) STRICT""",
    "CREATE INDEX series_days_by_need ON series_days(need_id)",
)
"""SQL statements, run in one transaction."""
