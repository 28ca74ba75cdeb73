"""What people have to give: the two tables of moves, its last day, and what a form may say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.gifts.gift import (
    AT_THE_DESK,
    BY_LINK,
    FARTHEST_DAYS,
    STANDS,
    STANDS_DAYS,
    Gift,
    GiftDetails,
    GiftMove,
    GiftSort,
    GiftState,
    NewGift,
    Way,
    gift_from,
    gift_record,
    last_day,
    moved,
    moves_of,
    problems,
    stands,
)
from node.domain.ids import GiftId, PersonId
from node.domain.intake.intake import NewPerson
from node.errors import Conflict

TODAY = date(2026, 3, 2)
WHO = NewPerson(name="Gil Invented", phone="07700 900557")


def gift(state: GiftState = GiftState.OPEN, *, sort: GiftSort = GiftSort.THING, left: int = 10) -> Gift:
    """Told a month ago; it stands for ``left`` more days."""
    return Gift(
        id=GiftId("g"),
        person_id=PersonId("p"),
        sort=sort,
        state=state,
        told_day=TODAY - timedelta(days=30),
        until=TODAY + timedelta(days=left),
        ended_day=None if state in STANDS else TODAY,
    )


@given(
    st.sampled_from(GiftState), st.sampled_from(GiftMove), st.sampled_from(GiftSort), st.integers(-400, 400)
)
def test_after_any_move_it_stands_or_has_a_day_on_which_it_ended(
    state: GiftState, move: GiftMove, sort: GiftSort, left: int
) -> None:
    for table in (AT_THE_DESK, BY_LINK):
        before = gift(state, sort=sort, left=left)
        if (state, move) not in table:
            with pytest.raises(Conflict):
                moved(before, move, TODAY, by=table)
            continue
        after = moved(before, move, TODAY, by=table)
        assert (after.ended_day is None) == (after.state in STANDS)
        assert stands(after, TODAY) == (after.state in STANDS), (
            "what comes back or is kept stands from today on"
        )
        assert after.until >= before.until, "no move takes days away that were promised"


def test_keeping_begins_the_time_anew_and_a_later_day_of_hers_stays() -> None:
    assert moved(gift(left=1), GiftMove.KEEP, TODAY, by=BY_LINK).until == last_day(GiftSort.THING, TODAY)
    assert moved(gift(left=300), GiftMove.KEEP, TODAY, by=BY_LINK).until == TODAY + timedelta(days=300)


def test_what_comes_back_by_the_link_is_looked_at_anew_and_a_thing_given_stays_given() -> None:
    assert moved(gift(GiftState.GONE), GiftMove.BACK, TODAY, by=BY_LINK).state is GiftState.NEW
    with pytest.raises(Conflict):
        moved(gift(GiftState.GIVEN), GiftMove.BACK, TODAY, by=BY_LINK)


def test_it_stands_through_its_last_day() -> None:
    assert stands(gift(left=0), TODAY)
    assert not stands(gift(left=-1), TODAY)


def test_what_stands_now_and_then_is_not_given_away_once() -> None:
    assert GiftMove.GIVE in moves_of(gift())
    assert GiftMove.GIVE not in moves_of(gift(sort=GiftSort.STANDING))
    assert STANDS_DAYS[GiftSort.STANDING] > STANDS_DAYS[GiftSort.THING]


def test_what_a_form_may_say() -> None:
    fine = NewGift(person=WHO, details=GiftDetails(what="A cot", kinds=("groceries",)), until=TODAY)
    assert problems(fine, catalogue(), TODAY) == {}
    empty = NewGift(
        details=GiftDetails(kinds=("no such kind",), much="x" * 201),
        until=TODAY + timedelta(days=FARTHEST_DAYS + 1),
    )
    assert problems(empty, catalogue(), TODAY).keys() == {"what", "kinds", "until", "name", "phone", "much"}
    past = NewGift(person=WHO, details=GiftDetails(what="A cot"), until=TODAY - timedelta(days=1))
    assert problems(past, catalogue(), TODAY).keys() == {"until"}


@given(st.text(max_size=20), st.sampled_from(Way), st.lists(st.text(max_size=5), max_size=3, unique=True))
def test_what_is_sealed_comes_back(text: str, way: Way, kinds: list[str]) -> None:
    said = GiftDetails(what=text.strip(), much="two", way=way, kinds=tuple(kinds), note="")
    assert gift_from(gift_record(said)) == said
