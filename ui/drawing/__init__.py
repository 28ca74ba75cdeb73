"""Drawings that stand in a page itself: maps of areas, QR codes."""
