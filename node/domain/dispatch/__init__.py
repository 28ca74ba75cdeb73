"""What follows a yes: waves, what repeats, threads, notes of contact, undo, corrections."""
