"""Step 0084: the secret of the link of somebody who asked, for messages to her, and the language she asked in."""

STATEMENTS = ("ALTER TABLE asking_links ADD COLUMN sealed BLOB",)
"""SQL statements, run in one transaction."""
