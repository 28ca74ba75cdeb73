"""Step 0108: whoever rings for somebody else is known the next time, by a blind index of the caller's number."""

STATEMENTS = (
    # NULL: still to be made from the sealed record (services.intake.callers); empty: nobody rang for anybody.
    "ALTER TABLE needs ADD COLUMN caller_index BLOB",
    "UPDATE needs SET caller_index = x'' WHERE length(sealed) = 0",
    "CREATE INDEX needs_by_caller ON needs(caller_index) WHERE caller_index > x''",
    "CREATE INDEX needs_without_caller_index ON needs(id) WHERE caller_index IS NULL",
)
"""SQL statements, run in one transaction."""
