"""Asking in waves until somebody says yes: the life-cycle as a table, and when the next ones are asked.

A wave asks a few at once; who does not answer in the group's waiting time is not waited for, the next few are asked
too. The first yes wins (as many as the need asks for), and everybody who has not answered by then is thanked. What
state a need's asking is in follows from the answers: ``due`` compares, it is never remembered as something to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.ids import NeedId
from node.domain.lifecycle import step
from node.domain.need import NeedState
from node.domain.need_lifecycle import WORKING
from node.domain.zone import Zone

WAVE_SIZE = 3
"""Enough that one of them probably can, few enough that the others are not asked in vain."""
THANKS_SECONDS = 14 * 24 * 3600
"""So long a link of somebody who was asked in vain says thank you."""


class WaveState(StrEnum):
    """Where the asking for one need stands."""

    ASKING = "asking"
    ANSWERED = "answered"
    """As many said yes as are wanted."""
    RUN_OUT = "run_out"
    """Everybody who fits was asked; some may still answer."""
    STOPPED = "stopped"
    """By a coordinator, or because the need is no longer open."""


class WaveMove(StrEnum):
    """What can happen to it."""

    ENOUGH = "enough"
    LOST = "lost"
    """A yes fell away: the asking goes on."""
    NOBODY_LEFT = "nobody_left"
    STOP = "stop"


S, M = WaveState, WaveMove

MOVES: dict[tuple[WaveState, WaveMove], WaveState] = {
    (S.ASKING, M.ENOUGH): S.ANSWERED,
    (S.ASKING, M.NOBODY_LEFT): S.RUN_OUT,
    (S.ASKING, M.STOP): S.STOPPED,
    (S.ANSWERED, M.LOST): S.ASKING,
    (S.ANSWERED, M.STOP): S.STOPPED,
    (S.RUN_OUT, M.ENOUGH): S.ANSWERED,
    (S.RUN_OUT, M.STOP): S.STOPPED,
}
"""Every allowed move; what is not here is refused. A stopped one may be started anew, as a new one."""

ON = frozenset({S.ASKING, S.ANSWERED, S.RUN_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """The asking for one need. Times are Unix seconds."""

    need_id: NeedId
    round: int
    """The need's round in which it was begun; in a later one it counts no longer."""
    state: WaveState
    number: int
    """Waves so far, 1 for the first."""
    goes_on: bool
    """Whether the next ones are asked by the clock."""
    next_at: int | None
    """When; None where nobody is asked by the clock."""
    by_staff: str | None
    started_at: int
    changed_at: int


def after(state: WaveState, move: WaveMove) -> WaveState:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="asking")


def yeses(states: Iterable[AssignmentState]) -> int:
    """How many said yes and have not taken it back."""
    return sum(state in FILLS_A_PLACE or state is AssignmentState.INTERESTED for state in states)


def due(
    state: WaveState, need: NeedState, answers: Iterable[AssignmentState], helpers: int
) -> WaveMove | None:
    """The move that the states of the need's present tasks (``answers``) ask for; None: it is as it should be."""
    if state not in ON:
        return None
    if need not in WORKING:
        return M.STOP
    enough = yeses(answers) >= helpers
    if enough and state is not S.ANSWERED:
        return M.ENOUGH
    if not enough and state is S.ANSWERED:
        return M.LOST
    return None


def out_of_quiet(at: int, quiet_from: int, quiet_until: int, zone: Zone) -> int:
    """``at`` (Unix seconds), or when the group's quiet hours end if it lies in them.

    ``quiet_from`` to ``quiet_until``: hours of the group's clock, the first in the evening (24: midnight), the second
    in the morning.
    """
    moment = zone.moment(at)
    if moment.hour < quiet_until:
        return max(at, zone.at(moment.date(), quiet_until))
    if moment.hour >= quiet_from:
        return zone.at(moment.date() + timedelta(days=1), quiet_until)
    return at
