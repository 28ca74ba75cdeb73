"""What the law asks: retention, breaches, papers."""
