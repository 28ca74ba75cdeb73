"""What waits too long: every hour of it, and whose turn it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import ENDED, LIVE
from node.domain.board.watch import (
    DAY,
    HOUR,
    HOURS,
    PATIENCE,
    PROMISED,
    Because,
    Decision,
    Waits,
    Word,
    ask_whether,
    escalated,
    word,
)
from node.domain.need import Urgency

NOON = int(datetime(2026, 11, 2, 12, tzinfo=UTC).timestamp())
TODAY = date(2026, 11, 2)
ORDER = [Word.FINE, Word.QUIET, Word.OVER]

hours = st.integers(0, 24 * 60)
dues = st.none() | st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))


def test_only_live_tasks_are_waited_for() -> None:
    assert set(PATIENCE) == LIVE
    for state in ENDED:
        assert word(state, 0, None, NOON) is Word.FINE


@given(st.sampled_from(sorted(LIVE)), hours, dues, hours)
def test_waiting_only_ever_gets_later_and_a_word_always_helps(
    state: AssignmentState, ago: int, due: date | None, more: int
) -> None:
    heard = NOON - ago * HOUR
    now, later = word(state, heard, due, NOON), word(state, heard, due, NOON + more * HOUR)
    assert ORDER.index(now) <= ORDER.index(later)
    assert word(state, NOON, due, NOON) is Word.FINE
    fresher = word(state, heard + HOUR, due, NOON)
    assert ORDER.index(fresher) <= ORDER.index(now)


@given(st.sampled_from(sorted(LIVE)), hours, dues)
def test_nothing_ends_without_having_been_asked_about_for_a_day(
    state: AssignmentState, ago: int, due: date | None
) -> None:
    heard = NOON - ago * HOUR
    if word(state, heard, due, NOON) is Word.OVER:
        assert word(state, heard, due, NOON - DAY) is not Word.FINE


def test_a_task_for_next_week_is_not_late_because_it_was_confirmed_early() -> None:
    approved, due = AssignmentState.APPROVED, TODAY + timedelta(days=6)
    assert word(approved, NOON - 5 * DAY, due, NOON) is Word.FINE
    assert word(approved, NOON - 5 * DAY, due, NOON + 5 * DAY) is Word.QUIET
    assert word(approved, NOON - 5 * DAY, due, NOON + 10 * DAY) is Word.QUIET
    assert word(approved, NOON - 5 * DAY, due, NOON + 11 * DAY) is Word.OVER


@given(hours, st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days)))
def test_whether_help_came_is_asked_for_two_days_before_the_task_ends(ago: int, due: date) -> None:
    heard = NOON - ago * HOUR
    if word(AssignmentState.APPROVED, heard, due, NOON) is Word.OVER:
        assert due <= ask_whether(TODAY - timedelta(days=1))


def test_help_under_way_ends_a_week_after_its_day_and_not_before() -> None:
    contacted, due = AssignmentState.CONTACTED, TODAY
    assert word(contacted, NOON, due, NOON + DAY) is Word.QUIET
    assert word(contacted, NOON, due, NOON + 6 * DAY) is Word.QUIET
    assert word(contacted, NOON, due, NOON + 7 * DAY) is Word.OVER


def waiting(hours_ago: int, decider: str | None, urgency: Urgency = Urgency.THIS_WEEK) -> Decision:
    return Decision(
        id=f"need-{hours_ago}-{decider}",
        reference="1",
        waits=Waits.FIRST_LOOK,
        since=NOON - hours_ago * HOUR,
        urgency=urgency,
        decider=decider,
    )


BOTH = frozenset({"ana", "ben"})


def why(decision: Decision, on_now: set[str], staff: tuple[str, ...] = ("ana", "ben")) -> Because | None:
    found = escalated(
        [decision],
        now=NOON,
        limit_hours=4,
        on_now=frozenset(on_now),
        staff=frozenset(staff),
        signed_in=frozenset({"ana"}),
    )
    return found[0].because if found else None


def test_what_somebody_promised_waits_for_nobody_who_cannot_see_it() -> None:
    for waits in PROMISED:
        assert why(replace(waiting(0, "ana"), waits=waits), {"ana"}) is None
        assert why(replace(waiting(0, "ana"), waits=waits), {"ben"}) is Because.AWAY
        assert why(replace(waiting(0, "zoe"), waits=waits), set()) is Because.GONE
        assert why(replace(waiting(0, "ben"), waits=waits), {"ben"}) is Because.SIGNED_OUT
        assert why(replace(waiting(0, None), waits=waits), {"ben"}) is None
    assert why(waiting(0, "ben"), {"ben"}) is None, "what anybody can decide needs no device of hers"


@pytest.mark.parametrize(("waits", "hours"), HOURS.items())
def test_some_things_have_a_limit_of_their_own(waits: Waits, hours: int) -> None:
    for ago, because in ((hours - 1, None), (hours, Because.LONG)):
        assert why(replace(waiting(ago, None), waits=waits), set()) is because


def test_who_is_away_is_no_point_of_failure() -> None:
    assert why(waiting(1, "ana"), {"ana"}) is None
    assert why(waiting(1, "ana"), {"ben"}) is Because.AWAY
    assert why(waiting(1, "ana"), set()) is None, "nobody else is on either"
    assert why(waiting(0, "zoe"), {"ben"}) is Because.GONE
    assert why(waiting(4, "ana"), {"ana"}) is Because.LONG
    assert why(waiting(1, None), {"ana"}) is None
    assert why(waiting(1, None, Urgency.TODAY), {"ana"}) is Because.LONG


@given(
    st.lists(
        st.builds(
            waiting, st.integers(0, 100), st.sampled_from(["ana", "ben", None]), st.sampled_from(Urgency)
        ),
        max_size=8,
    ),
    st.sets(st.sampled_from(["ana", "ben"])),
    st.integers(1, 48),
)
def test_whatever_waits_longer_than_the_limit_is_raised_whoever_is_on(
    decisions: list[Decision], on_now: set[str], limit: int
) -> None:
    found = escalated(
        decisions, now=NOON, limit_hours=limit, on_now=frozenset(on_now), staff=BOTH, signed_in=BOTH
    )
    raised = {each.decision.id for each in found}
    assert {each.id for each in decisions if NOON - each.since >= limit * HOUR} <= raised
    assert [each.decision.since for each in found] == sorted(each.decision.since for each in found)
