"""How full a volunteer's week is, and what else she does that day: counted by the days of her tasks, not by the moment
at which somebody confirmed them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.ids import NeedId, PersonId
from node.domain.need import PartOfDay, Window

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One task that she was confirmed for, or has done. ``at``: Unix seconds of its last move."""

    person_id: PersonId
    at: int
    done: bool
    window: Window | None
    """Of what is on a round that is not over: the day of the round."""
    part: PartOfDay | None
    need: NeedId
    requester: PersonId | None


@dataclass(frozen=True, slots=True)
class Booked:
    """When she is sure to be somewhere, and for what."""

    day: date
    part: str
    """Empty: at some time of that day."""
    need: NeedId
    requester: PersonId | None


def day_of(taken: Taken, moved: date) -> date:
    """On which day it counts: when it was done; else the first day on which it is wanted, but not before ``moved``, the
    day of its last move; without days of its own, then."""
    return moved if taken.done or taken.window is None else max(moved, taken.window.first)


def booked(taken: Taken) -> Booked | None:
    """When she is sure to be there: for a task still to come that is wanted on one day only."""
    if taken.done or taken.window is None or taken.window.first != taken.window.last:
        return None
    return Booked(taken.window.first, str(taken.part or ""), taken.need, taken.requester)


def clash(
    booked: Iterable[Booked],
    day: date,
    part: PartOfDay | None,
    requester: PersonId | None,
    among: Collection[NeedId] = (),
) -> bool:
    """Whether she is somewhere else at that part of that day. What she does for the same person then is the same way,
    and so is what ``among`` names: the stops of one round."""
    return part is not None and any(
        at.day == day and at.part == part and not _same_way(at, requester) and at.need not in among
        for at in booked
    )


def busy_that_day(booked: Iterable[Booked], day: date, requester: PersonId | None) -> bool:
    """Whether she is sure to be anywhere that day, for somebody else."""
    return any(at.day == day and not _same_way(at, requester) for at in booked)


def _same_way(at: Booked, requester: PersonId | None) -> bool:
    return requester is not None and at.requester == requester


def fullest_week(days: Iterable[date], day: date) -> int:
    """Of all seven days in a row that hold ``day``, how many of ``days`` fall into the fullest."""
    near = [each for each in days if abs((each - day).days) < WEEK_DAYS]
    starts = {day, *(each for each in near if each <= day)}
    return max(sum(start <= each < start + timedelta(days=WEEK_DAYS) for each in near) for start in starts)
