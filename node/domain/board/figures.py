"""A group's own figures for some days: counts and waits, no names. What a council or a funder may see hides few.

A count below ``SMALL`` may tell of somebody whom a reader knows. In a list whose sum is told, one hidden count could be
worked out from the others, so then the next smallest is hidden with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

SMALL = 5
WHOLE: Mapping[str, str] = {"by_phone": "came_in", "unmet": "open_now"}
"""Counts that are part of another: from both the rest could be worked out."""
LATE_SECONDS = 48 * 3600
"""A request for which nobody was found for so long is unmet."""
USUAL_DAYS = 28
MOST_DAYS = 3 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days of the group's own calendar, both of them in it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long something took, in seconds: half of ``of`` took no longer than ``half``, nine in ten than ``most``."""

    of: int | None
    half: int | None
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """Receipts of the days, and their sum in hundredths. ``None``: few, or the records are closed."""

    receipts: int | None
    sum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that is counted; ``None`` where a number is small and not for this reader."""

    period: Period
    counts: Mapping[str, int | None]
    kinds: Mapping[str, int | None]
    """What came in, by kind; the private ones under one name."""
    ended: Mapping[str, int | None]
    """What was closed, by why."""
    first_answer: Waited
    done: Waited
    laid: Laid

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show, not even a number that is hidden."""
        numbers = (*self.counts.values(), *self.kinds.values(), *self.ended.values(), self.laid.receipts)
        return all(number == 0 for number in numbers)


def period(first: date | None, last: date | None, today: date) -> Period:
    """What a reader asked for, put right: the last four weeks unless said, in order, not longer than three years."""
    last = min(last or today, today)
    first = first or last - timedelta(days=USUAL_DAYS - 1)
    if first > last:
        first, last = last, min(first, today)
    return Period(first=max(first, last - timedelta(days=MOST_DAYS)), last=last)


def for_outsiders(figures: Figures) -> Figures:
    """The same without small numbers."""
    return replace(
        figures,
        counts={code: _part(figures.counts, code) for code in figures.counts},
        kinds=few_hidden(figures.kinds),
        ended=few_hidden(figures.ended),
        first_answer=_waited(figures.first_answer),
        done=_waited(figures.done),
        laid=figures.laid if _told(figures.laid.receipts) is not None else Laid(receipts=None, sum=None),
    )


def few_hidden(counts: Mapping[str, int | None]) -> Mapping[str, int | None]:
    """A list of counts whose sum is known, so that none below ``SMALL`` can be worked out from the rest."""
    told = sorted((number, code) for code, number in counts.items() if number)
    hidden: set[str] = set()
    for number, code in told:
        if number >= SMALL and len(hidden) != 1:
            break
        hidden.add(code)
    return {code: None if code in hidden else number for code, number in counts.items()}


def _part(counts: Mapping[str, int | None], code: str) -> int | None:
    """Hidden, too, where what the whole has besides it is small."""
    rest = (counts.get(WHOLE.get(code, ""), 0) or 0) - (counts[code] or 0)
    return None if 0 < rest < SMALL else _told(counts[code])


def _told(number: int | None) -> int | None:
    return None if number is None or 0 < number < SMALL else number


def _waited(waited: Waited) -> Waited:
    return waited if (waited.of or 0) >= SMALL else Waited(of=_told(waited.of), half=None, most=None)
