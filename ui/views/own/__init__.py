"""A volunteer's own pages, signed in without a password."""
