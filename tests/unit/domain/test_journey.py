"""The journey of a volunteer: the table, and what no order of moves can do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.actors import Actor, ActorKind, Role
from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.people.journey import MOVES, WHO, JourneyMove, Standing, allowed, moved, needs, standing
from node.domain.permissions import Permission, may
from node.domain.volunteer import Cleared, Stage, Volunteer, VolunteerState, new_here
from node.errors import Conflict

NEW = Volunteer(person_id=PersonId("p"), stage=Stage.APPLIED)
M, S = JourneyMove, Standing
BACK = date(2026, 12, 1)


def test_the_way_of_a_newcomer() -> None:
    volunteer = NEW
    seen = [standing(volunteer)]
    for move in (M.MEET, M.CHECK, M.WELCOME, M.REST, M.RESUME, M.SUSPEND, M.LIFT, M.LEAVE, M.RETURN):
        volunteer = moved(volunteer, move, until=BACK)
        seen.append(standing(volunteer))
    assert seen == [
        S.APPLIED, S.MET, S.CHECKED, S.ACTIVE, S.RESTING, S.ACTIVE, S.SUSPENDED, S.ACTIVE, S.LEFT, S.ACTIVE,
    ]  # fmt: skip
    assert [each.check for each in volunteer.cleared] == [CheckLevel.MET]


def test_every_state_has_a_way_on() -> None:
    assert all(allowed(at) for at in Standing)
    assert {move for _, move in MOVES} == set(JourneyMove) == set(WHO)


def test_who_may() -> None:
    staff = {role: Actor(kind=ActorKind.STAFF, id="x", roles=frozenset({role})) for role in Role}
    able = {
        move: {role for role in Role if all(may(staff[role], each) for each in needs(S.ACTIVE, move))}
        for move in JourneyMove
    }
    desk = {Role.COORDINATOR}
    assert able == {
        **dict.fromkeys((M.MEET, M.WELCOME, M.REST, M.RESUME, M.LEAVE, M.RETURN), desk),
        **dict.fromkeys((M.CHECK, M.SUSPEND, M.LIFT), desk | {Role.SAFETY}),
    }
    assert Permission.BAR in needs(S.SUSPENDED, M.LEAVE)


@given(st.lists(st.sampled_from(JourneyMove), max_size=25))
def test_no_order_of_moves_makes_a_stranger_one_of_us(moves: list[JourneyMove]) -> None:
    volunteer, met = NEW, False
    for move in moves:
        at = standing(volunteer)
        if (at, move) not in MOVES:
            with pytest.raises(Conflict):
                moved(volunteer, move)
            continue
        stage = volunteer.stage
        volunteer = moved(volunteer, move, until=BACK)
        met = met or move is M.MEET
        assert met or new_here(volunteer)
        assert (volunteer.state is VolunteerState.PAUSED) == (volunteer.paused_until is not None)
        if move not in (M.MEET, M.CHECK, M.WELCOME):
            assert volunteer.stage is stage, "a break, a suspension or leaving loses nothing of the way"
    if not met:
        assert volunteer.stage is Stage.APPLIED


def test_a_check_that_was_seen_means_somebody_met_her() -> None:
    assert not new_here(
        Volunteer(person_id=PersonId("p"), stage=Stage.APPLIED, cleared=(Cleared(check="id"),))
    )
