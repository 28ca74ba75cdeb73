"""Step 0075: short polls of needs, of which only counts are kept; a new one waits for a second yes too."""

from node.store.steps.proposals import of_kinds

STATEMENTS = (
    # choices: a JSON list of words for everybody. until_day: the last day on which it can be answered.
    """CREATE TABLE polls(
        id TEXT PRIMARY KEY,
        question TEXT NOT NULL,
        choices TEXT NOT NULL,
        begun_day TEXT NOT NULL,
        until_day TEXT NOT NULL,
        shown INTEGER NOT NULL) STRICT""",
    # choice: its number, from 0. There is no row of one answer anywhere.
    """CREATE TABLE poll_counts(
        poll_id TEXT NOT NULL REFERENCES polls(id) ON DELETE CASCADE,
        choice INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY(poll_id, choice)) STRICT""",
    *of_kinds("share", "text", "name", "kit", "rule", "card", "question", "place", "places", "poll"),
)
"""SQL statements, run in one transaction."""
