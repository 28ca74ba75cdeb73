"""The life-cycle of a need, as tables: its moves, what follows from assignments, what is published."""

from collections.abc import Iterable
from enum import StrEnum

from node.domain.assignment import AssignmentState as A
from node.domain.assignment_lifecycle import FILLS_A_PLACE, LIVE
from node.domain.lifecycle import step
from node.domain.need import NeedState as S


class NeedMove(StrEnum):
    """What a person can do to a need; the other states follow from its assignments."""

    OPEN = "open"
    """Volunteers may see it; also ends a hold."""
    HOLD = "hold"
    """No answer, call back: always with a date."""
    REFER = "refer"
    """A neighbouring group was asked for it or took it."""
    TAKE_BACK = "take_back"
    CLOSE = "close"
    """Always with a reason."""
    REOPEN = "reopen"


class PublishedAs(StrEnum):
    """The words that leave for other groups; None where nothing goes out."""

    OPEN = "open"
    TAKEN = "taken"
    WITHDRAWAL = "withdrawal"


M = NeedMove

WORKING = (S.OPEN, S.OFFERED, S.ASSIGNED, S.IN_PROGRESS, S.REPORTED)
"""States that follow from the assignments; nobody types the last four."""

MOVES: dict[tuple[S, NeedMove], S] = {
    (S.NEW, M.OPEN): S.OPEN,
    (S.NEW, M.HOLD): S.ON_HOLD,
    (S.NEW, M.REFER): S.REFERRED,
    (S.NEW, M.CLOSE): S.CLOSED,
    (S.OPEN, M.HOLD): S.ON_HOLD,
    (S.OPEN, M.REFER): S.REFERRED,
    (S.OPEN, M.CLOSE): S.CLOSED,
    (S.OFFERED, M.HOLD): S.ON_HOLD,
    (S.OFFERED, M.REFER): S.REFERRED,
    (S.OFFERED, M.CLOSE): S.CLOSED,
    (S.ASSIGNED, M.HOLD): S.ON_HOLD,
    (S.ASSIGNED, M.CLOSE): S.CLOSED,
    (S.IN_PROGRESS, M.HOLD): S.ON_HOLD,
    (S.IN_PROGRESS, M.CLOSE): S.CLOSED,
    (S.REPORTED, M.HOLD): S.ON_HOLD,
    (S.REPORTED, M.CLOSE): S.CLOSED,
    (S.ON_HOLD, M.OPEN): S.OPEN,
    (S.ON_HOLD, M.HOLD): S.ON_HOLD,
    (S.ON_HOLD, M.REFER): S.REFERRED,
    (S.ON_HOLD, M.CLOSE): S.CLOSED,
    (S.REFERRED, M.TAKE_BACK): S.OPEN,
    (S.REFERRED, M.CLOSE): S.CLOSED,
    (S.CLOSED, M.REOPEN): S.OPEN,
}
"""Every allowed move; what is not here is refused. Where it says OPEN, ``follow`` then decides."""

PUBLISHED_AS: dict[S, PublishedAs | None] = {
    S.NEW: None,
    S.OPEN: PublishedAs.OPEN,
    S.OFFERED: PublishedAs.OPEN,
    S.ASSIGNED: PublishedAs.TAKEN,
    S.IN_PROGRESS: PublishedAs.TAKEN,
    S.REPORTED: PublishedAs.TAKEN,
    S.CLOSED: PublishedAs.WITHDRAWAL,
    S.ON_HOLD: PublishedAs.WITHDRAWAL,
    S.REFERRED: PublishedAs.WITHDRAWAL,
}
"""What other groups are told in each state. None: nothing; what may be out is withdrawn all the same."""


def after(state: S, move: NeedMove) -> S:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="need")


def allowed(state: S) -> tuple[NeedMove, ...]:
    """The moves that a page may offer."""
    return tuple(move for move in NeedMove if (state, move) in MOVES)


def derived(assignments: Iterable[A], helpers: int) -> S:
    """What a working need's assignments (of its present round) make of it.

    While places are free it is ``open`` or ``offered``; once all are filled ``assigned``, then
    ``in_progress`` from the first contact, and ``reported`` when every helper has said done.
    """
    states = list(assignments)
    filled = [state for state in states if state in FILLS_A_PLACE]
    if len(filled) < helpers:
        return S.OFFERED if filled or any(state in LIVE for state in states) else S.OPEN
    if all(state is A.DONE for state in filled):
        return S.REPORTED
    if any(state in (A.CONTACTED, A.DONE) for state in filled):
        return S.IN_PROGRESS
    return S.ASSIGNED


def follow(state: S, assignments: Iterable[A], helpers: int) -> S:
    """The state after its assignments changed: derived while working, unmoved in the side states."""
    return derived(assignments, helpers) if state in WORKING else state
