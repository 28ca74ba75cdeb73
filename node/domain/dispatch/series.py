"""Needs that come again by a rule, and standing pairs: the days of a rule, and both life-cycles as tables."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from node.domain.ids import NeedId, PersonId
from node.domain.lifecycle import step
from node.domain.need import Window
from node.errors import N_

AHEAD_DAYS = 7
"""A need is made so many days before its day: time enough to ask somebody, and not so early that it is forgotten."""


ONE_A_MONTH = N_("Once a month it is one day of the week.")


class Every(StrEnum):
    """How often."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


class OnHoliday(StrEnum):
    """What happens to a day that is on the group's list of holidays."""

    SAME = "same"
    """Help comes all the same."""
    SKIP = "skip"
    BEFORE = "before"
    """The last day before it that is no holiday."""


class SeriesState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class SeriesMove(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


SERIES_MOVES: dict[tuple[SeriesState, SeriesMove], SeriesState] = {
    (SeriesState.RUNNING, SeriesMove.PAUSE): SeriesState.PAUSED,
    (SeriesState.PAUSED, SeriesMove.PAUSE): SeriesState.PAUSED,
    (SeriesState.PAUSED, SeriesMove.RESUME): SeriesState.RUNNING,
    (SeriesState.RUNNING, SeriesMove.END): SeriesState.ENDED,
    (SeriesState.PAUSED, SeriesMove.END): SeriesState.ENDED,
}
"""Every allowed move."""


class PairState(StrEnum):
    """Where a standing pair stands."""

    ASKED = "asked"
    """Not both have said yes yet."""
    AGREED = "agreed"
    ENDED = "ended"


class PairMove(StrEnum):
    AGREE = "agree"
    """The second of both says yes."""
    END = "end"


PAIR_MOVES: dict[tuple[PairState, PairMove], PairState] = {
    (PairState.ASKED, PairMove.AGREE): PairState.AGREED,
    (PairState.ASKED, PairMove.END): PairState.ENDED,
    (PairState.AGREED, PairMove.END): PairState.ENDED,
}
"""Every allowed move; whoever would like it again begins anew."""


class EndedBy(StrEnum):
    PERSON = "person"
    HELPER = "helper"
    US = "us"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A standing pair: who is helped, who helps, and who of both has said yes."""

    id: str
    person_id: PersonId
    helper_id: PersonId
    state: PairState
    person_said: bool
    helper_said: bool
    since_day: date
    ended_day: date | None = None
    ended_by: EndedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """From a day on it is on other weekdays, or at another part of the day."""

    from_day: date
    weekdays: tuple[int, ...]
    part: str | None = None
    """A ``PartOfDay``, empty for at some time of the day; None: as it was."""
    closed: tuple[date, ...] = ()
    """Days of before for which a request was there that nobody was on: closed by it, opened again where it is taken
    back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """On which days: weekdays (0 Monday; at least one, in order), every week or fortnight from the first day's week on
    (weeks begin on Monday), or the ``nth`` of each month (1 to 4, -1 the last) of the only weekday."""

    every: Every
    weekdays: tuple[int, ...]
    nth: int | None
    first_day: date
    last_day: date | None = None
    on_holiday: OnHoliday = OnHoliday.SKIP
    changes: tuple[RuleChange, ...] = ()
    """In order of their days, no two from the same day on; ``weekdays`` are those before the first."""

    def weekdays_on(self, day: date) -> tuple[int, ...]:
        """Its weekdays as they are for that day."""
        return next((each.weekdays for each in reversed(self.changes) if each.from_day <= day), self.weekdays)

    def part_on(self, day: date, usual: str) -> str:
        """The part of the day for that day, empty for some time of it; ``usual``: what it was begun with."""
        said = [each.part for each in self.changes if each.from_day <= day and each.part is not None]
        return said[-1] if said else usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A need that comes again. What is wanted lies sealed."""

    id: str
    person_id: PersonId
    state: SeriesState
    rule: Rule
    paused_until: date | None
    """The first day again; None with state paused: until somebody says so."""
    by_staff: str
    created_at: int


class HandState(StrEnum):
    """Where it stands that somebody else helps from a day on."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    ENDED = "ended"


class HandMove(StrEnum):
    AGREE = "agree"
    """Her own yes."""
    DECLINE = "decline"
    END = "end"
    """She, or we, end it later."""


HAND_MOVES: dict[tuple[HandState, HandMove], HandState] = {
    (HandState.ASKED, HandMove.AGREE): HandState.AGREED,
    (HandState.ASKED, HandMove.DECLINE): HandState.DECLINED,
    (HandState.ASKED, HandMove.END): HandState.ENDED,
    (HandState.AGREED, HandMove.END): HandState.ENDED,
}
"""Every allowed move."""
HAND_STANDS = frozenset({HandState.ASKED, HandState.AGREED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Somebody who helps with a rule from a day on. ``told_new``, ``told_before``: she, and whoever helped before, know
    from when."""

    id: str
    series_id: str
    helper_id: PersonId
    from_day: date
    state: HandState
    asked_day: date
    told_new: bool = False
    told_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDay:
    """What became of one day of a rule."""

    day: date
    need_id: NeedId | None
    skipped: bool


def rule_from(
    every: Every,
    first_day: date,
    on_holiday: OnHoliday,
    last_day: date | None = None,
    weekdays: Collection[int] = (),
) -> Rule:
    """The rule that begins with that day: every such weekday, or the same one of each month. With ``weekdays`` it
    begins with the first of them from that day on. Raises ``ValueError`` for several of them in a month's rule."""
    chosen = tuple(sorted(set(weekdays)))
    if every is Every.MONTH and len(chosen) > 1:
        raise ValueError("a month's rule has one weekday")
    first_day = next_of(chosen, first_day)
    nth = None
    if every is Every.MONTH:
        nth = (first_day.day - 1) // 7 + 1
        nth = -1 if nth > 4 else nth
    return Rule(
        every=every,
        weekdays=chosen or (first_day.weekday(),),
        nth=nth,
        first_day=first_day,
        last_day=last_day,
        on_holiday=on_holiday,
    )


def next_of(weekdays: Collection[int], start: date) -> date:
    """The first day from ``start`` on that is one of the weekdays; ``start`` itself where none is named."""
    coming = (start + timedelta(days=ahead) for ahead in range(7))
    return next((day for day in coming if not weekdays or day.weekday() in weekdays), start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody who rings says of it: how often, and on which weekdays (0 Monday; none: the day's own)."""

    every: Every
    weekdays: tuple[int, ...] = ()


def begun_on(
    said: Said, first: date | None, last: date | None, today: date, *, soon: bool
) -> tuple[date, Rule]:
    """A call that repeats: the day its own request is for, and the rule of those that follow it.

    ``first`` and ``last``: the days that were said; without them the request is for the next of the weekdays, today
    only if it is wanted ``soon``. Raises ``ValueError`` as ``rule_from``.
    """
    own = first or next_of(said.weekdays, today if soon or not said.weekdays else today + timedelta(days=1))
    rule = rule_from(said.every, own, OnHoliday.SKIP, None, said.weekdays)
    after = max(today, last or own, own) + timedelta(days=1)
    following = next(days(rule, after, after + timedelta(days=70)))
    return own, replace(rule, first_day=following)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTime:
    """When a request that stands already may come again for the first time."""

    own: Window | None
    """The days that it is for itself; None where none was said, or it is closed."""
    earliest: date
    proposed: date
    """The same day of the week, the next week that is free."""


def next_time(own: Window | None, today: date) -> NextTime:
    """A request with these days of its own may be followed from the day after them on, never before tomorrow."""
    after = max(own.last, today) if own else today
    start = own.first if own else today
    weeks = (after - start).days // 7 + 1
    return NextTime(own=own, earliest=after + timedelta(days=1), proposed=start + timedelta(days=7 * weeks))


def days(rule: Rule, start: date, end: date) -> Iterator[date]:
    """The rule's own days from ``start`` to ``end``, both included, holidays or not."""
    ends = [each.from_day - timedelta(days=1) for each in rule.changes]
    spans = [(start, rule.weekdays), *((each.from_day, each.weekdays) for each in rule.changes)]
    for (begins, weekdays), until in zip(spans, [*ends, end], strict=True):
        yield from _days(rule, weekdays, max(start, begins), min(end, until))


def _days(rule: Rule, weekdays: tuple[int, ...], start: date, end: date) -> Iterator[date]:
    """The same, as if it had been these weekdays all along: a fortnight keeps its weeks."""
    last = end if rule.last_day is None else min(end, rule.last_day)
    if rule.every is Every.MONTH:
        month = max(start, rule.first_day).replace(day=1)
        while month <= last:
            day = _of_month(month, weekdays[0], rule.nth or 1)
            if max(start, rule.first_day) <= day <= last:
                yield day
            month = (month + timedelta(days=31)).replace(day=1)
        return
    step = 7 if rule.every is Every.WEEK else 14
    monday = rule.first_day - timedelta(days=rule.first_day.weekday())
    if start > monday:
        monday += timedelta(days=(start - monday).days // step * step)
    while monday <= last:
        for weekday in weekdays:
            day = monday + timedelta(days=weekday)
            if max(start, rule.first_day) <= day <= last:
                yield day
        monday += timedelta(days=step)


def _of_month(first: date, weekday: int, nth: int) -> date:
    many = monthrange(first.year, first.month)[1]
    if nth < 0:
        last = first.replace(day=many)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def moved_day(day: date, on_holiday: OnHoliday, holidays: Collection[date]) -> date | None:
    """When help comes for a day: itself, the last one before it that is no holiday, or None."""
    if day not in holidays or on_holiday is OnHoliday.SAME:
        return day
    if on_holiday is OnHoliday.SKIP:
        return None
    while day in holidays:
        day -= timedelta(days=1)
    return day


def is_on(series: Series, day: date) -> bool:
    """Whether a need is to be made for that day."""
    if series.state is SeriesState.RUNNING:
        return True
    paused = series.state is SeriesState.PAUSED
    return paused and series.paused_until is not None and day >= series.paused_until


def after_series(state: SeriesState, move: SeriesMove) -> SeriesState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(SERIES_MOVES, state, move, of="a repeating need")


def after_pair(state: PairState, move: PairMove) -> PairState:
    """The same for pairs."""
    return step(PAIR_MOVES, state, move, of="a pair")


def after_hand(state: HandState, move: HandMove) -> HandState:
    """The same for somebody who takes a rule over."""
    return step(HAND_MOVES, state, move, of="a rule that is handed on")


def helper_on(hands: Iterable[Hand], day: date) -> PersonId | None:
    """Who took the rule over for that day; None where nobody did, and a buddy is asked as before. Only her own yes
    counts, only from her day on, and of several the latest."""
    on = [hand for hand in hands if hand.state is HandState.AGREED and hand.from_day <= day]
    return max(on, key=lambda hand: (hand.from_day, hand.asked_day, hand.id)).helper_id if on else None
