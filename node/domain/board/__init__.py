"""What the desk sees: rows of the board, who looks at what, shifts."""
