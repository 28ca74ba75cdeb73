"""The life-cycle of an assignment, as one table."""

from enum import StrEnum

from node.domain.assignment import AssignmentState as S
from node.domain.lifecycle import step


class AssignmentMove(StrEnum):
    """What can happen to an assignment."""

    INTEREST = "interest"
    """The helper says "I can help" to our question."""
    APPROVE = "approve"
    """The coordinator's yes."""
    CONTACT = "contact"
    """On the way, or spoken to."""
    DONE = "done"
    DECLINE = "decline"
    """A no before the yes, by either side."""
    RELEASE = "release"
    """The helper gives it back."""
    WITHDRAW = "withdraw"
    """The coordinator takes it back."""
    EXPIRE = "expire"
    """No contact in time."""


M = AssignmentMove

MOVES: dict[tuple[S, AssignmentMove], S] = {
    (S.PROPOSED, M.INTEREST): S.INTERESTED,
    (S.PROPOSED, M.APPROVE): S.APPROVED,
    (S.PROPOSED, M.DECLINE): S.DECLINED,
    (S.PROPOSED, M.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, M.EXPIRE): S.EXPIRED,
    (S.INTERESTED, M.APPROVE): S.APPROVED,
    (S.INTERESTED, M.DECLINE): S.DECLINED,
    (S.INTERESTED, M.WITHDRAW): S.WITHDRAWN,
    (S.INTERESTED, M.EXPIRE): S.EXPIRED,
    (S.APPROVED, M.CONTACT): S.CONTACTED,
    (S.APPROVED, M.DONE): S.DONE,
    (S.APPROVED, M.RELEASE): S.RELEASED,
    (S.APPROVED, M.WITHDRAW): S.WITHDRAWN,
    (S.APPROVED, M.EXPIRE): S.EXPIRED,
    (S.CONTACTED, M.DONE): S.DONE,
    (S.CONTACTED, M.RELEASE): S.RELEASED,
    (S.CONTACTED, M.WITHDRAW): S.WITHDRAWN,
    (S.CONTACTED, M.EXPIRE): S.EXPIRED,
}
"""Every allowed move; what is not here is refused."""

FIRST_STATES = frozenset({S.PROPOSED, S.INTERESTED})
"""An assignment begins as one of these: asked by us, or offered by them."""

ENDED = frozenset({S.DONE, S.DECLINED, S.RELEASED, S.WITHDRAWN, S.EXPIRED})
LIVE = frozenset(S) - ENDED
FILLS_A_PLACE = frozenset({S.APPROVED, S.CONTACTED, S.DONE})
"""Counted against the number of helpers the need asks for."""

COMING = frozenset({S.APPROVED, S.CONTACTED})
"""Confirmed and not over: whoever was announced to the person."""

SHOWS_DETAILS = frozenset({S.APPROVED, S.CONTACTED, S.DONE})
"""Private details open here (after ``done`` until the link runs out), and nowhere else."""


def after(state: S, move: AssignmentMove) -> S:
    """The next state. Raises ``Conflict("moved_on")`` when the table has no such move."""
    return step(MOVES, state, move, of="assignment")


def allowed(state: S) -> tuple[AssignmentMove, ...]:
    """The moves that a page may offer."""
    return tuple(move for move in AssignmentMove if (state, move) in MOVES)
