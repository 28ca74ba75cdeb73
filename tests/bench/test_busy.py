"""The board beside an ingest: it runs whole, in small, and its figures are of what it says."""

import pytest

from tests.bench.busy import _figures, measured


async def test_the_board_is_looked_at_at_rest_and_while_lines_come_in() -> None:
    found = await measured(3, 4_000, 1)
    assert found["busy_looks"] > 0
    assert found["rest_looks"] > 0


def test_the_ratio_is_of_the_turns() -> None:
    looks = [(float(at), 0.010 if at < 100 else 0.030, 1) for at in range(200)]
    found = _figures(looks, [(0, 100)], [(100, 200)], 1_000)
    assert (found["rest_p99"], found["busy_p99"], found["times"]) == (10.0, 30.0, 3.0)
    assert found["lines_a_second"] == 10


def test_a_few_looks_are_no_figure() -> None:
    with pytest.raises(SystemExit, match="too few"):
        _figures([(1.0, 0.01, 1)], [(0, 2)], [(2, 3)], 1)
