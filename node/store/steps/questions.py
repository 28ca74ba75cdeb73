"""Step 0009d: the group's own questions."""

STATEMENTS = (
    # asked: a JSON list of codes; words: JSON, language -> words; choices: JSON, code -> language -> words.
    """CREATE TABLE questions(
        id TEXT PRIMARY KEY,
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK(kind IN ('yes_no','choice','text')),
        asked TEXT NOT NULL,
        words TEXT NOT NULL,
        choices TEXT NOT NULL) STRICT""",
)
