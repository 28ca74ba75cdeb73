"""Verbs with I/O: what a page, a command or a job may ask the node to do. Rights are checked here."""
