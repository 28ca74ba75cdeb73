"""When a place on the list of other help is open: a week of openings, and what follows from it now.

Only what the week says is claimed. Where hours are nothing but words there is no week, and nothing is said; on a day
that is on the group's list of holidays nobody here knows whether the place keeps its hours.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from node.domain.zone import Zone

DAY_MINUTES = 24 * 60
MOST_A_DAY = 4
"""Openings of one weekday at most."""
_AHEAD_DAYS = 15
"""A week, and as much again for holidays in a row."""
_NEVER_SHUTS = 7 * DAY_MINUTES * 60

_TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
_SPAN = re.compile(rf"\s*{_TIME}\s*[-–—]\s*{_TIME}\s*")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """One opening, every week."""

    weekday: int
    """0 Monday to 6 Sunday: the day on which it opens."""
    opens: int
    """Minutes since midnight on the wall, 0 to 1439."""
    closes: int
    """The same; at or before ``opens`` it is on the next day, so 0 is midnight."""


Week = tuple[Span, ...]
"""In order; empty: nothing is known but words."""


class Now(StrEnum):
    """How a place stands."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    """Its hours may not hold today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a place stands at a moment, and the next moment at which that changes."""

    now: Now
    changes: int | None
    """Unix seconds: when it closes, or, where it is not open, when it opens; None for day and night, and for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Weekdays one after another that have the same hours."""

    first: int
    last: int
    spans: Sequence[Span]
    """Of ``first``, as those of all."""


def week_of(spans: Iterable[Span]) -> Week:
    """Each once, in order."""
    return tuple(sorted(set(spans)))


def typed(weekday: int, text: str) -> Week | None:
    """What somebody typed for a day, ``10-12:30, 14:00–17:00``; None where it is not that. Empty: closed."""
    if not text.strip():
        return ()
    found = [_span(weekday, part) for part in re.split(r"[,;،]", text)]
    spans = week_of(each for each in found if each is not None)
    return spans if len(spans) == len(found) <= MOST_A_DAY else None


def as_typed(week: Week, weekday: int) -> str:
    """The same day as text again."""
    return ", ".join(
        f"{as_time(each.opens)}-{as_time(each.closes)}" for each in week if each.weekday == weekday
    )


def as_time(minutes: int) -> str:
    """``09:30``"""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes(text: str) -> int | None:
    """``9``, ``9:30``, ``09:30:00`` as minutes since midnight; 24:00 is midnight. None for anything else."""
    found = re.fullmatch(rf"{_TIME}(?::\d{{2}})?", text)
    return _minutes(*found.groups()) if found else None


def lines(week: Week) -> list[Line]:
    """The week as a notice on a door has it: neighbouring days of the same hours on one line; closed days are none."""
    found: list[Line] = []
    for weekday in range(7):
        spans = [each for each in week if each.weekday == weekday]
        if found and found[-1].last == weekday - 1 and _hours(found[-1].spans) == _hours(spans):
            found[-1] = Line(first=found[-1].first, last=weekday, spans=found[-1].spans)
        elif spans:
            found.append(Line(first=weekday, last=weekday, spans=spans))
    return found


def standing(week: Week, holidays: Collection[date], zone: Zone, now: int) -> Standing | None:
    """How a place of that week stands at ``now`` (Unix seconds); None where its hours are only words."""
    if not week:
        return None
    today = zone.day(now)
    times = list(_joined(sorted(_times(week, holidays, zone, today))))
    for opens, closes in times:
        if opens <= now < closes:
            return Standing(now=Now.OPEN, changes=closes if closes - now < _NEVER_SHUTS else None)
    following = next((opens for opens, _ in times if opens > now), None)
    return Standing(now=Now.HOLIDAY if today in holidays else Now.CLOSED, changes=following)


def _times(week: Week, holidays: Collection[date], zone: Zone, today: date) -> Iterator[tuple[int, int]]:
    """Openings from yesterday on, for one may run past midnight. What a change of clocks leaves nothing of is none."""
    for ahead in range(-1, _AHEAD_DAYS):
        day = today + timedelta(days=ahead)
        if day in holidays:
            continue
        for each in week:
            if each.weekday != day.weekday():
                continue
            until = day if each.closes > each.opens else day + timedelta(days=1)
            opens = zone.at(day, *divmod(each.opens, 60))
            closes = zone.at(until, *divmod(each.closes, 60))
            if opens < closes:
                yield opens, closes


def _joined(times: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """One after another without a gap, or over each other, is one."""
    held: tuple[int, int] | None = None
    for opens, closes in times:
        if held is not None and opens <= held[1]:
            held = held[0], max(held[1], closes)
            continue
        if held is not None:
            yield held
        held = opens, closes
    if held is not None:
        yield held


def _hours(spans: Iterable[Span]) -> list[tuple[int, int]]:
    return [(each.opens, each.closes) for each in spans]


def _span(weekday: int, text: str) -> Span | None:
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    opens, closes = _minutes(*found.group(1, 2)), _minutes(*found.group(3, 4))
    if opens is None or closes is None or found[1] == "24":
        return None
    # "9-5" and "10-10" are the clock of twelve hours, not the whole night.
    if closes and closes <= opens < DAY_MINUTES // 2:
        return None
    return Span(weekday=weekday, opens=opens, closes=closes)


def _minutes(hour: str, minute: str | None) -> int | None:
    total = int(hour) * 60 + int(minute or 0)
    return total % DAY_MINUTES if total <= DAY_MINUTES and int(minute or 0) < 60 else None
