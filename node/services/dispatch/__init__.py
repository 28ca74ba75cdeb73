"""From a need to a helper and back: asking, answering, waves, plans, what repeats, follow-up, undo."""
