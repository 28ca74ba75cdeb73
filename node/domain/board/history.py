"""The history of one thing as it is read: looks of the same day that nothing came between are one line of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from node.domain.board.views import HistoryRow

LOOK = "look."
"""How the audit's names of looks begin."""


def folded(rows: Iterable[HistoryRow], day: Callable[[int], date]) -> tuple[HistoryRow, ...]:
    """``rows`` (oldest first) with the looks of one person, of one sort and one day in one line, told at the time of
    the last of them and with how many there were. Where something was done in between, a new line begins: who had
    looked before it can be told. The record itself keeps each look."""
    told: list[HistoryRow] = []
    looks: dict[tuple[str, str, date], HistoryRow] = {}
    for row in rows:
        if not row.action.startswith(LOOK) or row.why or row.codes:
            told += looks.values()
            looks.clear()
            told.append(row)
            continue
        which = (row.actor, row.action, day(row.at))
        before = looks.pop(which, None)  # the latest look stands last
        looks[which] = replace(row, times=before.times + row.times) if before else row
    return (*told, *looks.values())
