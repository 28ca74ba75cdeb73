"""In which order to go to a few places: nearest neighbour first, then 2-opt, on straight lines.

What it does not know: streets, rivers, hills, one-way streets, when somebody is at home. It finds an order without
crossings that no single turned-round stretch makes shorter; for the few stops of one volunteer's afternoon that is
the shortest or close to it, and a coordinator can move any stop by hand. Places nobody knows come last.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from node.domain.need import Point

KM_PER_DEGREE = 111.195
SHORTER_KM = 1e-9
"""A gain below a millimetre is rounding, and would let the search turn round for ever."""


def km(a: Point, b: Point) -> float:
    """Kilometres as the crow flies (flat reckoning, as in ``matching``). The same both ways, to the last bit."""
    across = abs(a.lon - b.lon)
    across = min(across, 360 - across)
    x = across * math.cos(math.radians((a.lat + b.lat) / 2))
    return KM_PER_DEGREE * math.hypot(x, a.lat - b.lat)


def length(start: Point | None, points: Sequence[Point | None], order: Sequence[int]) -> float:
    """Kilometres of going to ``points`` in that order, from ``start`` where there is one; unknown places add none."""
    way = [*([start] if start else []), *(point for each in order if (point := points[each]) is not None)]
    return sum(km(a, b) for a, b in pairwise(way))


def ordered(start: Point | None, points: Sequence[Point | None]) -> tuple[int, ...]:
    """Every index of ``points`` once, in the order to go. It ends where it ends: nobody has to come back.

    The same places give the same way, however they were listed: ties are broken by the places, then by the index.
    Without ``start`` it begins at the most southern place.
    """
    known = sorted(
        (each for each, point in enumerate(points) if point is not None),
        key=lambda each: (*_degrees(points[each]), each),
    )
    unknown = [each for each, point in enumerate(points) if point is None]
    return (*_two_opt(start, points, _nearest(start, points, known)), *unknown)


def _nearest(start: Point | None, points: Sequence[Point | None], left: Sequence[int]) -> list[int]:
    rest, way, at = list(left), [], start
    while rest:
        here = at
        following = rest[0] if here is None else min(rest, key=lambda each: _to(here, points[each]))
        rest.remove(following)
        way.append(following)
        at = points[following]
    return way


def _two_opt(start: Point | None, points: Sequence[Point | None], way: list[int]) -> list[int]:
    """Turns stretches of the way round while that makes it shorter; each turn does, so it ends."""
    better = True
    while better:
        better = False
        for first in range(len(way) - 1):
            for last in range(first + 1, len(way)):
                if _gain(start, points, way, first, last) > SHORTER_KM:
                    way[first : last + 1] = reversed(way[first : last + 1])
                    better = True
    return way


def _gain(
    start: Point | None, points: Sequence[Point | None], way: Sequence[int], first: int, last: int
) -> float:
    """How much shorter it is with the stretch from ``first`` to ``last`` turned round."""
    before = points[way[first - 1]] if first else start
    after = points[way[last + 1]] if last + 1 < len(way) else None
    head, tail = points[way[first]], points[way[last]]
    gain = 0.0
    if before is not None:
        gain += _to(before, head) - _to(before, tail)
    if after is not None:
        gain += _to(after, tail) - _to(after, head)
    return gain


def _to(here: Point, there: Point | None) -> float:
    return 0.0 if there is None else km(here, there)


def _degrees(point: Point | None) -> tuple[float, float]:
    return (0.0, 0.0) if point is None else (point.lat, point.lon)
