"""The board and all that is done to one request."""
