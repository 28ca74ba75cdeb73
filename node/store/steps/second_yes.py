"""Step 0013b: more waits for a second yes than sharing and texts; the command line may ask; a founder was alone."""

from node.store.steps.proposals import of_kinds

STATEMENTS = of_kinds("share", "text", "name", "kit", "rule", "card")
"""SQL statements, run in one transaction."""
