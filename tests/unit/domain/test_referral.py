"""A whole need given to another group: each row of the rules, and what of it travels."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from node.domain.answers import Answer
from node.domain.exchange.referral import (
    HOME_DAYS,
    Referral,
    State,
    Way,
    content_of,
    ended_there,
    handed,
    new_need_of,
    owed,
    revoke_unheard,
)
from node.domain.intake.asked import Handed
from node.domain.need import CallerDetails, CloseReason, NeedDetails, NeedState, Point, Urgency, Window
from node.domain.need_lifecycle import NeedMove
from node.domain.person import PersonDetails, Phone
from tests.unit.domain.test_handover import NEED

ROW = Referral(
    id="r", way=Way.IN, peer="p", need_id=None, state=State.ASKED, category="x", created_at=1, changed_at=1
)
TOLD = [None, "yes", "no", "closed", "revoke", "deleted"]
CLOSED = ("outcome", {"state": "closed", "reason": "completed"})


def expected(
    way: Way, state: State, told: str | None, need: NeedState | None
) -> tuple[str, dict[str, str]] | None:
    """The table of the docstring, read the other way round."""
    if way is Way.OUT:
        return ("revoke", {}) if state is State.TAKEN_BACK and told not in ("revoke", "deleted") else None
    if state is State.TAKEN_BACK:
        return ("deleted", {}) if told != "deleted" else None
    first = {State.ACCEPTED: "yes", State.DECLINED: "no"}.get(state)
    if first and told is None:
        return "answer", {"answer": first}
    if state is State.ACCEPTED and told == "yes" and need in (NeedState.CLOSED, None):
        return CLOSED
    return None


@pytest.mark.parametrize(("way", "state", "told"), list(product(Way, State, TOLD)))
def test_what_is_to_be_told(way: Way, state: State, told: str | None) -> None:
    row = replace(ROW, way=way, state=state, told=told)
    for need in (NeedState.OPEN, NeedState.IN_PROGRESS, NeedState.CLOSED):
        assert owed(row, need, CloseReason.COMPLETED) == expected(way, state, told, need)


def test_a_revoke_that_got_lost_is_said_again_for_a_while() -> None:
    day = 86_400
    row = replace(ROW, way=Way.OUT, state=State.TAKEN_BACK, told="revoke", changed_at=day, said_at=day)
    assert owed(row, None, None, unheard=True) == ("revoke", {})
    assert owed(replace(row, told="deleted"), None, None, unheard=True) is None
    after = {days: revoke_unheard(row, (1 + days) * day) for days in (0, 2, 3, 59, 60)}
    assert after == {0: False, 2: False, 3: True, 59: True, 60: False}
    assert not revoke_unheard(replace(row, said_at=10 * day), 12 * day), "said again since"
    assert not revoke_unheard(replace(row, way=Way.IN), 9 * day)
    assert not revoke_unheard(replace(row, state=State.ASKED), 9 * day)


def test_a_need_that_is_gone_here_ends_it_there() -> None:
    row = replace(ROW, state=State.ACCEPTED, told="yes")
    assert owed(row, None, None) == ("outcome", {"state": "closed", "reason": "removed"})


HELPED = {"completed", "partly_completed", "no_longer_needed", "done_by_others", "signposted"}


@pytest.mark.parametrize("reason", [*map(str, CloseReason), "", "a reason of theirs"])
def test_what_its_end_there_makes_here(reason: str) -> None:
    assert ended_there(reason) == (
        (NeedMove.CLOSE, CloseReason(reason)) if reason in HELPED else (NeedMove.TAKE_BACK, None)
    )


FULL = replace(
    NEED, urgency=Urgency.THIS_WEEK, window=Window(first=date(2026, 11, 3), last=date(2026, 11, 5)), helpers=2
)
DETAILS = NeedDetails(
    category="groceries",
    notes="two bags\nno nuts",
    doorstep_word="marmalade",
    point=Point(lat=51.4561, lon=-2.5925, accuracy_m=50),
    caller=CallerDetails(name="Nora Caller", phone="07700 900300"),
    requires=("stairs",),
    leftovers={"column": "left over"},
    answers=(Answer(question="q", asked="Is there a lift?", code="", said="an answer of ours"),),
)
PERSON = PersonDetails(
    name="Wilhelmina Madeup",
    screen=Phone(number="07700 900301"),
    email="made-up@example.org",
    address="77 Nowhere Crescent",
    notes="ours alone",
)


@pytest.mark.parametrize("groups_see", [True, False])
def test_it_arrives_as_the_same_call(groups_see: bool) -> None:
    new = new_need_of(content_of(FULL, DETAILS, PERSON, ref="r", groups_see=groups_see))
    assert (new.categories, new.urgency, new.window, new.helpers) == (
        ("groceries",),
        Urgency.THIS_WEEK,
        FULL.window,
        2,
    )
    assert (new.notes, new.doorstep_word, new.point) == ("two bags / no nuts", "marmalade", DETAILS.point)
    assert (new.person.name, new.person.phone) == ("Wilhelmina Madeup", "07700 900301")
    assert (new.consents.groups_see, new.start) == (groups_see, "open")


def test_what_is_ours_alone_stays() -> None:
    sent = str(content_of(FULL, DETAILS, PERSON, ref="r", groups_see=True))
    assert not [
        word
        for word in ("Nora", "900300", "left over", "example.org", "ours alone", "Is there", "an answer")
        if word in sent
    ]


@pytest.mark.parametrize("part", ["urgency", "effort", "people", "part_of_day", "repeats"])
def test_a_code_that_is_not_known_here_is_refused(part: str) -> None:
    content = content_of(FULL, DETAILS, PERSON, ref="r", groups_see=True)
    content["need"][part] = "a_code_of_theirs"
    with pytest.raises(ValueError, match="a_code_of_theirs"):
        new_need_of(content)


GIVEN = replace(ROW, way=Way.OUT, changed_at=1000)
DONE = replace(GIVEN, state=State.ENDED, reason="completed")
HOME = replace(GIVEN, state=State.ENDED, reason="could_not_complete")


@pytest.mark.parametrize(
    ("row", "state", "reason", "told"),
    [
        (GIVEN, NeedState.REFERRED, None, Handed.ASKED),
        (replace(GIVEN, state=State.ACCEPTED), NeedState.REFERRED, None, Handed.TAKEN),
        (replace(GIVEN, state=State.DECLINED), NeedState.OPEN, None, Handed.HOME),
        (replace(GIVEN, state=State.TAKEN_BACK), NeedState.OFFERED, None, Handed.HOME),
        (HOME, NeedState.OPEN, None, Handed.HOME),
        (HOME, NeedState.ASSIGNED, None, None),
        (HOME, NeedState.CLOSED, CloseReason.COMPLETED, None),
        (DONE, NeedState.CLOSED, CloseReason.COMPLETED, Handed.HELPED),
        (DONE, NeedState.OPEN, None, None),
        (replace(DONE, reason="no_longer_needed"), NeedState.CLOSED, CloseReason.NO_LONGER_NEEDED, None),
        (replace(GIVEN, way=Way.IN, state=State.ACCEPTED), NeedState.OPEN, None, None),
    ],
)
def test_what_the_one_who_asked_is_told(
    row: Referral, state: NeedState, reason: CloseReason | None, told: Handed | None
) -> None:
    found = handed([DONE, row], state, reason, 1000)
    if row.way is Way.IN:  # of theirs, the earlier one of ours still counts
        assert found is None
    else:
        assert found == ((row, told) if told else None)
    assert handed([], state, reason, 1000) is None
    if told is Handed.HOME:
        assert handed([row], state, reason, 1000 + HOME_DAYS * 86_400) is None, "no news any more"
