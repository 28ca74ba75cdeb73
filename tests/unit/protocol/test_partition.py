"""The true partition: every label stands for enough residents, however the people are spread."""

import random
from collections import Counter, defaultdict

import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import cells
from protocol.errors import LocalProtocolError
from protocol.population import PopulationTable

TOWNS = [(51.45, -2.58), (-33.45, -70.66), (0.0, 32.58), (64.14, -21.94), (58.15, 11.3), (-16.8, 179.99)]


def table(people: dict[str, int]) -> PopulationTable:
    return PopulationTable.load("h3,population\n" + "".join(f"{cell},{n}\n" for cell, n in people.items()))


@st.composite
def population_maps(draw: st.DrawFn) -> dict[str, int]:
    """Some towns of very different size, with empty cells in and around them."""
    spread = random.Random(draw(st.integers(0, 2**32)))
    people: dict[str, int] = {}
    for town in draw(st.lists(st.sampled_from(TOWNS), min_size=1, max_size=3, unique=True)):
        size = draw(st.integers(1, 12))
        typical = draw(st.sampled_from([3, 60, 700, 4_000, 30_000]))
        middle = h3.latlng_to_cell(*town, 8)
        for cell in h3.grid_disk(middle, size):
            if spread.random() < 0.7:
                people[cell] = int(spread.paretovariate(1.2) * typical)
    people[h3.latlng_to_cell(*TOWNS[0], 8)] = draw(st.sampled_from([1, 25_000, 5_000, 20_000]))
    return people


def given_each_label(partition: cells.Partition, people: dict[str, int]) -> Counter[str]:
    """Counted from outside, point by point: nothing of the partition's own bookkeeping is believed."""
    counts: Counter[str] = Counter()
    for cell, residents in people.items():
        counts[partition.label(*h3.cell_to_latlng(cell))] += residents
    return counts


@settings(deadline=None, max_examples=60)
@given(population_maps())
def test_every_label_stands_for_enough_residents(people: dict[str, int]) -> None:
    known = table(people)
    for klass, bound in (("A", cells.CLASS_A_BOUND), ("B", cells.CLASS_B_BOUND)):
        partition = cells.partition_for(klass, known)  # type: ignore[arg-type]
        counts = given_each_label(partition, people)
        assert sum(counts.values()) == sum(people.values())
        assert partition.labels() == set(counts)
        assert {label: partition.residents(label) for label in counts} == counts
        if partition.too_small:
            assert len(counts) == 1
            assert sum(people.values()) < bound
        else:
            assert min(counts.values()) >= bound
        assert all(cells.resolution(label) <= 8 for label in counts)
        for cell, residents in people.items():
            if residents and known.at(0)[cells.cell_int(cells.parent(cell, 0))] >= cells.CLASS_B_BOUND:
                assert cells.contains(partition.label_of_cell(cell), cell), "the label's cell is the home's"


@settings(deadline=None, max_examples=60)
@given(population_maps(), st.integers(0, 2**32))
def test_two_needs_of_one_home_never_narrow_it_down(people: dict[str, int], seed: int) -> None:
    """Class A labels refine class B labels, for inhabited and for empty places alike."""
    known = table(people)
    fine, coarse = cells.partition_for("A", known), cells.partition_for("B", known)
    spread = random.Random(seed)
    places = list(people)
    places += [h3.latlng_to_cell(spread.uniform(-80, 80), spread.uniform(-180, 180), 8) for _ in range(20)]
    places += [cell for near in places[:20] for cell in h3.grid_disk(near, 2)]
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for place in places:
        seen[fine.label_of_cell(place)].add(coarse.label_of_cell(place))
    assert all(len(labels) == 1 for labels in seen.values())
    assert set(seen) <= fine.labels()
    assert {label for labels in seen.values() for label in labels} <= coarse.labels()


