"""Ten thousand mutants at the one way in; ``script/fuzz`` makes as many as one likes."""

import pytest

from protocol import codec
from tests.fuzz.command import run
from tests.fuzz.nonsense import NONSENSE

SORTS = {"keys", "profile", "farewell", "vouch peers", "advice peers"} | {
    f"{type} {name}" for type in ("head", "summary", "withdrawal") for name in ("public", "peers")
}
"""All that a node publishes."""


def test_nothing_that_nobody_signed_is_taken_in() -> None:
    result = run(10_000, seed=1)
    assert result.good, result
    assert result.refused + result.ignored == result.messages
    wanted = {"bad_signature", "not_json", "schema", "not_utf8", "not_canonical", "duplicate_key", "float"}
    wanted |= {
        "bidi_override",
        "control_character",
        "too_deep",
        "too_long",
        "not_nfc",
        "integer_range",
        "bad_day",
    }
    assert wanted <= set(result.codes)

    # Each sort of line was changed in each way, and none is rare among the mutants.
    assert {sort.partition(" ")[0] for sort in SORTS} == codec._TYPES
    assert len(result.made) == 9
    truly_signed = {sort for sort in SORTS if sort != "keys"}
    for kind, sorts in result.made.items():
        assert set(sorts) == (truly_signed if kind == "nonsense" else SORTS), kind
    assert min(result.mutated.values()) > result.messages // 20


def test_it_would_notice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "verify", lambda signed, public: None)
    result = run(1_000, seed=1)
    assert result.accepted > 0
    assert not result.good


def test_every_kind_of_statement_has_its_nonsense() -> None:
    assert set(NONSENSE) == codec._TYPES - {"keys"}
    assert all(len(changes) > 30 for changes in NONSENSE.values())
