"""Every column of ``group.db``, and why it may lie readable on the disk - or that it does not.

A column that is missing here fails the build. What is ``clear`` is random ids, states, days, the fields that
a published summary could carry, and what volunteers agreed to; everything else about people is ``sealed``.
A table stands in the file of the room that its work belongs to.
"""

from collections.abc import Mapping

from node.store.columns import (
    accounts,
    calls,
    dispatch,
    exchange,
    gifts,
    group,
    needs,
    notices,
    people,
    rights,
    safety,
    sharing,
    sheets,
)
from node.store.columns.reasons import Column, Protection

_ROOMS = (
    group, accounts, people, needs, gifts, dispatch, calls, safety, rights, sharing, exchange, sheets, notices,
)  # fmt: skip

COLUMNS: Mapping[str, Mapping[str, Column]] = {
    table: columns for room in _ROOMS for table, columns in room.TABLES.items()
}
"""Table -> column -> how it lies on the disk."""

if len(COLUMNS) != sum(len(room.TABLES) for room in _ROOMS):
    raise ValueError("A table of group.db is classified in two rooms")

__all__ = ["COLUMNS", "Column", "Protection"]
