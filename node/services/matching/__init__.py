"""Who could help: the roster, what a kind asks of a helper, gates and reasons."""
