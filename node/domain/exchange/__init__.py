"""What passes between groups, sealed: tasks, hand-overs, referrals, letters."""
