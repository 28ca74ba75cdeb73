"""Neighbouring groups: becoming neighbours, what passes between us."""
