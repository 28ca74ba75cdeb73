"""Privacy, breaches, what is removed on which day."""
