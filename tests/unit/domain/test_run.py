"""Rounds: the life-cycle as a table, stops read from their tasks, and when a door's details are open."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import COMING, SHOWS_DETAILS, AssignmentMove, allowed
from node.domain.catalogue import catalogue
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.rounds import run as rules
from node.domain.rounds.run import ENDED, GIVES_BACK, MOVES, Run, RunMove, RunState, Stop, StopState, StopWord

DAY = date(2026, 3, 5)


def stop(task: AssignmentState, said: StopWord | None = None, *, hers: bool = True) -> Stop:
    return Stop(
        run_id="r",
        assignment_id=AssignmentId("a"),
        need_id=NeedId("n"),
        place=0,
        said=said,
        task=task,
        hers=hers,
        sealed=b"",
        told_sealed=None,
    )


def run(state: RunState) -> Run:
    return Run(id="r", driver_id=PersonId("p"), day=DAY, state=state, created_at=0, changed_at=0)


def test_every_way_out_gives_back_what_was_not_reached() -> None:
    for (state, move), end in MOVES.items():
        assert state not in ENDED
        assert (move in GIVES_BACK) is (end in ENDED)
    for move in GIVES_BACK.values():
        assert all(move in allowed(state) for state in COMING), "a task that is still on can take it"
    for word, move in rules.TASK_MOVE.items():
        assert all(move in allowed(state) for state in COMING), word


@given(
    st.sampled_from(RunState),
    st.sampled_from(AssignmentState),
    st.one_of(st.none(), st.sampled_from(StopWord)),
    st.integers(-3, 3),
    st.booleans(),
)
def test_details_are_open_only_to_who_is_on_the_way_there(
    state: RunState, task: AssignmentState, said: StopWord | None, days: int, hers: bool
) -> None:
    there = stop(task, said, hers=hers)
    if rules.details_open(run(state), there, DAY + timedelta(days=days)):
        assert state is RunState.UNDER_WAY
        assert hers
        assert task in COMING
        assert task in SHOWS_DETAILS
        assert days in (0, 1)
    if there.state is StopState.DONE:
        assert task is AssignmentState.DONE


def test_what_was_said_counts_only_with_the_task_it_moved() -> None:
    """The coordinator may undo it: the stop waits again, whatever was said."""
    assert stop(AssignmentState.RELEASED, StopWord.NOBODY_HOME).state is StopState.NOBODY_HOME
    assert stop(AssignmentState.RELEASED).state is StopState.OFF
    assert stop(AssignmentState.CONTACTED, StopWord.NOBODY_HOME).state is StopState.WAITING
    assert stop(AssignmentState.WITHDRAWN, StopWord.PROBLEM).state is StopState.OFF
    assert rules.TASK_MOVE[StopWord.DONE] is AssignmentMove.DONE
    assert RunMove.LAPSE in GIVES_BACK


def test_what_can_be_delivered_is_in_the_list_of_kinds() -> None:
    assert all(code in catalogue() for code in rules.DELIVERED)
