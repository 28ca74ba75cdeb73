"""Many at once, small: every answer is true. Times are measured by ``script/bench load`` and never asserted."""

from pathlib import Path

from tests.bench import load


async def test_many_at_once_share_no_number_and_send_nobody_twice(tmp_path: Path) -> None:
    day = await load.measured(tmp_path, intake=5, dispatch=3, calls=1, call_seconds=0)
    assert len(day.needs) == 5 * len(load.KINDS)
    assert sorted(day.given) == sorted(day.needs)
