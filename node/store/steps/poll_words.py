"""Step 0105: a short poll in several languages."""

STATEMENTS = (
    # language: a code, empty where nobody said which. also: JSON, language -> question and answers in the same order.
    "ALTER TABLE polls ADD COLUMN language TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE polls ADD COLUMN also TEXT NOT NULL DEFAULT '{}'",
)
"""SQL statements, run in one transaction."""
