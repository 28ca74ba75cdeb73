"""Rounds of deliveries: stops and their order, what is shown of them, receipts."""
