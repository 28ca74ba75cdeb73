"""Step 0112: whose own copy of a report about safety ended, because it went into the closed records without her."""

STATEMENTS = (
    # ended_by: who took it in. The row goes once she has read that, or with the report.
    """CREATE TABLE incident_ended(
        incident_id TEXT NOT NULL REFERENCES incidents(id) ON DELETE CASCADE,
        staff_id TEXT NOT NULL REFERENCES staff(id),
        ended_by TEXT NOT NULL,
        ended_at INTEGER NOT NULL,
        PRIMARY KEY(incident_id, staff_id)) STRICT""",
    "CREATE INDEX incident_ended_by_staff ON incident_ended(staff_id)",
)
"""SQL statements, run in one transaction."""
