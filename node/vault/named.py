"""Records for named readers: sealed to their own keys, for what some holders of a compartment must not read.

Whom a box is for stands nowhere: whoever holds a key tries it.
"""

from collections.abc import Mapping
from typing import Any

from node.vault import records
from node.vault.compartments import Compartment
from node.vault.keys import KeyPair, WrongKey


def seal_for(
    public: bytes, compartment: Compartment, table: str, row_id: str, value: Mapping[str, Any]
) -> bytes:
    """The box for one reader and one row; needs no private key. ``public``: the reader's own."""
    return records.seal(public, compartment, table, row_id, value)


def open_with(
    pair: KeyPair, compartment: Compartment, table: str, row_id: str, blob: bytes
) -> dict[str, Any] | None:
    """What was sealed for that reader; None if it was for somebody else."""
    try:
        return records.open_(pair, compartment, table, row_id, blob)
    except WrongKey:
        return None
