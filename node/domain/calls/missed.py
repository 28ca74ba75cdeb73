"""Calls that nobody made: they follow from the rhythm and the words that were said, so nothing has to notice them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.calls.call_list import PAPER_DAYS, CallList, Entry, is_on, list_rings

RED_DAYS = 2
"""From the second day after the first call that is missing it is red."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRung:
    """A list with people whom nobody rang on a day of theirs, nor since."""

    list_id: str
    day: date
    """The latest such day."""
    first: date
    """The first one for any of them."""
    many: int
    """People."""

    def is_red(self, today: date) -> bool:
        """Whether it has gone on for too long."""
        return (today - self.first).days >= RED_DAYS


def not_rung(
    each: CallList,
    entries: Iterable[Entry],
    last_words: Mapping[str, date],
    today: date,
    holidays: Collection[date],
) -> NotRung | None:
    """What is missing of that list, None for nothing. ``entries``: who may be rung at all; ``last_words``: entry -> the
    latest day of which anything was said, also "no answer". Today is not over, and what lies further back than can be
    typed in is past."""
    back = (today - timedelta(days=ahead) for ahead in range(1, PAPER_DAYS + 1))
    rung = [day for day in back if list_rings(each, day, holidays) and _goes_on(each.paused_until, day)]
    missing = {
        entry.id: days
        for entry in entries
        if (days := [day for day in rung if _due(entry, day) and day > last_words.get(entry.id, date.min)])
    }
    if not missing:
        return None
    return NotRung(
        list_id=each.id,
        day=max(days[0] for days in missing.values()),
        first=min(days[-1] for days in missing.values()),
        many=len(missing),
    )


def _due(entry: Entry, day: date) -> bool:
    return is_on(entry, day) and day >= entry.since_day and _goes_on(entry.paused_until, day)


def _goes_on(since: date | None, day: date) -> bool:
    return since is None or day >= since
