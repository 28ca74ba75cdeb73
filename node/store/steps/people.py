"""Step 0008: organisations, hours as a grid, the journey of volunteers, vouching, households, teams and patches.

Weekday names among ``volunteers.days_off`` become hours: whoever was off on Mondays can at every time but on
Mondays. Single days off stay where they are.
"""

_WEEKDAYS = """'["mon","tue","wed","thu","fri","sat","sun"]'"""

STATEMENTS = (
    "ALTER TABLE persons ADD COLUMN kind TEXT NOT NULL DEFAULT 'person'"
    " CHECK(kind IN ('person','organisation'))",
    # stage: how far she came; everybody who helps already has come all the way.
    "ALTER TABLE volunteers ADD COLUMN stage TEXT NOT NULL DEFAULT 'active'"
    " CHECK(stage IN ('applied','met','checked','active'))",
    # hours: JSON list of slots like 'mon:morning', in the order of the week.
    "ALTER TABLE volunteers ADD COLUMN hours TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE volunteers ADD COLUMN rest_days INTEGER NOT NULL DEFAULT 0",
    f"""UPDATE volunteers SET
        hours = (
            SELECT json_group_array(slot) FROM (
                SELECT day.value || ':' || part.value AS slot
                FROM json_each({_WEEKDAYS}) AS day, json_each('["morning","afternoon","evening"]') AS part
                WHERE day.value NOT IN (SELECT value FROM json_each(volunteers.days_off))
                ORDER BY day.key, part.key)),
        days_off = (
            SELECT json_group_array(value) FROM json_each(volunteers.days_off)
            WHERE value NOT IN (SELECT value FROM json_each({_WEEKDAYS})))""",
    # Who answers for somebody new: a person we know, or a member of staff.
    """CREATE TABLE vouches(
        id TEXT PRIMARY KEY,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        by_person TEXT REFERENCES persons(id) ON DELETE CASCADE,
        by_staff TEXT,
        at INTEGER NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    "CREATE INDEX vouches_by_person ON vouches(person_id)",
    "CREATE TABLE households(id TEXT PRIMARY KEY, created_day TEXT NOT NULL) STRICT",
    """CREATE TABLE household_members(
        person_id TEXT PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
        household_id TEXT NOT NULL REFERENCES households(id) ON DELETE CASCADE) STRICT""",
    "CREATE INDEX household_members_by_household ON household_members(household_id)",
    # Needs of a whole household, not of one of its people.
    "CREATE TABLE household_needs(need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE) STRICT",
    # sealed: the name and the patch. A captain is a volunteer or a member of staff.
    """CREATE TABLE teams(
        id TEXT PRIMARY KEY,
        captain_person TEXT REFERENCES persons(id) ON DELETE SET NULL,
        captain_staff TEXT,
        created_day TEXT NOT NULL,
        sealed BLOB NOT NULL) STRICT""",
    """CREATE TABLE team_members(
        team_id TEXT NOT NULL REFERENCES teams(id) ON DELETE CASCADE,
        person_id TEXT NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
        PRIMARY KEY(team_id, person_id)) STRICT""",
    "CREATE INDEX team_members_by_person ON team_members(person_id)",
)
"""SQL statements, run in one transaction."""
