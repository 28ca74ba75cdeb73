"""Step 0087: what the group offers to everybody is a thing for two, too."""

from node.store.steps.proposals import of_kinds

STATEMENTS = of_kinds(
    "share",
    "text",
    "name",
    "kit",
    "rule",
    "card",
    "question",
    "place",
    "places",
    "poll",
    "residents",
    "offers",
)
"""SQL statements, run in one transaction."""
