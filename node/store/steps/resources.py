"""Step 0009c: other help that there is around."""

STATEMENTS = (
    # kinds, languages: JSON lists of codes. checked_on: the day on which somebody made sure that it is right.
    """CREATE TABLE resources(
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        what TEXT NOT NULL,
        kinds TEXT NOT NULL,
        address TEXT NOT NULL,
        area TEXT NOT NULL,
        hours TEXT NOT NULL,
        phone TEXT NOT NULL,
        link TEXT NOT NULL,
        languages TEXT NOT NULL,
        checked_on TEXT) STRICT""",
)
