"""Step 0015b: a rule that is handed on to somebody else from a day on."""

STATEMENTS = (
    """CREATE TABLE series_hands(
        id TEXT PRIMARY KEY,
        series_id TEXT NOT NULL REFERENCES series(id) ON DELETE CASCADE,
        helper_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        from_day TEXT NOT NULL,
        state TEXT NOT NULL CHECK(state IN ('asked','agreed','declined','ended')),
        asked_day TEXT NOT NULL,
        told_new INTEGER NOT NULL,
        told_before INTEGER NOT NULL) STRICT""",
    "CREATE UNIQUE INDEX one_hand_at_a_time ON series_hands(series_id) WHERE state = 'asked'",
    "CREATE INDEX series_hands_by_helper ON series_hands(helper_id)",
)
"""SQL statements, run in one transaction."""
