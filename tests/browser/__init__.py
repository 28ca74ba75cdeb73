"""The pages in a real browser: the whole path without a script, and axe on every page and state."""
