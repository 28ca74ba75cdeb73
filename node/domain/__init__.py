"""Values and pure rules of a group's work: no I/O, no clock, no randomness of their own."""
