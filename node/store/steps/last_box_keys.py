"""Step 0111: to which box key of a group a letter went last, so that one can still go once its profile is gone."""

STATEMENTS = ("ALTER TABLE peers ADD COLUMN box_key BLOB",)
"""SQL statements, run in one transaction."""
