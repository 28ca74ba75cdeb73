"""A neighbouring group's volunteer on our need: each row of the rules, and nothing beside them."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from node.domain.assignment import AssignmentState as S
from node.domain.assignment_lifecycle import ENDED, AssignmentMove
from node.domain.catalogue import CheckLevel
from node.domain.ids import NeedId
from node.domain.need import NeedState
from node.domain.peer_offer import (
    Details,
    PeerOffer,
    Shut,
    Stated,
    Word,
    due,
    follows,
    judge,
    shut,
    span_between,
    stands,
)
from node.domain.volunteer import Cleared

DAY = date(2026, 11, 3)
CELL = "85194ad7fffffff"
OFFER = PeerOffer(
    id="o", peer="p", public_id="P", helper="h", need_id=NeedId("n"), created_at=1, changed_at=1
)
QUIET = {"withdrawn": False, "filled": False, "takes": True, "live": False}


@pytest.mark.parametrize(
    ("need", "changed", "expected"),
    [
        (NeedState.OPEN, {}, None),
        (NeedState.OFFERED, {}, None),
        *((state, {}, Word.TAKEN) for state in NeedState if state not in (NeedState.OPEN, NeedState.OFFERED)),
        (NeedState.OPEN, {"withdrawn": True}, Word.TAKEN),
        (NeedState.OPEN, {"filled": True}, Word.TAKEN),
        (NeedState.OPEN, {"live": True}, Word.NO),
        (NeedState.OPEN, {"takes": False}, Word.NO),
        (NeedState.OPEN, {"filled": True, "live": True}, Word.TAKEN),
        (NeedState.CLOSED, {"takes": False}, Word.TAKEN),
    ],
)
def test_the_machines_own_answer(need: NeedState, changed: dict[str, bool], expected: Word | None) -> None:
    assert judge(need, **(QUIET | changed)) is expected


UNDONE = sorted(ENDED - {S.DONE})
DUE = {
    **{(state, None, True): Word.TAKEN for state in (S.PROPOSED, S.INTERESTED, *UNDONE)},
    **{(state, None, False): Word.NO for state in UNDONE},
    **{(state, Word.YES, filled): Word.REVOKE for state in UNDONE for filled in (True, False)},
}


@pytest.mark.parametrize(("state", "said", "filled"), list(product(S, [None, *Word], [True, False])))
def test_what_is_to_be_told(state: S, said: Word | None, filled: bool) -> None:
    assert due(replace(OFFER, said=said), state, filled=filled) is DUE.get((state, said, filled))


@pytest.mark.parametrize(
    ("said", "filled", "over", "expected"),
    [
        (None, False, False, None),
        (None, True, False, Word.TAKEN),
        (None, False, True, Word.NO),
        (None, True, True, Word.TAKEN),
        (Word.NO, False, True, None),
        (Word.TAKEN, True, True, None),
        (Word.YES, False, False, Word.REVOKE),
    ],
)
def test_a_pair_that_must_not_meet_waits_as_if_for_a_coordinator(
    said: Word | None, filled: bool, over: bool, expected: Word | None
) -> None:
    assert due(replace(OFFER, said=said), None, filled=filled, over=over) is expected


@pytest.mark.parametrize("state", UNDONE)
def test_nothing_is_called_back_that_is_deleted(state: S) -> None:
    offer = replace(OFFER, said=Word.YES, details=Details.DELETED)
    assert due(offer, state, filled=False) is None


@pytest.mark.parametrize(
    ("verdict", "said", "expected"),
    [
        (Word.NO, None, Word.NO),
        (Word.TAKEN, None, Word.TAKEN),
        (Word.TAKEN, Word.TAKEN, None),
        (Word.NO, Word.TAKEN, Word.NO),
        (None, None, None),
    ],
)
def test_the_machines_answer_is_told_once(
    verdict: Word | None, said: Word | None, expected: Word | None
) -> None:
    assert due(replace(OFFER, verdict=verdict, said=said), None, filled=False) is expected


@pytest.mark.parametrize(
    ("state", "said", "verdict", "expected"),
    [
        (None, None, Word.NO, "no"),
        (None, Word.TAKEN, Word.TAKEN, "taken"),
        (S.INTERESTED, None, None, "waiting"),
        (S.PROPOSED, Word.TAKEN, None, "taken"),
        *((state, None, None, "yes") for state in (S.APPROVED, S.CONTACTED, S.DONE)),
        *((state, Word.REVOKE, None, "revoke") for state in UNDONE),
        *((state, None, None, "waiting") for state in UNDONE),
    ],
)
def test_how_it_stands(state: S | None, said: Word | None, verdict: Word | None, expected: str) -> None:
    assert stands(replace(OFFER, said=said, verdict=verdict), state) == expected


M = AssignmentMove
FOLLOWS = {
    (S.APPROVED, "contacted"): M.CONTACT,
    (S.APPROVED, "done"): M.DONE,
    (S.CONTACTED, "done"): M.DONE,
    **{
        (state, told): move
        for told in ("released", "expired", "declined", "withdrawn")
        for state, move in (
            (S.PROPOSED, M.DECLINE),
            (S.INTERESTED, M.DECLINE),
            (S.APPROVED, M.RELEASE),
            (S.CONTACTED, M.RELEASE),
        )
    },
}
TOLD = [*map(str, S), "waiting", "yes", "no", "taken", "revoke", "nonsense"]


@pytest.mark.parametrize(("state", "told"), list(product(S, TOLD)))
def test_what_another_groups_word_moves(state: S, told: str) -> None:
    assert follows(state, told) is FOLLOWS.get((state, told))


def test_no_word_of_theirs_makes_a_yes() -> None:
    assert M.APPROVE not in FOLLOWS.values()
    assert follows(S.INTERESTED, "approved") is None


def holding(check: str, until: date | None = None) -> PeerOffer:
    return replace(OFFER, stated=Stated(checks=(Cleared(check=check, until=until),)))


NONE, MET, ID, RECORD = CheckLevel
LATER, EARLIER = date(2026, 11, 4), date(2026, 11, 2)


@pytest.mark.parametrize(
    ("offer", "check", "counts", "rang", "consent", "expected"),
    [
        (OFFER, NONE, False, False, True, None),
        (OFFER, NONE, False, False, False, Shut.NO_CONSENT),
        (OFFER, NONE, False, False, None, Shut.NO_CONSENT),
        (OFFER, ID, False, False, True, Shut.MUST_RING),
        (OFFER, ID, False, True, True, None),
        (OFFER, ID, False, True, None, Shut.NO_CONSENT),
        (OFFER, ID, True, False, True, Shut.LACKS_CHECK),
        (OFFER, ID, True, True, True, None),
        (holding("id"), ID, True, False, True, None),
        (holding("id"), ID, False, False, True, Shut.MUST_RING),
        (holding("met"), ID, True, False, True, Shut.LACKS_CHECK),
        (holding("criminal_record"), ID, True, False, True, None),
        (holding("id"), RECORD, True, False, True, Shut.LACKS_CHECK),
        (holding("criminal_record", DAY), RECORD, True, False, True, None),
        (holding("criminal_record", LATER), RECORD, True, False, True, None),
        (holding("criminal_record", EARLIER), RECORD, True, False, True, Shut.LACKS_CHECK),
        (holding("a_check_of_theirs"), MET, True, False, True, Shut.LACKS_CHECK),
    ],
)
def test_what_stands_against_a_yes(
    offer: PeerOffer, check: CheckLevel, counts: bool, rang: bool, consent: bool | None, expected: Shut | None
) -> None:
    asked = {"counts": counts, "rang": rang, "day": DAY, "consent": consent}
    assert shut(offer, check, shared=True, **asked) is expected
    assert shut(offer, check, shared=False, **asked) is Shut.NOT_SHARED


def test_what_is_stated_comes_back_as_it_went_and_nothing_empty_goes() -> None:
    full = Stated(
        since=2024,
        checks=(Cleared(check="id", until=None), Cleared(check="criminal_record", until=DAY)),
        cell=CELL,
        reach_km=4,
        languages=("en", "so"),
        manages=("stairs",),
    )
    assert Stated.of(full.content()) == full
    assert full.content()["checks"] == [
        {"check": "id"},
        {"check": "criminal_record", "until": "2026-11-03"},
    ]
    assert Stated().content() == {}
    assert Stated(reach_km=0).content() == {"reach_km": 0}


@pytest.mark.parametrize(
    ("need", "hers", "told"), [(CELL, CELL, True), (None, CELL, False), (CELL, None, False)]
)
def test_a_distance_lies_between_two_known_areas(need: str | None, hers: str | None, told: bool) -> None:
    found = span_between(need, Stated(cell=hers))
    assert (found is not None) == told
    if found is not None:
        assert found[0] == 0 < found[1], "in one and the same area"
