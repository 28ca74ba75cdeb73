"""A call while it is spoken, a pasted message, and paper."""
