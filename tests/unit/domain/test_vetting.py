"""Safety checks: what matching may rely on follows from the records, and ends are told in time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.matching.matching import holds
from node.domain.safety.vetting import (
    LEVELS,
    REMIND_DAYS,
    Check,
    Decision,
    after,
    check_from,
    fold,
    problems,
    record,
    renewals,
    usual_review,
)
from node.domain.volunteer import Cleared, Volunteer

TODAY = date(2026, 5, 4)
SAM = PersonId("sam")

days = st.integers(-400, 400).map(lambda n: TODAY + timedelta(days=n))
checks = st.builds(
    Check,
    level=st.sampled_from(LEVELS),
    seen=days,
    by=st.just("staff"),
    decision=st.sampled_from(Decision),
    review=st.none() | days,
    at=st.integers(0, 2**33),
)


def _volunteer(cleared: tuple[Cleared, ...]) -> Volunteer:
    return Volunteer(person_id=SAM, cleared=cleared)


@given(st.lists(checks, max_size=8), checks)
def test_the_last_record_of_a_level_is_what_counts(before: list[Check], last: Check) -> None:
    cleared = fold([*before, last])
    assert [each.check for each in cleared] == sorted({each.check for each in cleared}, key=LEVELS.index)
    if last.decision is Decision.CLEARED:
        assert Cleared(check=last.level, until=last.review) in cleared
    else:
        # Not this check, and nothing stronger that would stand for it.
        assert not holds(_volunteer(cleared), last.level, date.min)
        weaker = LEVELS[: LEVELS.index(last.level)]
        kept = {each for each in fold(before) if each.check in weaker}
        assert kept == set(cleared)


@given(st.lists(checks, max_size=8), days)
def test_nothing_is_held_that_no_record_gave(noted: list[Check], day: date) -> None:
    for level in LEVELS:
        if holds(_volunteer(fold(noted)), level, day):
            assert any(
                each.decision is Decision.CLEARED
                and LEVELS.index(each.level) >= LEVELS.index(level)
                and (each.review is None or each.review >= day)
                for each in noted
            )


@given(checks)
def test_a_record_comes_back_as_it_was_sealed(check: Check) -> None:
    assert check_from(record(check)) == check


@given(st.lists(checks, max_size=8))
def test_only_what_ends_soon_or_is_over_is_to_be_renewed(noted: list[Check]) -> None:
    cleared = fold(noted)
    for each in renewals(SAM, cleared, TODAY):
        assert each.days <= max(REMIND_DAYS)
        assert each.long_over == (each.days < -60)
        assert each.band in REMIND_DAYS
        assert each.urgent == (each.days <= 7)
        # Whoever is listed will lack it the day after its end: a stronger check that lasts needs no reminder.
        assert not holds(_volunteer(cleared), each.level, each.until + timedelta(days=1))


@pytest.mark.parametrize(
    ("days_left", "band"),
    [
        (60, 60),
        (31, 60),
        (30, 30),
        (8, 30),
        (7, 7),
        (0, 7),
        (-7, 7),
        (-8, 30),
        (-60, 60),
        (-61, 60),
        (-900, 60),
    ],
)
def test_sixty_thirty_seven_before_and_after(days_left: int, band: int) -> None:
    held = (Cleared(check="id", until=TODAY + timedelta(days=days_left)),)
    assert [each.band for each in renewals(SAM, held, TODAY)] == [band]
    assert not renewals(SAM, (Cleared(check="id", until=TODAY + timedelta(days=61)),), TODAY)


def test_a_check_that_a_stronger_one_outlasts_needs_nothing() -> None:
    held = (
        Cleared(check="id", until=TODAY + timedelta(days=3)),
        Cleared(check="criminal_record", until=TODAY + timedelta(days=300)),
    )
    assert renewals(SAM, held, TODAY) == []


def test_one_that_did_not_satisfy_takes_the_stronger_ones_away() -> None:
    seen = Check(
        level=CheckLevel.ID, seen=TODAY, by="staff", decision=Decision.NOT_CLEARED, review=None, at=0
    )
    held = (Cleared(check="met"), Cleared(check="id"), Cleared(check="criminal_record"))
    assert after(held, seen) == (Cleared(check="met"),)


@pytest.mark.parametrize(
    ("level", "seen", "decision", "review", "wrong"),
    [
        ("id", TODAY, "cleared", None, set()),
        ("none", TODAY, "cleared", None, {"level"}),
        ("angelic", TODAY, "cleared", None, {"level"}),
        ("id", TODAY + timedelta(days=1), "cleared", None, {"seen"}),
        ("id", None, "", TODAY, {"seen", "decision", "review"}),
        ("met", TODAY, "not_cleared", date(2037, 1, 1), {"review"}),
    ],
)
def test_what_does_not_fit_is_said(
    level: str, seen: date | None, decision: str, review: date | None, wrong: set[str]
) -> None:
    assert set(problems(level, seen, decision, review, TODAY)) == wrong


def test_a_police_record_is_looked_at_again_after_three_years() -> None:
    assert usual_review(CheckLevel.CRIMINAL_RECORD, TODAY) == TODAY + timedelta(days=1095)
    assert usual_review(CheckLevel.MET, TODAY) is None
