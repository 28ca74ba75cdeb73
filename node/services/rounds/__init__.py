"""Rounds of deliveries: making, driving, printing them; receipts."""
