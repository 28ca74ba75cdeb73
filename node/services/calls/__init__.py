"""Lists of people who are rung to hear how they are."""
