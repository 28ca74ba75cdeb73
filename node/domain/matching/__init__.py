"""Who could go: gates, reasons and their weights, sharing a list out."""
