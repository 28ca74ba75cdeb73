"""Step 0113: what words of a sheet mean is part of its saved mapping, and those words are somebody's own: sealed."""

STATEMENTS = (
    # NULL: of before; its answers stand in text until they are sealed (services.sheets.saved_mappings).
    "ALTER TABLE sheet_mappings ADD COLUMN sealed BLOB",
)
"""SQL statements, run in one transaction."""
