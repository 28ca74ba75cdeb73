"""One person's record: finding, changing, merging, copying it, households and streets."""
