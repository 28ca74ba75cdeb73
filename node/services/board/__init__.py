"""What coordinators look at together: the board, shifts, whose turn it is to decide."""
