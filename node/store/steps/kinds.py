"""Step 0009b: what the group calls the kinds of help."""

STATEMENTS = (
    "CREATE TABLE category_names(category TEXT NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY(category, language)) STRICT",
)
