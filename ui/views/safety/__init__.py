"""Safety checks, what kinds ask, incidents, unusual looks."""
