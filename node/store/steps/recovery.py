"""Step 0005: what neighbours knew better after a backup came back."""

STATEMENTS = (
    # What was taken down after the backup and is known at the neighbours only: the public summary.
    """CREATE TABLE lost(
        public_id TEXT PRIMARY KEY,
        set_name TEXT NOT NULL,
        content TEXT NOT NULL,
        found_at INTEGER NOT NULL,
        settled_at INTEGER,
        settled_by TEXT) STRICT""",
    # Needs that were put on hold because they are over there; heard_day: of which day that news is.
    """CREATE TABLE closed_since(
        need_id TEXT PRIMARY KEY REFERENCES needs(id) ON DELETE CASCADE,
        how TEXT NOT NULL CHECK(how IN ('withdrawn','taken','gone')),
        heard_day TEXT NOT NULL,
        found_at INTEGER NOT NULL) STRICT""",
)
