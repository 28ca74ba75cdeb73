"""What tests share: a clock to move, and a neighbourhood of real nodes."""
