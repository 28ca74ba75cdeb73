"""The plan for a morning's list: who could be asked for what, so that the whole list is served best.

A plan is a proposal. It is the optimum for what stood on the board when it was made; each of its lines is looked at by
somebody, and looked at again by the node when it is applied, because the board moves on meanwhile.

What is best, in this order: as many places filled as can be; where not all can, those that stand higher on the board;
then the points of ``scoring`` added up, each helper's second task counted with what her fuller week takes off.

Nobody is proposed for two tasks of the same part of the same day, which is a rule of sharing out as the helper's room
for so many tasks is (``Row.at``). So what is proposed is the best there is, but for what ``assigning.TOLERANCE`` says
of long lists.
"""

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
    order = sorted(each.person_id for each in helpers)
    return [[order[each] for each in given] for given in assign(*market(needs, helpers))]


def market(
    needs: Sequence[Asks], helpers: Sequence[Takes]
) -> tuple[list[Row], list[tuple[int, ...]], frozenset[int]]:
    """The same as whole numbers, the helpers by their ids: what ``assign`` takes."""
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
            options=[(_FULL - round(points * _UNITS), column[person]) for points, person in need.fits],
            at=need.when,
        )
        for number, need in enumerate(needs)
    ]
    return rows, slots, frozenset(number for number, each in enumerate(order) if each.several)


def _fuller(this_week: int, more: int) -> int:
    """What ``more`` tasks on top take off a helper's points for a free week."""
    free, then = 1 / (1 + this_week), 1 / (1 + this_week + more)
    return round(_UNITS * WEIGHTS[Factor.FREE] * (free - then))
