"""A volunteer's own page: coming in without a password, what is hers, what is near, when she can."""
