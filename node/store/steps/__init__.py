"""Later steps of ``group.db``, a file each: tuples of statements that node.store.migrations runs."""
