"""What to do next about one request, as a table."""

import pytest

from node.domain.assignment import AssignmentState as A
from node.domain.board.next_step import NextStep as N
from node.domain.board.next_step import next_step
from node.domain.need import NeedState as S
from ui.words.desk_words import NEXT

ROWS = [
    (S.NEW, (), False, False, N.LOOK),
    (S.NEW, (), False, True, N.LOOK),
    (S.ON_HOLD, (A.PROPOSED,), False, True, N.READY),
    (S.OPEN, (), False, False, N.FIND),
    (S.OPEN, (A.DECLINED, A.WITHDRAWN), False, True, N.FIND),
    (S.OFFERED, (A.PROPOSED, A.DECLINED), False, False, N.WAIT),
    (S.OFFERED, (A.PROPOSED, A.INTERESTED), False, False, N.ANSWER),
    (S.OFFERED, (A.APPROVED,), False, False, N.FIND),
    (S.ASSIGNED, (A.APPROVED,), False, False, N.TELL),
    (S.ASSIGNED, (A.APPROVED,), True, False, N.COMING),
    (S.IN_PROGRESS, (A.CONTACTED,), False, True, N.HAPPENED),
    (S.REPORTED, (A.DONE,), True, False, N.HAPPENED),
    (S.REFERRED, (), False, False, N.ELSEWHERE),
    (S.CLOSED, (A.DONE,), True, True, N.OVER),
]


@pytest.mark.parametrize(("state", "tasks", "told", "due", "step"), ROWS)
def test_what_comes_next(state: S, tasks: tuple[A, ...], told: bool, due: bool, step: N) -> None:
    assert next_step(state, tasks, told=told, due=due) is step


def test_every_state_has_a_next_step_and_every_step_words() -> None:
    assert {state for state, *_ in ROWS} == set(S)
    assert {step for *_, step in ROWS} == set(N) == {*map(N, NEXT), N.TELL, N.HAPPENED}
