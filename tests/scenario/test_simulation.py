"""A few seeds of ``script/simulate``; and that its checks see what they are for."""

import pytest

from federation import ingest
from protocol import codec
from protocol.codec import Signed
from protocol.statements import Keys
from tests.simulation import hostile
from tests.simulation.world import Plan, run

HONEST = Plan(nodes=6, rounds=5, peers=3)
BAD = Plan(nodes=6, rounds=5, peers=3, bad=0.34)


@pytest.mark.parametrize("seed", [1, 2])
def test_honest_groups_agree_and_nobody_is_blamed(seed: int) -> None:
    result = run(HONEST, seed)
    assert result.good, (result.healed_after, result.examples)
    assert result.seen["failed: deadline"] > 0


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_bad_peers_change_nothing_and_are_noticed(seed: int) -> None:
    result = run(BAD, seed)
    assert result.good, (result.healed_after, result.examples)


def test_a_seed_says_everything() -> None:
    plan = Plan(nodes=3, rounds=3, bad=0.34)
    one, other = run(plan, 7), run(plan, 7)
    assert (one.trace, one.seen, one.healed_after) == (other.trace, other.seen, other.healed_after)
    assert run(plan, 8).trace != one.trace


def test_forged_lines_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    check = codec.verify

    def believe(signed: Signed, public: bytes) -> None:
        if isinstance(signed.statement, Keys):
            check(signed, public)

    monkeypatch.setattr(codec, "verify", believe)
    monkeypatch.setattr("tests.simulation.world.KINDS", (hostile.Forges,))
    monkeypatch.setattr("tests.simulation.world.HEALING_ROUNDS", 1)
    result = run(BAD, 1)
    assert result.violations["forged accepted"] > 0


def test_omissions_would_be_missed_by_a_reader_that_believes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.head, "state_of", lambda *_, **__: "complete")
    monkeypatch.setattr("tests.simulation.world.KINDS", (hostile.Omits,))
    monkeypatch.setattr("tests.simulation.world.HEALING_ROUNDS", 1)
    result = run(BAD, 1)
    assert result.violations["omission unnoticed"] > 0
