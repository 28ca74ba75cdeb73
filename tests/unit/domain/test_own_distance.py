"""Spans for whoever has not taken a request: no distance gives a door away."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from node.domain.own.distance import STEPS_KM, span


def test_a_distance_lies_in_its_span() -> None:
    assert [span(km) for km in (0, 0.4, 1, 1.9, 49.9, 63)] == [
        (0, 1),
        (0, 1),
        (1, 2),
        (1, 2),
        (20, 50),
        (50, None),
    ]


@given(st.floats(min_value=0, max_value=20_000))
def test_every_span_is_one_of_a_few(km: float) -> None:
    near, far = span(km)
    assert near <= km < (far or 20_001)
    assert (near, far) in {*pairwise((0, *STEPS_KM)), (STEPS_KM[-1], None)}
