"""Checks, visits made alone, incidents, unusual looks."""
