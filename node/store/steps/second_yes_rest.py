"""Step 0073: questions of our own and places on the list of other help wait for a second yes too."""

from node.store.steps.proposals import of_kinds

STATEMENTS = of_kinds("share", "text", "name", "kit", "rule", "card", "question", "place", "places")
"""SQL statements, run in one transaction."""
