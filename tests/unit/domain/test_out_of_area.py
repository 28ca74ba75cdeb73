"""Who answers at a place where we do not go."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from node.domain.exchange.out_of_area import goes_there, outside
from node.domain.need import Point
from protocol import cells
from tests.unit.protocol.makers import a_profile

HOME = (51.4561, -2.5925)
BATH = Point(lat=51.381, lon=-2.359, accuracy_m=50)
CELL = cells.parent(cells.cell_of(BATH.lat, BATH.lon), 7)


def test_what_is_known_only_roughly_is_given_the_benefit() -> None:
    assert goes_there(HOME, Point(lat=51.46, lon=-2.6, accuracy_m=50), 15)
    assert not goes_there(HOME, BATH, 15)
    assert goes_there(HOME, replace(BATH, accuracy_m=5000), 15)


def test_whom_we_write_to_comes_first_then_who_is_open() -> None:
    full = a_profile(area=(CELL,), name="Full", state="full")
    others = [
        ("did:afar", a_profile(area=(CELL,), name="Through others")),
        ("did:full", full),
        ("did:open", a_profile(area=(CELL,), name="Open")),
        ("did:paris", a_profile(area=(cells.parent(cells.cell_of(48.85, 2.35), 7),), name="Paris")),
        ("did:council", a_profile(area=(CELL,), kind="council", name="Council")),
    ]
    found = outside(BATH, 15, others, frozenset({"did:full", "did:open"}))
    assert [each.origin for each in found.groups] == ["did:open", "did:full", "did:afar"]
    assert found.takes is not None
    assert found.takes.origin == "did:open"


@given(lat=st.floats(-80, 80), lon=st.floats(-179, 179), km=st.integers(1, 200))
def test_nobody_is_named_who_is_further_away_than_we_are(lat: float, lon: float, km: int) -> None:
    point, home = Point(lat=lat, lon=lon, accuracy_m=0), (51.4561, -2.5925)
    cell = cells.parent(cells.cell_of(*home), 5)
    ours = cells.distance_km(home, (lat, lon))
    assert goes_there(home, point, km) == (ours <= km)
    assume(ours > km)
    for each in outside(point, km, [("did:same", a_profile(area=(cell,)))], frozenset()).groups:
        assert cells.span_from_point(lat, lon, each.profile.area[0])[0] < ours
