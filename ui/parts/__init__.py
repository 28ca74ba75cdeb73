"""Pieces that several pages share, from what the services give to what a template draws."""
