"""The merge rules: the whole table, and what falls with a new epoch or a new op key."""

from dataclasses import replace
from typing import Any

import pytest

from protocol import register
from protocol.errors import LocalProtocolError
from protocol.register import (
    ALL_EPOCHS,
    REASONS,
    OriginState,
    Verdict,
    hidden_reason,
    with_contradiction,
    with_head,
    with_keys,
)

from . import cases
from .cases import Case
from .makers import (
    EPOCH,
    NEXT_OP,
    TODAY,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_withdrawal,
    signed,
)


@pytest.mark.parametrize("case", cases.ALL, ids=lambda case: case.name)
def test_the_table_of_cases(case: Case) -> None:
    judgement = case.judge()
    assert (judgement.verdict, judgement.reason) == (case.verdict, case.reason)
    assert judgement.reason == "" or judgement.reason in REASONS
    assert judgement.kept == (case.verdict in ("accept", "keep_hidden"))


def test_the_table_knows_every_verdict_and_reason_and_no_name_twice() -> None:
    assert {case.verdict for case in cases.ALL} == set(Verdict)
    assert {case.reason for case in cases.ALL} == {"", *REASONS}
    assert len({case.name for case in cases.ALL}) == len(cases.ALL)


def known(**changes: Any) -> OriginState:
    state, _ = with_keys(None, signed(a_keys()))
    return replace(state, **changes)


def test_the_first_keys_line_sets_the_epoch_to_its_floor() -> None:
    state, falls = with_keys(None, signed(a_keys()))
    assert (state.epoch, state.keys_rev, falls) == (EPOCH, 1, None)


@pytest.mark.parametrize(
    ("epoch_before", "floor", "epoch_after", "falls"),
    [
        (EPOCH, EPOCH, EPOCH, None),
        (EPOCH + 50, EPOCH + 10, EPOCH + 50, None),
        (EPOCH + 50, EPOCH + 60, EPOCH + 60, EPOCH + 60),
    ],
)
def test_a_floor_raises_the_epoch_and_never_lowers_it(
    epoch_before: int, floor: int, epoch_after: int, falls: int | None
) -> None:
    state, fallen = with_keys(known(epoch=epoch_before), signed(a_keys(rev=2, epoch_floor=floor)))
    assert (state.epoch, state.epoch_floor, fallen) == (epoch_after, floor, falls)


def test_with_a_new_op_key_everything_of_the_old_one_falls() -> None:
    incoming = signed(a_keys(rev=2, op_key=NEXT_OP.did, epoch_floor=EPOCH + 10))
    state, falls = with_keys(known(epoch=EPOCH + 50), incoming)
    assert (state.op_key, state.epoch, falls) == (NEXT_OP.did, EPOCH + 10, ALL_EPOCHS)


def test_a_contradiction_marks_its_epoch_and_no_higher_one() -> None:
    state = with_contradiction(known(), signed(a_head(seq=7)))
    assert state.forked
    assert with_keys(state, signed(a_keys(rev=2)))[0].forked  # a new rev does not make the two lines one
    assert with_head(state, signed(a_head(seq=9)))[0].forked
    anew, _ = with_head(state, signed(a_head(epoch=EPOCH + 1)))
    assert not anew.forked
    assert with_contradiction(anew, signed(a_head(epoch=EPOCH + 1, seq=7))).forked
    assert not with_keys(state, signed(a_keys(rev=2, epoch_floor=EPOCH + 1)))[0].forked
    assert not with_keys(state, signed(a_keys(rev=2, op_key=NEXT_OP.did)))[0].forked


def test_two_keys_lines_of_one_rev_mark_it_until_a_higher_one() -> None:
    state = with_contradiction(known(), signed(a_keys(epoch_floor=EPOCH - 1)))
    assert state.forked
    assert with_head(state, signed(a_head(epoch=EPOCH + 1)))[0].forked
    assert not with_keys(state, signed(a_keys(rev=2)))[0].forked


def test_a_head_raises_the_epoch_and_what_is_below_falls() -> None:
    assert with_head(known(), signed(a_head())) == (known(), None)
    assert with_head(known(), signed(a_head(epoch=EPOCH + 1))) == (known(epoch=EPOCH + 1), EPOCH + 1)


def test_what_is_hidden_is_judged_anew_when_the_day_changes() -> None:
    later = TODAY.replace(day=4)
    line = signed(a_summary(posted=later))
    assert hidden_reason(line, today=TODAY) == "date_not_yet"
    assert hidden_reason(line, today=later) == ""
    assert hidden_reason(line, today=TODAY.replace(day=15)) == "expired_today"
    assert hidden_reason(signed(a_withdrawal()), today=TODAY.replace(day=15)) == ""


def test_each_rule_takes_only_its_own_types() -> None:
    state = known()
    summary, keys, head, profile = (signed(s) for s in (a_summary(), a_keys(), a_head(), a_profile()))
    for call in (
        lambda: register.judge_register(None, head, epoch=EPOCH, today=TODAY),
        lambda: register.judge_head(None, summary, state=state, now=0),
        lambda: register.judge_profile(None, summary, state=state, now=0),
        lambda: register.judge_keys(None, profile, now=0),
        lambda: register.with_keys(None, head),
        lambda: register.with_head(state, keys),
        lambda: register.held_head_of(profile),
        lambda: register.held_of(keys, register.Judgement(verdict=Verdict.ACCEPT)),
    ):
        with pytest.raises(LocalProtocolError):
            call()
