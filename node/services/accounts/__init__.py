"""Who may come in: set-up, staff, passwords, devices, leaving, and the keys that come with an account."""
