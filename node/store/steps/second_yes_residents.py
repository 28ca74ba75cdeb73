"""Step 0086: how many people live where the group helps is a thing for two, too, where it opens the public map."""

from node.store.steps.proposals import of_kinds

STATEMENTS = of_kinds(
    "share", "text", "name", "kit", "rule", "card", "question", "place", "places", "poll", "residents"
)
"""SQL statements, run in one transaction."""
