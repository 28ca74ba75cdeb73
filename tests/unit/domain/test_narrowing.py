"""Frames of the map and what a task takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.sharing.narrowing import Box, narrowing, parse_box
from node.errors import Invalid
from protocol import cells
from tests.unit.protocol.makers import a_summary

BRISTOL = cells.cell_of(51.45, -2.59)


@given(lat=st.floats(-80, 80), lon=st.floats(-179.9, 179.9))
def test_a_frame_around_a_place_meets_the_area_of_that_place(lat: float, lon: float) -> None:
    cell = cells.parent(cells.cell_of(lat, lon), 5)
    centre_lat, centre_lon = cells.centre(cell)
    box = Box(west=centre_lon, south=centre_lat, east=centre_lon, north=centre_lat)
    assert box.touches(cell)
    far = Box(west=centre_lon, south=-89.9, east=centre_lon, north=-88.0)
    assert not far.touches(cell)


def test_it_may_cross_the_180th_meridian_and_then_goes_the_other_way_round() -> None:
    fiji = cells.parent(cells.cell_of(-17.8, 178.0), 5)
    assert parse_box("170,-20,-170,-15").touches(fiji)
    assert not parse_box("-170,-20,170,-15").touches(fiji)
    assert not parse_box("170,-20,-170,-15").touches(BRISTOL)


def test_both_orders_of_latitudes_are_one_frame() -> None:
    assert parse_box("-2.7,51.5,-2.5,51.4") == parse_box("-2.7,51.4,-2.5,51.5")


@pytest.mark.parametrize("text", ["", "1,2,3", "a,b,c,d", "-181,0,0,0", "0,91,0,0", "1,2,3,4,5", "1e3,0,0,0"])
def test_what_is_no_frame_is_told_so(text: str) -> None:
    with pytest.raises(Invalid):
        parse_box(text)


def test_all_of_what_is_named_must_be_taken() -> None:
    car = a_summary(requires=("car",))
    both = a_summary(requires=("car", "tools"))
    wanted = narrowing(["car", "tools"], None, {"car", "tools"})
    assert (wanted.lets(car), wanted.lets(both)) == (False, True)
    with pytest.raises(Invalid):
        narrowing(["rocket"], None, {"car"})
    assert not narrowing([], None, {"car"})
