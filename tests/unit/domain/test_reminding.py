"""Who is reminded: every state of task and request, looked at the day before."""

from dataclasses import replace
from datetime import date

import pytest

from node.domain.assignment import Assignment, AssignmentState
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Channel, Need, NeedState, Urgency, Window
from node.domain.notices.notice import DAY
from node.domain.notices.reminding import reminds
from node.domain.zone import Zone

NOW = 1_793_700_000  # 2026-11-03 10:00 in Greenwich
TOMORROW = date(2026, 11, 4)
NEED = Need(
    id=NeedId("n"),
    person_id=None,
    reference="N-1",
    state=NeedState.ASSIGNED,
    category="groceries",
    cell=None,
    urgency=Urgency.THIS_WEEK,
    window=Window(first=TOMORROW, last=TOMORROW),
    channel=Channel.PHONE,
    posted_day=date(2026, 11, 1),
    created_at=NOW - 2 * DAY,
    changed_at=NOW - 2 * DAY,
)
TASK = Assignment(
    id=AssignmentId("a"),
    need_id=NEED.id,
    person_id=PersonId("p"),
    state=AssignmentState.APPROVED,
    created_at=NOW - 2 * DAY,
    changed_at=NOW - DAY,
)


@pytest.mark.parametrize("state", AssignmentState)
def test_only_what_is_confirmed_and_not_over(state: AssignmentState) -> None:
    hers = state in (AssignmentState.APPROVED, AssignmentState.CONTACTED)
    assert reminds(replace(TASK, state=state), NEED, NOW, Zone()) == (TOMORROW if hers else None)


@pytest.mark.parametrize(
    "state", [NeedState.NEW, NeedState.REPORTED, NeedState.CLOSED, NeedState.ON_HOLD, NeedState.REFERRED]
)
def test_not_of_a_request_that_rests_or_is_over(state: NeedState) -> None:
    assert reminds(TASK, replace(NEED, state=state), NOW, Zone()) is None


def test_not_of_practice_nor_of_a_former_round() -> None:
    assert reminds(TASK, replace(NEED, practice=True), NOW, Zone()) is None
    assert reminds(TASK, replace(NEED, round=1), NOW, Zone()) is None


def test_tomorrow_is_the_groups_own() -> None:
    auckland = Zone("Pacific/Auckland")
    evening = NOW + 4 * 3600  # already the fourth there
    assert reminds(TASK, NEED, evening, Zone()) == TOMORROW
    assert reminds(TASK, NEED, evening, auckland) is None
