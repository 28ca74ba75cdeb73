"""When a volunteer can: a grid of seven weekdays by three parts of the day, and single days off.

A slot is a code like ``mon:morning``; hours are a tuple of slots in the order of ``ALL_HOURS``. All of them: any
time suits. None: never, until she says when.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import lru_cache

from node.domain.need import PartOfDay, Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = tuple(PartOfDay)

Hours = tuple[str, ...]

ALL_HOURS: Hours = tuple(f"{weekday}:{part}" for weekday in WEEKDAYS for part in PARTS)

AHEAD_DAYS = 7
"""A need without hurry, or with a long window, is looked at this many days ahead: a week holds every slot once."""


def in_order(slots: Iterable[str]) -> Hours:
    """The known ones of ``slots``, each once, in the order of the grid."""
    wanted = set(slots)
    return tuple(slot for slot in ALL_HOURS if slot in wanted)


def without_weekdays(weekdays: Collection[str]) -> Hours:
    """All hours but those of these weekdays (``mon``...)."""
    return tuple(slot for slot in ALL_HOURS if slot.partition(":")[0] not in weekdays)


def slots_wanted(days: Iterable[date], part: PartOfDay | None) -> frozenset[str]:
    """The slots that these days have, in that part of the day (None: in any)."""
    return _slots(frozenset(day.weekday() for day in days), part)


@lru_cache(maxsize=512)
def _slots(weekdays: frozenset[int], part: PartOfDay | None) -> frozenset[str]:
    """A page of two hundred requests asks for the same few."""
    return frozenset(
        f"{WEEKDAYS[each]}:{slot}" for each in weekdays for slot in (PARTS if part is None else (part,))
    )


def free_on(hours: Collection[str], days_off: Collection[str], day: date, part: PartOfDay | None) -> bool:
    """Whether she can on that day, in that part of it (None: in any). ``days_off`` are single days, ISO."""
    if day.isoformat() in days_off:
        return False
    return not slots_wanted((day,), part).isdisjoint(hours)


def days_wanted(due: date | None, window: Window | None, today: date) -> tuple[date, ...]:
    """The days on which help could still come, from today on, at most ``AHEAD_DAYS``; at least one.

    ``due``: by which day it should have come (``need.due_day``). What is overdue can come today.
    """
    first = max(today, window.first) if window else today
    last = first + timedelta(days=AHEAD_DAYS - 1)
    if due is not None:
        last = max(first, min(last, due))
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
