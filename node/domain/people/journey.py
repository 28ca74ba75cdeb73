"""The journey of a volunteer, from "I would like to help" to "goodbye", as one table of moves.

Two columns hold it: how far she came (``Stage``: it is never lost by a break) and whether she may be asked now
(``VolunteerState``). ``standing`` reads both as one word; ``moved`` writes both.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from node.domain.catalogue import CheckLevel
from node.domain.permissions import Permission
from node.domain.volunteer import Cleared, Stage, Volunteer, VolunteerState
from node.errors import moved_on


class Standing(StrEnum):
    """Where she stands. The first four are the stages; the others stand above the stage she has."""

    APPLIED = "applied"
    MET = "met"
    CHECKED = "checked"
    ACTIVE = "active"
    RESTING = "resting"
    SUSPENDED = "suspended"
    LEFT = "left"


class JourneyMove(StrEnum):
    """What can happen to her standing."""

    MEET = "meet"
    """Somebody of us has met her."""
    CHECK = "check"
    """Her safety checks were seen."""
    WELCOME = "welcome"
    """She is one of us from now on."""
    REST = "rest"
    """A break, until a day or until she says."""
    RESUME = "resume"
    SUSPEND = "suspend"
    LIFT = "lift"
    """The end of a suspension."""
    LEAVE = "leave"
    RETURN = "return"


class StopReason(StrEnum):
    """Why somebody is sent away, or goes, or is let back: a short list, so that the record says the same each time."""

    UNSAFE = "unsafe"
    DISHONEST = "dishonest"
    RULES = "rules"
    LOOKING_INTO = "looking_into"
    OWN_WISH = "own_wish"
    MOVED_AWAY = "moved_away"
    NO_ANSWER = "no_answer"
    CLEARED_UP = "cleared_up"
    OTHER = "other"


REASONS: Mapping[str, tuple[StopReason, ...]] = {
    "suspend": (
        StopReason.LOOKING_INTO,
        StopReason.UNSAFE,
        StopReason.DISHONEST,
        StopReason.RULES,
        StopReason.OTHER,
    ),
    "bar": (StopReason.UNSAFE, StopReason.DISHONEST, StopReason.RULES, StopReason.OTHER),
    "leave": (
        StopReason.OWN_WISH,
        StopReason.MOVED_AWAY,
        StopReason.NO_ANSWER,
        StopReason.RULES,
        StopReason.OTHER,
    ),
    "lift": (StopReason.CLEARED_UP, StopReason.OTHER),
    "unbar": (StopReason.CLEARED_UP, StopReason.OTHER),
}
"""What may be given as a reason for each."""

S, M = Standing, JourneyMove

AS_BEFORE = None
"""Back to the stage she had."""

MOVES: Mapping[tuple[Standing, JourneyMove], Standing | None] = {
    (S.APPLIED, M.MEET): S.MET,
    (S.MET, M.CHECK): S.CHECKED,
    (S.MET, M.WELCOME): S.ACTIVE,
    (S.CHECKED, M.WELCOME): S.ACTIVE,
    **{(stage, M.REST): S.RESTING for stage in (S.APPLIED, S.MET, S.CHECKED, S.ACTIVE, S.RESTING)},
    **{
        (stage, M.SUSPEND): S.SUSPENDED
        for stage in (S.APPLIED, S.MET, S.CHECKED, S.ACTIVE, S.RESTING, S.LEFT)
    },
    **{(stage, M.LEAVE): S.LEFT for stage in (S.APPLIED, S.MET, S.CHECKED, S.ACTIVE, S.RESTING, S.SUSPENDED)},
    (S.RESTING, M.RESUME): AS_BEFORE,
    (S.SUSPENDED, M.LIFT): AS_BEFORE,
    (S.LEFT, M.RETURN): AS_BEFORE,
}
"""Every allowed move; what is not here is refused. Nobody comes to ``active`` without having been met."""

WHO: Mapping[JourneyMove, Permission] = {
    M.MEET: Permission.MANAGE_VOLUNTEERS,
    M.CHECK: Permission.CHECK,
    M.WELCOME: Permission.MANAGE_VOLUNTEERS,
    M.REST: Permission.MANAGE_VOLUNTEERS,
    M.RESUME: Permission.MANAGE_VOLUNTEERS,
    M.SUSPEND: Permission.BAR,
    M.LIFT: Permission.BAR,
    M.LEAVE: Permission.MANAGE_VOLUNTEERS,
    M.RETURN: Permission.MANAGE_VOLUNTEERS,
}
"""What whoever does it must be allowed. Leaving a suspension behind takes ``BAR`` too, whichever way (``needs``)."""

_STATE: Mapping[Standing, VolunteerState] = {
    S.RESTING: VolunteerState.PAUSED,
    S.SUSPENDED: VolunteerState.SUSPENDED,
    S.LEFT: VolunteerState.LEFT,
}
_STANDING = {state: standing for standing, state in _STATE.items()}

ON_THE_WAY = (S.APPLIED, S.MET, S.CHECKED)
"""Who stands in the list "New volunteers"."""

ONWARDS = frozenset({M.MEET, M.CHECK, M.WELCOME})
"""Moves that bring her nearer to us."""

ENDS_TASKS = frozenset({M.SUSPEND, M.LEAVE})
"""Moves that take every live task back."""


def standing(volunteer: Volunteer) -> Standing:
    """Both columns as one word."""
    return _STANDING.get(volunteer.state, Standing(volunteer.stage))


def allowed(at: Standing) -> tuple[JourneyMove, ...]:
    """The moves that a page may offer."""
    return tuple(move for move in JourneyMove if (at, move) in MOVES)


def needs(at: Standing, move: JourneyMove) -> frozenset[Permission]:
    """All that the actor must be allowed for this move from here."""
    return frozenset({WHO[move], *((Permission.BAR,) if at is S.SUSPENDED else ())})


def moved(volunteer: Volunteer, move: JourneyMove, *, until: date | None = None) -> Volunteer:
    """The volunteer after the move. ``until``: the first day back, for ``REST`` only.

    Being met is a safety check of its own (``CheckLevel.MET``), so ``MEET`` notes it. Raises
    ``Conflict("moved_on")`` when the table has no such move.
    """
    at = standing(volunteer)
    if (at, move) not in MOVES:
        raise moved_on(f"a volunteer who is {at} has no move {move}", state=str(at), move=str(move))
    to = MOVES[at, move]
    if to is AS_BEFORE:
        return replace(volunteer, state=VolunteerState.ACTIVE, paused_until=None)
    if to in _STATE:
        return replace(volunteer, state=_STATE[to], paused_until=until if to is S.RESTING else None)
    cleared = volunteer.cleared
    if move is M.MEET and all(each.check != CheckLevel.MET for each in cleared):
        cleared = (*cleared, Cleared(check=CheckLevel.MET))
    return replace(volunteer, stage=Stage(to), cleared=cleared)