def test_intersections_over_many_homes_and_needs() -> None:
    """1,000 homes with 50 needs each: what all labels of one home have in common is its class A label."""
    spread = random.Random(7)
    middle = h3.latlng_to_cell(*TOWNS[0], 8)
    people = {cell: int(spread.paretovariate(1.1) * 300) for cell in h3.grid_disk(middle, 15)}
    known = table(people)
    by_class = {"A": cells.partition_for("A", known), "B": cells.partition_for("B", known)}
    behind: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for klass, partition in by_class.items():
        for cell in people:
            behind[klass, partition.label_of_cell(cell)].add(cell)
    for home in spread.sample(sorted(people), 500) * 2:
        point = h3.cell_to_latlng(home)
        told = {(klass, by_class[klass].label(*point)) for klass in spread.choices("AB", k=50)}
        anonymous = set.intersection(*(behind[label] for label in told))
        assert sum(people[cell] for cell in anonymous) >= cells.CLASS_A_BOUND


def test_a_cell_is_split_when_the_rest_is_enough_too() -> None:
    parent = h3.cell_to_parent(h3.latlng_to_cell(*TOWNS[0], 8), 7)
    children = sorted(h3.cell_to_children(parent, 8))
    people = dict.fromkeys(children, 1_000) | {children[0]: 6_000}
    fine = cells.Partition(table(people), 5_000)
    assert fine.label_of_cell(children[0]) == children[0]
    assert {fine.label_of_cell(child) for child in children[1:]} == {fine.label_of_cell(children[1])}
    assert cells.contains(fine.label_of_cell(children[1]), parent)
    people |= {children[1]: 0, children[2]: 0}
    fine = cells.Partition(table(people), 5_000)
    assert len({fine.label_of_cell(child) for child in children}) == 1


def test_a_place_where_nobody_lives_counts_with_the_nearest_child_that_holds_somebody() -> None:
    parent = h3.cell_to_parent(h3.latlng_to_cell(*TOWNS[0], 8), 7)
    middle = h3.cell_to_center_child(parent, 8)
    children = sorted(set(h3.cell_to_children(parent, 8)) - {middle})
    empty = children[0]
    beside = next(child for child in children if h3.grid_distance(child, empty) == 1)
    across = next(child for child in children if h3.grid_distance(child, empty) == 2)
    fine = cells.partition_for("A", table({beside: 30_000, across: 40_000}))
    assert fine.labels() == {beside, across}
    assert fine.label_of_cell(empty) == beside
    assert fine.residents(empty) == 0


def test_a_rest_that_is_too_small_takes_the_smallest_label_with_it() -> None:
    parent = h3.cell_to_parent(h3.latlng_to_cell(*TOWNS[0], 8), 7)
    first, second, third, *_ = sorted(h3.cell_to_children(parent, 8))
    fine = cells.Partition(table({first: 6_000, second: 30_000, third: 2_000}), 5_000)
    assert fine.label_of_cell(second) == second
    assert fine.residents(second) == 30_000
    shared = fine.label_of_cell(third)
    assert shared == fine.label_of_cell(first) == parent
    assert fine.residents(shared) == 8_000


def test_the_label_that_loses_least_is_given_up() -> None:
    """A coarse one before a finer one of fewer residents: residents times resolutions lost decides."""
    around = h3.cell_to_parent(h3.latlng_to_cell(*TOWNS[0], 8), 6)
    one, other, thin, *_ = sorted(h3.cell_to_children(around, 7))
    dense, *village = sorted(h3.cell_to_children(one, 8))
    lone, hut = sorted(h3.cell_to_children(other, 8))[0], sorted(h3.cell_to_children(thin, 8))[0]
    people = {dense: 25_000, lone: 5_200, hut: 100} | dict.fromkeys(village[:5], 1_100)
    fine = cells.Partition(table(people), 5_000)
    assert fine.labels() == {dense, lone, around}
    assert {fine.label_of_cell(cell) for cell in [hut, *village[:5]]} == {around}
    assert fine.residents(around) == 5_600


