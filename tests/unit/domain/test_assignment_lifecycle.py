"""Every state of an assignment against every move."""

import itertools

import pytest

from node.domain.assignment import AssignmentState as S
from node.domain.assignment_lifecycle import (
    ENDED,
    FILLS_A_PLACE,
    FIRST_STATES,
    LIVE,
    MOVES,
    SHOWS_DETAILS,
    AssignmentMove,
    after,
    allowed,
)
from node.errors import Conflict

M = AssignmentMove
EXPECTED = {
    S.PROPOSED: {M.INTEREST, M.APPROVE, M.DECLINE, M.WITHDRAW, M.EXPIRE},
    S.INTERESTED: {M.APPROVE, M.DECLINE, M.WITHDRAW, M.EXPIRE},
    S.APPROVED: {M.CONTACT, M.DONE, M.RELEASE, M.WITHDRAW, M.EXPIRE},
    S.CONTACTED: {M.DONE, M.RELEASE, M.WITHDRAW, M.EXPIRE},
}


@pytest.mark.parametrize(("state", "move"), list(itertools.product(S, M)))
def test_every_state_and_move_is_allowed_or_refused_as_written(state: S, move: M) -> None:
    if move in EXPECTED.get(state, set()):
        assert after(state, move) is MOVES[state, move]
        assert move in allowed(state)
    else:
        with pytest.raises(Conflict) as refused:
            after(state, move)
        assert refused.value.code == "moved_on"


def test_states_fall_into_live_and_ended() -> None:
    assert set(S) == LIVE | ENDED
    assert {state for state in S if allowed(state)} == LIVE
    assert FIRST_STATES <= LIVE
    reachable = set(FIRST_STATES) | set(MOVES.values())
    assert reachable == set(S)


def test_details_open_on_the_yes_and_shut_on_every_way_out_but_done() -> None:
    assert {S.APPROVED, S.CONTACTED, S.DONE} == SHOWS_DETAILS == FILLS_A_PLACE
    for (_, _), state in MOVES.items():
        if state in ENDED and state is not S.DONE:
            assert state not in SHOWS_DETAILS
    assert not (FIRST_STATES & SHOWS_DETAILS)
