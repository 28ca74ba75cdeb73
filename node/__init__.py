"""A group's own node: its people, needs and volunteers, kept on its own disk (see ARCHITECTURE.md)."""
