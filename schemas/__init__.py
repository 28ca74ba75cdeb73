"""The protocol's data: JSON Schemas, the shared list of kinds of help, and test vectors."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """One shipped document by its name without ``.json``, such as ``summary.v1``. Treat it as read-only.

    Raises ``FileNotFoundError`` for a name that does not exist.
    """
    document: dict[str, Any] = json.loads((files(__name__) / f"{name}.json").read_text("utf-8"))
    return document


def categories() -> dict[str, Any]:
    """The shared list of kinds of help."""
    return load("categories.v1")


def vectors(name: str) -> dict[str, Any]:
    """One set of public test vectors, such as ``lines.v1``; docs/protocol.md lists them."""
    return load(f"vectors/{name}")
