"""Rounds of deliveries, and receipts."""
