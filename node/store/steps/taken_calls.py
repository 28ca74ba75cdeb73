"""Which request a call became: who goes back, changes a letter and saves again is led to it, however late."""

STATEMENTS = ("ALTER TABLE drafts ADD COLUMN need_id TEXT REFERENCES needs(id) ON DELETE SET NULL",)
"""SQL statements, run in one transaction."""
