"""Cells: their one spelling, spans that never lie, ranges of descendants."""

import itertools

import h3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import cells

KNOWLE = cells.cell_of(51.4355, -2.5633)
POINTS = st.tuples(
    st.floats(-85, 85, allow_nan=False).map(lambda v: round(v, 5)),
    st.floats(-180, 180, allow_nan=False).map(lambda v: round(v, 5)),
)


def test_a_cell_in_its_one_spelling() -> None:
    assert cells.is_cell(KNOWLE)
    assert len(KNOWLE) == 15


@pytest.mark.parametrize(
    "text",
    [
        "",
        KNOWLE.upper(),
        "0x" + KNOWLE,
        KNOWLE + " ",
        KNOWLE + "\n",
        " " + KNOWLE[:-1],
        "８" + KNOWLE[1:],
        KNOWLE[:-1] + "٣",
        KNOWLE[:-1],
        "f" * 15,
        "8" + "0" * 14,
        "1" + KNOWLE[1:],
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    assert not cells.is_cell(text)
    with pytest.raises(ValueError):
        cells.cell_int(text)


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (-90.1, 0), (0, 180.5), (float("nan"), 0), (0, float("inf"))]
)
def test_points_off_the_globe_are_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValueError):
        cells.cell_of(lat, lon)


def test_parents_and_what_contains_what() -> None:
    assert cells.parent(KNOWLE, 5) == h3.cell_to_parent(KNOWLE, 5)
    assert cells.contains(cells.parent(KNOWLE, 4), KNOWLE)
    assert not cells.contains(KNOWLE, cells.parent(KNOWLE, 4))
    assert cells.resolution(cells.parent(KNOWLE, 4)) == 4
    with pytest.raises(ValueError):
        cells.parent(KNOWLE, 9)


@given(POINTS, st.integers(0, 6), st.integers(0, 2))
def test_all_descendants_lie_in_one_range(point: tuple[float, float], res: int, deeper: int) -> None:
    cell = h3.latlng_to_cell(*point, res)
    first, last = cells.children_range(cell, res + deeper)
    values = sorted(h3.str_to_int(child) for child in h3.cell_to_children(cell, res + deeper))
    assert first == values[0]
    assert values[-1] == last
    for step in (1, -1):
        neighbour = h3.latlng_to_cell(min(85.0, point[0] + step * 30), point[1], res)
        if neighbour != cell:
            other = h3.str_to_int(h3.cell_to_center_child(neighbour, res + deeper))
            assert not first <= other <= last


def test_a_pentagon_has_a_range_too() -> None:
    pentagon = h3.get_pentagons(3)[0]
    first, last = cells.children_range(pentagon, 5)
    values = [h3.str_to_int(child) for child in h3.cell_to_children(pentagon, 5)]
    assert first <= min(values)
    assert max(values) == last
    with pytest.raises(ValueError):
        cells.children_range(pentagon, 2)


@given(POINTS, POINTS, st.integers(3, 8), st.integers(3, 8))
def test_a_span_never_lies(
    here: tuple[float, float], there: tuple[float, float], res_here: int, res_there: int
) -> None:
    a = cells.parent(cells.cell_of(*here), res_here)
    b = cells.parent(cells.cell_of(*there), res_there)
    least, most = cells.cell_distance_span(a, b)
    assert (least, most) == cells.cell_distance_span(b, a)
    assert least <= cells.distance_km(here, there) <= most
    least, most = cells.span_from_point(*here, b)
    assert least <= cells.distance_km(here, there) <= most


def test_the_span_within_one_label_starts_at_nought() -> None:
    cell = cells.parent(KNOWLE, 6)
    least, most = cells.cell_distance_span(cell, cell)
    assert least == 0
    assert 6 <= most <= 10
    assert cells.cell_distance_span(cell, KNOWLE)[0] == 0


def test_a_boundary_is_a_closed_ring_in_one_piece() -> None:
    ring = cells.boundary(KNOWLE)
    assert ring[0] == ring[-1]
    assert len(ring) == 7
    assert all(-3 < lon < -2 and 51 < lat < 52 for lon, lat in ring)
    fiji = cells.boundary(h3.latlng_to_cell(-16.8, 179.999, 3))
    longitudes = [lon for lon, _ in fiji]
    assert max(longitudes) - min(longitudes) < 5


@given(POINTS, st.floats(0, 40), st.floats(0, 360))
def test_cells_within_miss_nothing(point: tuple[float, float], km: float, bearing: float) -> None:
    found = cells.cells_within(*point, km, res=4)
    assert h3.latlng_to_cell(*point, 4) in found
    assert len(found) == len(set(found))
    if abs(point[0]) < 80 and abs(point[1]) < 179:
        north = (point[0] + 0.99 * km / 111.3, point[1])
        assert h3.latlng_to_cell(*north, 4) in found


def test_too_wide_a_question_is_refused() -> None:
    with pytest.raises(ValueError):
        cells.cells_within(51.4, -2.5, 500, res=7)
    with pytest.raises(ValueError):
        cells.cells_within(51.4, -2.5, -1)


@pytest.mark.parametrize(
    ("lat", "lon", "resolution", "count"),
    [
        (-16.5, 180.0, 5, 2),
        (-16.5, 180.0, 4, 2),
        (65.0, -179.999, 5, 2),
        (51.44, -2.58, 5, 1),
        (0.0, 170.0, 4, 1),
    ],
)
def test_an_outline_is_cut_at_the_180th_meridian(lat: float, lon: float, resolution: int, count: int) -> None:
    cell = h3.latlng_to_cell(lat, lon, resolution)
    rings = cells.pieces(cell)
    assert len(rings) == count
    for ring in rings:
        assert ring[0] == ring[-1]
        assert all(-180 <= each <= 180 for each, _ in ring)
        assert _area(ring) > 0, "anticlockwise"
    assert sum(map(_area, rings)) == pytest.approx(_area(cells.boundary(cell)))


def _area(ring: list[tuple[float, float]]) -> float:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring)) / 2
