"""The figures of ``script/bench wire`` that are promised, on a small neighbourhood."""

from pathlib import Path

from tests.bench.wire import PER_SUMMARY, QUIET_BYTES, measured


async def test_what_travels_is_short(tmp_path: Path) -> None:
    found = await measured(tmp_path, 300)
    assert found["wire_ratio"] <= PER_SUMMARY
    assert found["quiet_requests"] == 1
    # Both ways together, headers and all.
    assert found["quiet_asked"] + found["quiet_answered"] <= QUIET_BYTES
