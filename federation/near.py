"""From "within so many kilometres of here" to ranges of places that the store can scan."""

from collections.abc import Iterable

from federation.store.places import Range, ancestors, place_of, range_of
from protocol import cells

QUERY_RES = 5
"""Fine enough for a village, coarse enough that 200 km are some 1,700 cells."""
MAX_KM = 400.0


def near_ranges(lat: float, lon: float, km: float) -> list[Range] | None:
    """Ranges of every label, coarse or fine, that may touch the circle, nearest first; None beyond 400 km:
    take all.

    Some labels just outside come along; :func:`touches` tells them.
    """
    if km > MAX_KM:
        return None
    around = cells.cells_within(lat, lon, km, QUERY_RES)
    return [*ancestors(around), *(range_of(cell) for cell in around)]


def inside_ranges(labels: Iterable[str]) -> list[Range]:
    """Ranges of these cells, what lies in them, and what lies over them."""
    chosen = sorted(set(labels), key=place_of)
    return [*ancestors(chosen), *(range_of(cell) for cell in chosen)]


def touches(lat: float, lon: float, km: float, label: str) -> bool:
    """Whether some point with this label may lie within the circle."""
    return cells.span_from_point(lat, lon, label)[0] <= km
