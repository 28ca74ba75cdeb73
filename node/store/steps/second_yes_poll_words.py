"""Step 0101: the words of a short poll in one more language, or corrected, are a thing for two, too."""

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
    "poll_words",
    "residents",
    "offers",
)
"""SQL statements, run in one transaction."""
