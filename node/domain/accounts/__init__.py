"""Staff: leaving, and who sees how much."""
