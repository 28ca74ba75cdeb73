"""All SQL over ``group.db``: one writer, one read-only reader, a file per noun."""
