"""Lists of people who are rung."""
