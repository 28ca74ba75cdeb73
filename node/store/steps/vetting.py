"""Step 0010: records of safety checks are found by person."""

STATEMENTS = ("CREATE INDEX checks_by_person ON checks(person_id)",)
"""SQL statements, run in one transaction."""