def test_a_few_people_in_the_hills_do_not_keep_a_town_in_one_area() -> None:
    heart = h3.latlng_to_cell(*TOWNS[0], 8)
    town = dict.fromkeys(h3.grid_disk(heart, 6), 1_600)
    country = h3.cell_to_parent(heart, 3)
    hills = [cell for cell in h3.cell_to_children(country, 8) if cell not in town][::3000]
    people = town | dict.fromkeys(hills, 30)
    for klass, at_least in (("A", 6), ("B", 5)):
        partition = cells.partition_for(klass, table(people))  # type: ignore[arg-type]
        near = sum(
            residents
            for cell, residents in town.items()
            if cells.resolution(partition.label_of_cell(cell)) >= at_least
        )
        assert near > 0.7 * sum(town.values())
        assert all(cells.contains(partition.label_of_cell(cell), cell) for cell in people)


def test_a_table_with_too_few_people_has_one_label() -> None:
    people = {h3.latlng_to_cell(*TOWNS[0], 8): 300, h3.latlng_to_cell(*TOWNS[1], 8): 200}
    fine = cells.partition_for("A", table(people))
    assert fine.too_small
    assert fine.labels() == {cells.parent(h3.latlng_to_cell(*TOWNS[0], 8), 0)}
    assert fine.residents(next(iter(fine.labels()))) == 500


def test_without_a_table_resolution_5_and_4_and_unknown_residents() -> None:
    fine, coarse = cells.partition_for("A", None), cells.partition_for("B", None)
    for town in TOWNS:
        home = cells.cell_of(*town)
        assert fine.label(*town) == cells.parent(home, 5)
        assert coarse.label(*town) == cells.parent(home, 4)
    assert fine.labels() == frozenset()
    assert fine.residents(fine.label(*TOWNS[0])) is None
    assert not fine.too_small


def test_one_path_only() -> None:
    """Where the direct coarser cell differs from the parent of the fine one, the parent counts."""
    spread = random.Random(3)
    fine = cells.partition_for("A", None)
    points = [(spread.uniform(50, 53), spread.uniform(-4, 0)) for _ in range(2_000)]
    differ = sum(h3.latlng_to_cell(*point, 5) != fine.label(*point) for point in points)
    assert 0.03 < differ / len(points) < 0.12
    assert all(fine.label(*point) == fine.label_of_cell(cells.cell_of(*point)) for point in points[:100])


def test_only_the_same_table_can_be_refined() -> None:
    one = table({cells.cell_of(*TOWNS[0]): 50_000})
    other = table({cells.cell_of(*TOWNS[0]): 50_000})
    with pytest.raises(ValueError):
        cells.Partition(one, 5_000, inside=cells.Partition(other, 20_000))
    with pytest.raises(ValueError):
        cells.Partition(one, 20_000, inside=cells.Partition(one, 5_000))
    with pytest.raises(ValueError):
        cells.Partition(one, 0)
    with pytest.raises(ValueError):
        cells.Partition(one, 5_000).label_of_cell(cells.parent(cells.cell_of(*TOWNS[0]), 7))


HOME = cells.cell_of(*TOWNS[0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "first line"),
        ("cell,people\n", "first line"),
        ("h3,population\n", "nobody"),
        (f"h3,population\n{HOME},0\n", "nobody"),
        (f"h3,population\n{HOME},12.5\n", "line 2"),
        (f"h3,population\n{HOME},-3\n", "line 2"),
        (f"h3,population\n{HOME},٣\n", "line 2"),
        (f"h3,population\n{HOME},3\n\n{HOME},3\n", "line 4: the cell stands there twice"),
        (f"h3,population\n{cells.parent(HOME, 7)},3\n", "resolution 8"),
        (f"h3,population\n{HOME.upper()},3\n", "resolution 8"),
        (b"\xff\xfeh3", "UTF-8"),
    ],
)
def test_a_bad_table_says_where(text: str | bytes, says: str) -> None:
    with pytest.raises(LocalProtocolError, match=says):
        PopulationTable.load(text)


def test_a_table_has_a_version_of_its_own() -> None:
    text = f"\ufeffh3, population\r\n{HOME}, 12\r\n".encode()
    assert PopulationTable.load(text).version != PopulationTable.load(text + b"\n").version
    assert PopulationTable.load(text, version="census-2021").version == "census-2021"
    assert PopulationTable.load(text).total == 12
