"""Step 0009: what the group says in its own words."""

STATEMENTS = (
    "CREATE TABLE texts(key TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, changed_at INTEGER NOT NULL,"
    " PRIMARY KEY(key, language)) STRICT",
    # Every wording the group ever wrote, by the name that consents hold: what was read out can be looked up later.
    "CREATE TABLE wordings(version TEXT PRIMARY KEY, key TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL,"
    " since INTEGER NOT NULL) STRICT",
)
