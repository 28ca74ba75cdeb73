"""Private links: a task, a round, a patch, calls. Opening one changes nothing."""
