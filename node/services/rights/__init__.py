"""What the law gives people: erasure, retention, consent papers, breaches."""
