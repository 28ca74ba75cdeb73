"""How soon offers are answered, from what was answered lately; nothing is said where too few were."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LEAST = 5
"""Fewer answers than this tell nothing."""
LATELY = 20
"""So many of the newest answers count."""
LATELY_DAYS = 60
HOURS = (1, 2, 3, 4, 6, 8, 12, 24, 48, 72)
"""What is said: within so many hours. Slower than the last is no promise worth making."""
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One offer that a coordinator answered, yes or no. ``seconds``: from the offer to the answer, not negative."""

    by: str
    """A staff id."""
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usually:
    """What may be said. ``by``: the staff id of whoever answers most, None where that is nobody in particular."""

    hours: int
    by: str | None


def usually(answers: Sequence[Answered]) -> Usually | None:
    """What half of the latest answers (``answers``, newest first) kept to, rounded up; None for too few or too slow.

    A coordinator is named where ``LEAST`` of them were hers, and then by her own answers.
    """
    latest = answers[:LATELY]
    if len(latest) < LEAST:
        return None
    who, count = Counter(each.by for each in latest).most_common(1)[0]
    named = who if count >= LEAST and 2 * count > len(latest) else None
    half = median(each.seconds for each in latest if named in (None, each.by))
    hours = next((hours for hours in HOURS if half <= hours * _HOUR), None)
    return None if hours is None else Usually(hours=hours, by=named)
