"""Visits alone: whoever is not back in time is overdue until somebody says otherwise, in whatever order it happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import CheckLevel, Going, catalogue
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.safety.visits import (
    MOST_MINUTES,
    RINGS,
    Ended,
    Visit,
    minutes_of,
    more,
    no_answer,
    over,
    red_first,
)
from node.errors import Conflict, Invalid

START = 1_700_000_000


def _visit(number: int = 0, minutes: int = 60) -> Visit:
    return Visit(
        id=f"v{number}",
        assignment_id=AssignmentId(f"a{number}"),
        need_id=NeedId("n"),
        person_id=PersonId("p"),
        started_at=START,
        expected_at=START + minutes * 60,
    )


steps = st.lists(st.tuples(st.sampled_from(("more", "rang", "back")), st.integers(0, 90)), max_size=12)


@given(st.integers(5, MOST_MINUTES), steps)
def test_only_coming_back_ends_it_and_only_a_later_time_quiets_it(
    minutes: int, done: list[tuple[str, int]]
) -> None:
    visit, now = _visit(minutes=minutes), START
    for what, wait in done:
        now += wait * 60
        before = visit
        try:
            match what:
                case "more":
                    visit = more(visit, 15, now)
                case "rang":
                    visit = no_answer(visit, now)
                case "back":
                    visit = over(visit, now, Ended.BACK)
        except Conflict:
            assert before.ended_at is not None
            continue
        if what == "rang":
            assert visit.overdue(now) == before.overdue(now)
            assert visit.send_somebody == (visit.rung >= RINGS)
        if what == "more":
            assert visit.expected_at >= before.expected_at
            assert visit.rung == 0
        assert visit.expected_at <= START + MOST_MINUTES * 60
        assert visit.overdue(START + 10**7) == (visit.ended_at is None)


@given(st.lists(st.integers(5, 600), max_size=8), st.integers(0, 700))
def test_overdue_ones_stand_first_the_longest_late_at_the_top(minutes: list[int], passed: int) -> None:
    now = START + passed * 60
    rows = red_first([_visit(number, each) for number, each in enumerate(minutes)], now)
    late = [each.overdue(now) for each in rows]
    assert late == sorted(late, reverse=True)
    lateness = [each.late_minutes(now) for each in rows if each.overdue(now)]
    assert lateness == sorted(lateness, reverse=True)


@pytest.mark.parametrize("text", ["", "4", "721", "-5", "1e9", "99999", "ten"])
def test_minutes_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        minutes_of(text)
    assert minutes_of("90") == 90


codes = st.sampled_from([each.code for each in catalogue().categories])


@given(st.dictionaries(codes, st.tuples(st.sampled_from(CheckLevel), st.sampled_from(Going))))
def test_a_group_asks_more_and_never_less(more_asked: dict[str, tuple[CheckLevel, Going]]) -> None:
    shared, ours = catalogue(), catalogue().asking(more_asked)
    levels, ways = tuple(CheckLevel), tuple(Going)
    for kind in shared.categories:
        mine = ours.category(kind.code)
        check, going = more_asked.get(kind.code, (kind.check, kind.going))
        assert levels.index(mine.check) == max(levels.index(kind.check), levels.index(check))
        assert ways.index(mine.going) == max(ways.index(kind.going), ways.index(going))
        assert (mine.wire, mine.klass, mine.names) == (kind.wire, kind.klass, kind.names)


def test_the_reviewed_table_asks_care_where_somebody_is_let_in_alone() -> None:
    asks = {each.code: each.going for each in catalogue().categories if each.going is not Going.ALONE}
    assert asks == {
        "childcare": Going.TIMER,
        "visit": Going.TIMER,
        "carer_break": Going.TIMER,
        "mental_health": Going.TIMER,
        "personal_care": Going.TIMER,
        "violence": Going.PAIR,
    }
    for kind in catalogue().categories:
        if kind.going is not Going.ALONE:
            assert not kind.contactless
            assert kind.check in (CheckLevel.ID, CheckLevel.CRIMINAL_RECORD)
