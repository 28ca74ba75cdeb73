"""The digest's checks, small: who is told what is exactly what fits, once. Times are measured by ``script/bench``."""

from pathlib import Path

from tests.bench import digest


async def test_everybody_is_told_what_fits_and_nobody_anything_else_or_twice(tmp_path: Path) -> None:
    found = await digest.measured(tmp_path, 20, 45)
    assert found["digests"] > 10
    assert found["requests told at once (messages)"] > 0
