"""What people are told by themselves: kinds of notices, choices, when a message may go and what its answer means."""
