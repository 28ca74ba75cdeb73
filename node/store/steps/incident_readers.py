"""Step 0097: who looked after safety when something was told before there were closed records: so that the last one of
them does not leave unnoticed. It follows from the roles of that day alone, whomever the report is about."""

_TOLD = "(SELECT min(a.at) FROM audit a WHERE a.object = 'incident:' || i.id AND a.action = 'incident.told')"

STATEMENTS = (
    """CREATE TABLE incident_readers(
        incident_id TEXT NOT NULL REFERENCES incidents(id) ON DELETE CASCADE,
        staff_id TEXT NOT NULL REFERENCES staff(id),
        PRIMARY KEY(incident_id, staff_id)) STRICT""",
    "CREATE INDEX incident_readers_by_staff ON incident_readers(staff_id)",
    f"""INSERT INTO incident_readers(incident_id, staff_id)
        SELECT i.id, s.id FROM incidents i JOIN staff s ON s.state = 'active' AND s.created_at <= {_TOLD}
        WHERE NOT EXISTS(SELECT 1 FROM compartment_members WHERE compartment = 'safeguarding')
        AND instr(s.roles, CASE WHEN EXISTS(SELECT 1 FROM staff o WHERE o.state = 'active'
            AND o.created_at <= {_TOLD} AND instr(o.roles, '"safety"') > 0)
            THEN '"safety"' ELSE '"admin"' END) > 0""",
)
"""SQL statements, run in one transaction."""
