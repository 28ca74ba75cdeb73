"""The order of stops: every place once, no stretch that would be shorter the other way round, the same every time."""

from itertools import permutations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from node.domain.need import Point
from node.domain.rounds.route import km, length, ordered

POINTS = st.builds(
    Point,
    lat=st.floats(51.40, 51.50, allow_nan=False),
    lon=st.floats(-2.70, -2.50, allow_nan=False),
    accuracy_m=st.just(50),
)
PLACES = st.lists(st.one_of(POINTS, st.none()), max_size=9)


def at(lat: float, lon: float) -> Point:
    return Point(lat=51.4 + lat, lon=-2.6 + lon, accuracy_m=50)


@given(st.one_of(POINTS, st.none()), PLACES)
@example(None, [])
@example(at(0, 0), [None, at(0, 0), at(0, 0), None])
def test_every_stop_once_and_no_stretch_is_shorter_turned_round(
    start: Point | None, places: list[Point | None]
) -> None:
    order = ordered(start, places)
    assert sorted(order) == list(range(len(places)))
    unknown = [each for each in order if places[each] is None]
    assert list(order[len(order) - len(unknown) :]) == unknown, "places nobody knows come last"
    known = order[: len(order) - len(unknown)]
    whole = length(start, places, known)
    for first in range(len(known)):
        for last in range(first + 1, len(known)):
            turned = (*known[:first], *reversed(known[first : last + 1]), *known[last + 1 :])
            assert length(start, places, turned) >= whole - 1e-6


@given(st.one_of(POINTS, st.none()), st.lists(POINTS, max_size=7, unique=True), st.randoms())
def test_the_way_does_not_depend_on_how_the_places_are_listed(
    start: Point | None, places: list[Point], chance: object
) -> None:
    way = [places[each] for each in ordered(start, places)]
    mixed = list(places)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert [mixed[each] for each in ordered(start, mixed)] == way


@settings(max_examples=40)
@given(POINTS, st.lists(POINTS, min_size=2, max_size=6))
def test_for_a_handful_of_stops_it_is_the_shortest_or_near(start: Point, places: list[Point]) -> None:
    best = min(length(start, places, way) for way in permutations(range(len(places))))
    assert length(start, places, ordered(start, places)) <= 2 * best + 1e-6


def test_a_street_is_walked_from_one_end_to_the_other() -> None:
    street = [at(0, 0.03), at(0, 0.01), at(0, 0.04), at(0, 0.02)]
    assert ordered(at(0, 0), street) == (1, 3, 0, 2)
    assert km(at(0, 0), at(0, 0.01)) == km(at(0, 0.01), at(0, 0))


def test_a_crossing_is_taken_out() -> None:
    """Nearest first would go there and back over the way already gone."""
    row = [at(0, 0.010), at(0, -0.011), at(0, 0.032), at(0, -0.075)]
    assert length(at(0, 0), row, ordered(at(0, 0), row)) < length(at(0, 0), row, [0, 1, 2, 3])
