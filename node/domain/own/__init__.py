"""A volunteer's own page: its values, and rules that are nobody else's."""
