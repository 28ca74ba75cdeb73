"""The history of one thing as it is read: looks of the same day that nothing came between are one line of it."""

from collections.abc import Callable, Iterable
from datetime import date

from node.domain.board.views import HistoryRow

LOOK = "look."
"""How the audit's names of looks begin."""


def folded(rows: Iterable[HistoryRow], day: Callable[[int], date]) -> tuple[HistoryRow, ...]:
    """``rows`` (oldest first) with the looks of one person, of one sort and one day in one line, told at the time of
    the last of them and with how many there were. Where something was done in between, a new line begins: who had
    looked before it can be told. The record itself keeps each look."""
    told: list[HistoryRow] = []
    looks: dict[tuple[str, str, date], tuple[HistoryRow, int]] = {}
    for row in rows:
        if not row.action.startswith(LOOK) or row.why or row.codes:
            told += map(_together, looks.values())
            looks.clear()
            told.append(row)
            continue
        which = (row.actor, row.action, day(row.at))
        _, before = looks.pop(which, (None, 0))  # the latest look stands last
        looks[which] = row, before + row.times
    return (*told, *map(_together, looks.values()))


def _together(looks: tuple[HistoryRow, int]) -> HistoryRow:
    last, times = looks
    return last if last.times == times else last._replace(times=times)
