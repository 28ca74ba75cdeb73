"""On which day somebody comes for each day of a rule: the one answer for the page and for the job."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.dispatch.series import Series, days, is_on, moved_day
from node.domain.ids import NeedId
from node.domain.need import NeedState


class LeftOut(StrEnum):
    """Why nobody comes for a day of a rule."""

    NOT_NOW = "not_now"
    """Somebody left it out, or it lies in a pause."""
    DAY_OFF = "day_off"
    NO_DAY_BEFORE = "no_day_before"
    """A day off that cannot be brought forward: somebody comes on that day anyway, or it is past, or in a pause."""
    TWICE = "twice"
    """Another request of the rule is for that day already."""
    CLOSED = "closed"
    """Its request was made, and is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDay:
    """What became of a day: its request, or that somebody left it out."""

    day: date
    skipped: bool
    need_id: NeedId | None = None
    state: NeedState | None = None
    comes: date | None = None
    """The first day of the request's window, else the day itself; None without a request."""
    dated: bool = False
    """The request has a window."""
    due: date | None = None
    """By when help should have come; None for no hurry, and without a request."""

    @property
    def open(self) -> bool:
        """Whether somebody may come for it yet, whatever was said of the day."""
        return self.state is not None and self.state is not NeedState.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDay:
    """One day of a rule: when somebody comes for it, or why not."""

    day: date
    comes: date | None
    left_out: LeftOut | None
    made: MadeDay | None


def rule_days(
    series: Series, today: date, end: date, holidays: Collection[date], made: Mapping[date, MadeDay]
) -> Iterator[RuleDay]:
    """The rule's days from ``today`` to ``end``, both included, in order.

    A rule asks for one visit a day: what a day off brings forward falls away where somebody comes already, or was to
    come, and so does a day that another open request of the rule stands on. ``made``: by the rule's day, all of them.
    """
    standing = {each.comes for each in made.values() if each.open}
    ever = {each.comes for each in made.values() if each.comes}
    for day in days(series.rule, today, end):
        held = made.get(day)
        if held is not None:
            if not held.open and held.comes is None:
                # Left out before its request was made: nothing else is brought forward to its place.
                ever.add(moved_day(day, series.rule.on_holiday, holidays) or day)
            why = None if held.open else LeftOut.NOT_NOW if held.skipped else LeftOut.CLOSED
            yield RuleDay(day=day, comes=held.comes if held.open else None, left_out=why, made=held)
            continue
        comes = moved_day(day, series.rule.on_holiday, holidays)
        why = None
        if not is_on(series, day):
            why = LeftOut.NOT_NOW
        elif comes is None:
            why = LeftOut.DAY_OFF
        elif comes == day:
            why = LeftOut.TWICE if day in standing else None
        elif comes < today or comes in ever or not is_on(series, comes) or _is_own(series, comes):
            why = LeftOut.NO_DAY_BEFORE
        if why is None and comes is not None:
            ever.add(comes)
        yield RuleDay(day=day, comes=None if why else comes, left_out=why, made=None)


def _is_own(series: Series, day: date) -> bool:
    return day in days(series.rule, day, day)
