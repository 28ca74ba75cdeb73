"""Step 0122: who signed up and may be somebody we know is found at every question of who fits."""

STATEMENTS = ("CREATE INDEX volunteers_applied ON volunteers(person_id) WHERE stage = 'applied'",)
"""SQL statements, run in one transaction."""
