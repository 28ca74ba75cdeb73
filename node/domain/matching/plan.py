"""The plan for a morning's list: who could be asked for what, so that the whole list is served best.

A plan is a proposal. It is the optimum for what stood on the board when it was made; each of its lines is looked at by
somebody, and looked at again by the node when it is applied, because the board moves on meanwhile.

What is best, in this order: as many places filled as can be; where not all can, those that stand higher on the board;
then the points of ``scoring`` added up, each helper's second task counted with what her fuller week takes off.

Nobody is proposed for two tasks of the same part of the same day. That is no rule of sharing out: where somebody
stands twice, all is shared out again without the one and without the other, and of both the better one counts (branch
and bound: what is shared out with fewer pairs left is never better). ``TRIES`` and ``WORK`` bound that; where they are
not enough, the plan is the better of what was found by then and of leaving out whatever stands lower on the board.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.lifecycle import step
from node.domain.matching.assigning import Row, assign
from node.domain.matching.scoring import WEIGHTS, Factor

MOST_EACH = 2
"""Tasks that one helper is proposed for in one plan: more than two are no morning."""
MOST_OF_SEVERAL = 12
"""The same of an organisation, which has more than one pair of hands, and perhaps a van."""
MOST_NEEDS = 300
BEST_OF = 200
"""So many of the best helpers of each need are looked at."""
TRIES = 64
"""So often at most the list is shared out for one plan,"""
WORK = 200_000
"""and only so many pairs are looked at for that: some seconds of a slow computer."""
_UNITS = 10
"""Points are reckoned in tenths, as whole numbers, so that every machine finds the same plan."""
_FULL = 100 * _UNITS


class Which(StrEnum):
    """Which needs it is made for."""

    TODAY = "today"
    """Due today, or before."""
    WEEK = "week"
    """Due within seven days."""
    ALL = "all"


class LineState(StrEnum):
    """Where a line stands."""

    SHOWN = "shown"
    ASKED = "asked"
    LEFT_OUT = "left_out"
    """Somebody decided against it."""
    STALE = "stale"
    """It no longer held when it was to be applied."""


class LineMove(StrEnum):
    """What can happen to it."""

    ASK = "ask"
    LEAVE = "leave"
    LAPSE = "lapse"


MOVES: dict[tuple[LineState, LineMove], LineState] = {
    (LineState.SHOWN, LineMove.ASK): LineState.ASKED,
    (LineState.SHOWN, LineMove.LEAVE): LineState.LEFT_OUT,
    (LineState.SHOWN, LineMove.LAPSE): LineState.STALE,
}
"""Every allowed move; a line that was decided stays so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One place of one need and who could be asked for it; ``person_id`` None where nobody is left."""

    id: str
    plan_id: str
    number: int
    need_id: NeedId
    person_id: PersonId | None
    state: LineState = LineState.SHOWN
    assignment_id: AssignmentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan; only the newest is open for decisions."""

    id: str
    open: bool
    made_at: int
    """Unix seconds."""
    by_staff: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """One need on the list, in the order of the board: free places, and who fits with how many points (0 to 100)."""

    places: int
    fits: Sequence[tuple[float, PersonId]]
    when: tuple[date, str] | None = None
    """The only day and part of the day it can be done; None where there is a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """One helper: how many tasks she may be given, and how many she has this week."""

    person_id: PersonId
    room: int
    this_week: int
    several: bool = False
    """An organisation: it can be in two places at one time."""


def most_of(several: bool) -> int:
    """How many tasks one plan gives a helper, or an organisation, at most."""
    return MOST_OF_SEVERAL if several else MOST_EACH


def after(state: LineState, move: LineMove) -> LineState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="a line of a plan")


def best(needs: Sequence[Asks], helpers: Sequence[Takes]) -> list[list[PersonId]]:
    """For each need who is proposed, at most one for each free place, and nobody twice at one time. The same needs and
    helpers, in whatever order the helpers come, make the same plan."""
    one_body = frozenset(each.person_id for each in helpers if not each.several)
    plain = _shared_out(needs, helpers, frozenset())
    if not _clashes(needs, plain, one_body):
        return plain
    lower = _without_the_lower(needs, helpers, one_body)
    found, worth = lower, _worth(needs, helpers, lower)
    pairs = sum(len(need.fits) for need in needs)
    todo, seen = [frozenset[_Pair]()], set[frozenset[_Pair]]()
    while todo and len(seen) < min(TRIES, WORK // max(1, pairs)):
        without = todo.pop()
        if without in seen:
            continue
        seen.add(without)
        given = _shared_out(needs, helpers, without)
        here = _worth(needs, helpers, given)
        if here <= worth:
            continue
        clashes = _clashes(needs, given, one_body)
        if not clashes:
            found, worth = given, here
            continue
        upper, down, person = clashes[0]
        todo += [without | {(upper, person)}, without | {(down, person)}]
    return found


_Pair = tuple[int, PersonId]
"""The number of a need, and who is not to be proposed for it."""


def _without_the_lower(
    needs: Sequence[Asks], helpers: Sequence[Takes], one_body: frozenset[PersonId]
) -> list[list[PersonId]]:
    """What stands lower on the board is shared out again without whoever stands twice, until nobody does."""
    without: frozenset[_Pair] = frozenset()
    while True:
        given = _shared_out(needs, helpers, without)
        clashes = _clashes(needs, given, one_body)
        if not clashes:
            return given
        without |= {
            (down, person) for _, down, person in clashes
        }  # fewer pairs are left each time, so it ends


def _worth(
    needs: Sequence[Asks], helpers: Sequence[Takes], given: Sequence[Sequence[PersonId]]
) -> tuple[int, tuple[int, ...], int]:
    """What is best, as the beginning says it: more is better."""
    week = {each.person_id: each.this_week for each in helpers}
    points, times = 0, Counter[PersonId]()
    for need, people in zip(needs, given, strict=True):
        of = {person: each for each, person in need.fits}
        for person in people:
            points += round(of[person] * _UNITS) - _fuller(week[person], times[person])
            times[person] += 1
    filled = tuple(len(people) for people in given)
    return sum(filled), filled, points


def _clashes(
    needs: Sequence[Asks], given: Sequence[Sequence[PersonId]], one_body: frozenset[PersonId]
) -> list[tuple[int, int, PersonId]]:
    """Who is proposed twice at one time: the number of the need that is higher on the board, the lower one, and who."""
    taken: dict[tuple[tuple[date, str], PersonId], int] = {}
    found = []
    for number, (need, people) in enumerate(zip(needs, given, strict=True)):
        if need.when is None:
            continue
        for person in people:
            if person in one_body and (need.when, person) in taken:
                found.append((taken[need.when, person], number, person))
            taken.setdefault((need.when, person), number)
    return found


def _shared_out(
    needs: Sequence[Asks], helpers: Sequence[Takes], without: frozenset[_Pair]
) -> list[list[PersonId]]:
    """The optimum of the pairs that are not among those ``without`` (number of the need, helper)."""
    order = sorted(helpers, key=lambda each: each.person_id)
    column = {each.person_id: number for number, each in enumerate(order)}
    slots = [
        tuple(_fuller(each.this_week, more) for more in range(min(each.room, most_of(each.several))))
        for each in order
    ]
    dearest = _FULL + max((each[-1] for each in slots if each), default=0)
    empty = 1 + dearest * sum(need.places for need in needs)
    rows = [
        Row(
            places=need.places,
            empty=empty * (len(needs) - number),
            options=[
                (_FULL - round(points * _UNITS), column[person])
                for points, person in need.fits
                if (number, person) not in without
            ],
        )
        for number, need in enumerate(needs)
    ]
    return [[order[each].person_id for each in given] for given in assign(rows, slots)]


def _fuller(this_week: int, more: int) -> int:
    """What ``more`` tasks on top take off a helper's points for a free week."""
    free, then = 1 / (1 + this_week), 1 / (1 + this_week + more)
    return round(_UNITS * WEIGHTS[Factor.FREE] * (free - then))
