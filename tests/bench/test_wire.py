"""The figures of ``script/bench wire`` that are promised, on a small neighbourhood."""

from pathlib import Path

import pytest

from federation.pace import Pace
from tests.bench.wire import PER_SUMMARY, QUIET_BYTES, measured, spread


async def test_what_travels_is_short(tmp_path: Path) -> None:
    found = await measured(tmp_path, 300)
    assert found["wire_ratio"] <= PER_SUMMARY
    assert found["quiet_requests"] == 1
    # Both ways together, headers and all.
    assert found["quiet_asked"] + found["quiet_answered"] <= QUIET_BYTES


async def test_what_travels_does_not_grow_with_what_is_held(tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    (tmp_path / "more").mkdir()
    few, more = await spread(tmp_path / "few", 1_000), await spread(tmp_path / "more", 2_000)
    assert more["wire_bytes"] <= few["wire_bytes"] * 1.05
    for found in (few, more):
        assert found["wire_ratio"] <= PER_SUMMARY
        assert (found["quiet_requests"], found["quiet_bytes"] <= QUIET_BYTES) == (1, True)
    assert more["one_change_bytes"] <= few["one_change_bytes"] + 64


async def test_a_large_neighbourhood_is_fetched_as_often_as_the_other_side_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("federation.routes.Pace", lambda: Pace(burst=3, per_second=0.05))
    found = await spread(tmp_path, 3_000)
    assert found["rounds"] > 1
    assert found["wire_ratio"] <= PER_SUMMARY
