"""Safety checks, what a kind asks, visits with a clock, incidents, unusual looks."""
