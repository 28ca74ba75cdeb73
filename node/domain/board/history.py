"""The history of one thing as it is read: looks of the same day that nothing came between are one line of it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol, TypeVar

LOOK = "look."
"""How the audit's names of looks begin."""


class Recorded(Protocol):
    """One thing as it was recorded: when (Unix seconds), by whom, what."""

    @property
    def at(self) -> int: ...

    @property
    def actor(self) -> str: ...

    @property
    def action(self) -> str: ...


_Row = TypeVar("_Row", bound=Recorded)


def folded(
    rows: Iterable[_Row], day: Callable[[int], date], says_more: Callable[[_Row], bool]
) -> tuple[tuple[_Row, int], ...]:
    """``rows`` (oldest first), each with how many it stands for: the looks of one person, of one sort and one day are
    the last of them. Where something was done in between, a new one begins: who had looked before it can be told. A
    look that ``says_more`` than that it was stands alone. The record itself keeps each look."""
    told: list[tuple[_Row, int]] = []
    looks: dict[tuple[str, str, date], tuple[_Row, int]] = {}
    for row in rows:
        if not row.action.startswith(LOOK) or says_more(row):
            told += looks.values()
            looks.clear()
            told.append((row, 1))
            continue
        which = (row.actor, row.action, day(row.at))
        _, before = looks.pop(which, (None, 0))  # the latest look stands last
        looks[which] = row, before + 1
    return (*told, *looks.values())
