"""One of our volunteers on another group's need: each row of the rules, and nothing beside them."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from node.domain.assignment import AssignmentState as S
from node.domain.assignment_lifecycle import LIVE
from node.domain.exchange.away_task import (
    LATE_DAYS,
    MOST_DAYS,
    UNDATED_DAYS,
    AwayTask,
    Held,
    Seen,
    Tell,
    answered,
    details_until,
    may_hold,
    owed,
)
from node.domain.exchange.handover import KEEP_DAYS
from node.domain.ids import PersonId

SEEN = Seen(category="groceries", cell="85194ad7fffffff", urgency="today")
TASK = AwayTask(
    id="t",
    peer="p",
    public_id="P",
    person_id=PersonId("s"),
    helper="h",
    state=S.INTERESTED,
    seen=SEEN,
    created_at=1,
    changed_at=1,
)

ANSWERED = {
    (S.INTERESTED, "yes"): S.APPROVED,
    (S.INTERESTED, "no"): S.DECLINED,
    (S.INTERESTED, "taken"): S.DECLINED,
    **{(state, "revoke"): S.WITHDRAWN for state in (S.INTERESTED, S.APPROVED, S.CONTACTED)},
    **{(state, word): S.WITHDRAWN for state in (S.APPROVED, S.CONTACTED) for word in ("no", "taken")},
}
WORDS = ["yes", "no", "taken", "revoke", "waiting", "nonsense"]


@pytest.mark.parametrize(("state", "word"), list(product(S, WORDS)))
def test_what_the_other_groups_word_makes(state: S, word: str) -> None:
    assert answered(state, word) is ANSWERED.get((state, word), state)


@pytest.mark.parametrize("state", S)
def test_details_are_kept_for_what_goes_on_alone(state: S) -> None:
    assert may_hold(state) == (state in LIVE)


OURS = {S.CONTACTED, S.DONE, S.RELEASED, S.EXPIRED}


@pytest.mark.parametrize("state", S)
def test_only_what_is_ours_to_tell_is_told_and_once(state: S) -> None:
    task = replace(TASK, state=state)
    assert owed(task) == ((Tell.OUTCOME,) if state in OURS else ())
    assert owed(replace(task, told_state=str(state))) == ()
    assert owed(replace(task, told_state="contacted")) == (
        (Tell.OUTCOME,) if state in OURS - {S.CONTACTED} else ()
    )


@pytest.mark.parametrize(
    ("held", "told", "expected"),
    [
        (Held.NONE, Held.NONE, ()),
        (Held.HELD, Held.NONE, (Tell.RECEIPT,)),
        (Held.HELD, Held.HELD, ()),
        (Held.DELETED, Held.NONE, (Tell.DELETED,)),
        (Held.DELETED, Held.HELD, (Tell.DELETED,)),
        (Held.DELETED, Held.DELETED, ()),
    ],
)
def test_what_is_told_about_the_details(held: Held, told: Held, expected: tuple[Tell, ...]) -> None:
    assert owed(replace(TASK, held=held, told_held=told)) == expected


DAY = 86_400
CAME = 20_000 * DAY
"""2024-10-04."""


@pytest.mark.parametrize(
    ("state", "window", "changed", "keep", "days"),
    [
        (S.APPROVED, None, 0, None, UNDATED_DAYS),
        (S.CONTACTED, None, 29, None, UNDATED_DAYS),
        (S.APPROVED, ("2024-10-04", "2024-10-06"), 0, None, 3 + LATE_DAYS),
        (S.APPROVED, ("2024-09-01", "2024-09-02"), 0, None, LATE_DAYS),
        (S.APPROVED, ("2024-10-04", "2025-10-04"), 0, None, MOST_DAYS),
        (S.DONE, None, 5, None, 5 + KEEP_DAYS),
        (S.DONE, None, 5, 1, 6),
        (S.DONE, None, 5, 31, 5 + KEEP_DAYS),
        (S.DONE, None, 59, None, MOST_DAYS),
    ],
)
def test_until_when_details_are_held(
    state: S, window: tuple[str, str] | None, changed: int, keep: int | None, days: int
) -> None:
    task = replace(
        TASK,
        state=state,
        seen=replace(SEEN, window=window),
        held=Held.HELD,
        held_at=CAME,
        changed_at=CAME + changed * DAY,
        keep_days=keep,
    )
    assert details_until(task) == CAME + days * DAY
    assert details_until(replace(task, held=Held.DELETED)) is None


def test_everything_at_once_goes_in_order() -> None:
    given_back = replace(TASK, state=S.RELEASED, held=Held.DELETED, told_held=Held.HELD, asked=True)
    assert owed(given_back) == (Tell.OUTCOME, Tell.DELETED, Tell.STATE)
    fresh = replace(TASK, state=S.CONTACTED, held=Held.HELD, asked=True)
    assert owed(fresh) == (Tell.RECEIPT, Tell.OUTCOME, Tell.STATE)


@pytest.mark.parametrize(
    "seen",
    [
        SEEN,
        replace(
            SEEN,
            window=(date(2026, 11, 3).isoformat(), date(2026, 11, 5).isoformat()),
            part_of_day="morning",
            effort="1h",
            helpers="2+",
            remote=True,
            requires=("stairs",),
            tags=("heavy", "dog"),
        ),
    ],
)
def test_what_was_seen_comes_back_as_it_was_stored(seen: Seen) -> None:
    assert Seen.from_text(seen.text()) == seen
