"""Every state of a need against every move, and what follows from its assignments."""

import itertools

import pytest

from node.domain.assignment import AssignmentState as A
from node.domain.need import NeedState as S
from node.domain.need_lifecycle import (
    MOVES,
    PUBLISHED_AS,
    WORKING,
    NeedMove,
    PublishedAs,
    after,
    allowed,
    derived,
    follow,
)
from node.errors import Conflict

EXPECTED = {
    S.NEW: {NeedMove.OPEN, NeedMove.HOLD, NeedMove.REFER, NeedMove.CLOSE},
    S.OPEN: {NeedMove.HOLD, NeedMove.REFER, NeedMove.CLOSE},
    S.OFFERED: {NeedMove.HOLD, NeedMove.REFER, NeedMove.CLOSE},
    S.ASSIGNED: {NeedMove.HOLD, NeedMove.CLOSE},
    S.IN_PROGRESS: {NeedMove.HOLD, NeedMove.CLOSE},
    S.REPORTED: {NeedMove.HOLD, NeedMove.CLOSE},
    S.CLOSED: {NeedMove.REOPEN},
    S.ON_HOLD: {NeedMove.OPEN, NeedMove.HOLD, NeedMove.REFER, NeedMove.CLOSE},
    S.REFERRED: {NeedMove.TAKE_BACK, NeedMove.CLOSE},
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(S, NeedMove)))
def test_every_state_and_move_is_allowed_or_refused_as_written(state: S, move: NeedMove) -> None:
    if move in EXPECTED[state]:
        assert after(state, move) is MOVES[state, move]
        assert move in allowed(state)
    else:
        with pytest.raises(Conflict) as refused:
            after(state, move)
        assert refused.value.code == "moved_on"
        assert move not in allowed(state)


def test_moves_lead_only_to_typed_states() -> None:
    # offered, assigned, in_progress and reported follow from assignments; nobody types them.
    assert set(MOVES.values()) == {S.OPEN, S.ON_HOLD, S.REFERRED, S.CLOSED}


def test_every_state_can_be_closed_and_closed_reopened() -> None:
    for state in S:
        assert (NeedMove.CLOSE in allowed(state)) is (state is not S.CLOSED)
    assert after(S.CLOSED, NeedMove.REOPEN) is S.OPEN


def test_every_state_says_what_is_published() -> None:
    assert set(PUBLISHED_AS) == set(S)
    assert {state for state, word in PUBLISHED_AS.items() if word is PublishedAs.OPEN} == {S.OPEN, S.OFFERED}
    assert {state for state, word in PUBLISHED_AS.items() if word is PublishedAs.TAKEN} == {
        S.ASSIGNED,
        S.IN_PROGRESS,
        S.REPORTED,
    }
    assert PUBLISHED_AS[S.NEW] is None


@pytest.mark.parametrize(
    ("assignments", "helpers", "state"),
    [
        ([], 1, S.OPEN),
        ([A.PROPOSED], 1, S.OFFERED),
        ([A.INTERESTED], 1, S.OFFERED),
        ([A.APPROVED], 1, S.ASSIGNED),
        ([A.APPROVED, A.INTERESTED], 1, S.ASSIGNED),
        ([A.CONTACTED], 1, S.IN_PROGRESS),
        ([A.DONE], 1, S.REPORTED),
        ([A.DECLINED, A.RELEASED, A.WITHDRAWN, A.EXPIRED], 1, S.OPEN),
        ([A.APPROVED], 2, S.OFFERED),
        ([A.DONE], 2, S.OFFERED),
        ([A.APPROVED, A.APPROVED], 2, S.ASSIGNED),
        ([A.APPROVED, A.DONE], 2, S.IN_PROGRESS),
        ([A.CONTACTED, A.APPROVED], 2, S.IN_PROGRESS),
        ([A.DONE, A.DONE], 2, S.REPORTED),
        ([A.DONE, A.RELEASED], 1, S.REPORTED),
    ],
)
def test_state_follows_from_assignments(assignments: list[A], helpers: int, state: S) -> None:
    assert derived(assignments, helpers) is state


@pytest.mark.parametrize("assignments", list(itertools.combinations_with_replacement(A, 3)))
def test_taken_is_published_exactly_when_every_place_is_filled(assignments: tuple[A, ...]) -> None:
    for helpers in (1, 2, 3):
        state = derived(assignments, helpers)
        assert state in WORKING
        filled = sum(a in (A.APPROVED, A.CONTACTED, A.DONE) for a in assignments)
        assert (PUBLISHED_AS[state] is PublishedAs.TAKEN) is (filled >= helpers)


@pytest.mark.parametrize("state", list(S))
def test_assignments_move_only_working_needs(state: S) -> None:
    expected = S.ASSIGNED if state in WORKING else state
    assert follow(state, [A.APPROVED], 1) is expected
