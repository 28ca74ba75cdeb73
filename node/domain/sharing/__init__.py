"""What leaves a node in the clear: publication, epochs, clocks, what waits to go out."""
