"""Pages of the desk about what people have to give."""
