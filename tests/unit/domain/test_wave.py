"""Asking in waves: the table, what the answers ask for, and the quiet hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.assignment import AssignmentState
from node.domain.dispatch.wave import MOVES, ON, WaveMove, WaveState, after, due, out_of_quiet, yeses
from node.domain.need import NeedState
from node.domain.need_lifecycle import WORKING
from node.domain.zone import Zone
from node.errors import Conflict


def test_the_table_names_states_that_can_be_left_and_only_stopped_is_the_end() -> None:
    left = {state for state, _ in MOVES}
    assert left == ON == set(WaveState) - {WaveState.STOPPED}
    assert {(state, WaveMove.STOP) in MOVES for state in ON} == {True}
    with pytest.raises(Conflict):
        after(WaveState.STOPPED, WaveMove.LOST)


@given(
    st.sampled_from(WaveState),
    st.sampled_from(NeedState),
    st.lists(st.sampled_from(AssignmentState), max_size=6),
    st.integers(1, 3),
)
def test_what_the_answers_ask_for_is_allowed_and_then_nothing_is_left_to_do(
    state: WaveState, need: NeedState, answers: list[AssignmentState], helpers: int
) -> None:
    move = due(state, need, answers, helpers)
    if move is None:
        if state in ON:
            assert need in WORKING
            assert (state is WaveState.ANSWERED) is (yeses(answers) >= helpers)
        return
    state = after(state, move)
    assert due(state, need, answers, helpers) is None


@pytest.mark.parametrize(
    ("zone", "at", "asked"),
    [
        ("UTC", "2026-11-02 14:00", "2026-11-02 14:00"),
        ("UTC", "2026-11-02 20:59", "2026-11-02 20:59"),
        ("UTC", "2026-11-02 21:00", "2026-11-03 08:00"),
        ("UTC", "2026-11-03 03:30", "2026-11-03 08:00"),
        ("UTC", "2026-11-03 08:00", "2026-11-03 08:00"),
        ("Pacific/Auckland", "2026-11-02 08:30", "2026-11-02 19:00"),  # half past nine in the evening there
        ("Europe/London", "2026-10-24 22:00", "2026-10-25 08:00"),  # the clocks go back that night
    ],
)
def test_nobody_is_asked_at_night(zone: str, at: str, asked: str) -> None:
    def unix(text: str) -> int:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())

    assert out_of_quiet(unix(at), 21, 8, Zone(zone)) == unix(asked)


@given(
    st.integers(0, 2_000_000_000),
    st.integers(17, 24),
    st.integers(5, 12),
    st.sampled_from(["UTC", "Asia/Kolkata"]),
)
def test_the_quiet_hours_end_within_a_day_and_are_over_then(at: int, start: int, end: int, name: str) -> None:
    zone = Zone(name)
    found = out_of_quiet(at, start, end, zone)
    assert at <= found <= at + 24 * 3600
    assert end <= zone.moment(found).hour < start
    assert out_of_quiet(found, start, end, zone) == found
