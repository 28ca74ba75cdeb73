"""Where things are, told coarsely: H3 cells, and the true partition that every published place comes from.

The partition is made top-down from where people live, never from needs. A cell is split when those of its
children that do not reach the bound *together* reach it (or when there are none); children that reach it
become labels of their own and are looked at in turn, down to resolution 8; the rest stay with the parent's
label. A place where nobody lives counts with the most populous child of the smallest cell around it that
holds anybody. So every label stands for at least as many residents as the bound.

Class A (5,000) is split *inside* the class B partition (20,000): two needs of one home, one of each class,
never narrow each other down beyond the class A label.

There is one path only: point -> resolution 8 -> partition. (The parent of the resolution 8 cell differs
from the coarser cell around the same point for some 6 to 7 % of points, so mixing the two would give a home
two labels.)

Two borders of the rule, where nothing coarser than resolution 0 exists:

* A resolution 0 cell of which the table knows fewer than ``CLASS_B_BOUND`` residents is folded into the
  nearest part of the table that has enough, for both classes.
* If no resolution 0 cell has that many, the table as a whole is too small: everything is folded into the most
  populous one, and its label stands for all residents that the table knows, however few.
  ``Partition.too_small`` says so.

A table should therefore reach well beyond the area in which a group works; points outside it are folded too.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import h3.api.basic_int as h3
from h3 import int_to_str, str_to_int

from protocol.population import FINEST, PopulationTable, parent_int

CLASS_A_BOUND = 5_000
"""Residents that a label of class A stands for, at least."""
CLASS_B_BOUND = 20_000
"""Residents that a label of class B stands for, at least; also what languages and requirements ask for."""

NO_TABLE_RES = {"A": 5, "B": 4}
"""Resolution of every label where there is no population table."""

EARTH_KM = 6371.0088
_OVERHANG = 1.06
"""Descendants of a cell stick out of it; summed over all finer resolutions, by under 6 % of its radius."""

_CELL = re.compile(r"8[0-9a-f]{14}")


def is_cell(text: str) -> bool:
    """Whether ``text`` is a valid H3 cell in the one spelling the protocol allows (15 lower-case ASCII
    digits).
    """
    return _CELL.fullmatch(text) is not None and h3.is_valid_cell(str_to_int(text))


def cell_int(cell: str) -> int:
    """The cell as an integer; ``ValueError`` if it is not one in the allowed spelling."""
    if not is_cell(cell):
        raise ValueError("not an H3 cell")
    return int(str_to_int(cell))


def cell_of(lat: float, lon: float) -> str:
    """The resolution 8 cell around a point in degrees; ``ValueError`` outside [-90, 90] x [-180, 180]."""
    return _text(_finest(lat, lon))


def resolution(cell: str) -> int:
    """0 (coarsest) to 15."""
    return int(h3.get_resolution(cell_int(cell)))


def parent(cell: str, res: int) -> str:
    """The ancestor of ``cell`` at ``res``; ``ValueError`` if ``res`` is finer than the cell."""
    value = cell_int(cell)
    if not 0 <= res <= h3.get_resolution(value):
        raise ValueError("not an ancestor's resolution")
    return _text(parent_int(value, res))


def contains(outer: str, inner: str) -> bool:
    """Whether ``inner`` is ``outer`` or a descendant of it."""
    res = resolution(outer)
    return resolution(inner) >= res and parent(inner, res) == outer


def children_range(cell: str, res: int) -> tuple[int, int]:
    """First and last integer (both included) of the cell's descendants at ``res``.

    Every valid cell of that resolution inside the range is a descendant, and no other one is.
    """
    value = cell_int(cell)
    own = h3.get_resolution(value)
    if not own <= res <= 15:
        raise ValueError("not a descendant's resolution")
    if res == own:
        return value, value
    shift = 3 * (15 - res)
    digits = 3 * (res - own)
    cleared = value & ~(0xF << 52) & ~(((1 << digits) - 1) << shift) | (res << 52)
    sixes = int("6" * (res - own), 8)
    return cleared, cleared | (sixes << shift)


def centre(cell: str) -> tuple[float, float]:
    """Latitude and longitude of the middle of a cell, in degrees."""
    lat, lon = h3.cell_to_latlng(cell_int(cell))
    return lat, lon


def boundary(cell: str) -> list[tuple[float, float]]:
    """The cell's outline as (longitude, latitude) pairs in degrees, anticlockwise, the first repeated at
    the end.

    Where the outline crosses the 180th meridian, longitudes go on beyond 180 so that it stays in one piece.
    """
    points = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell_int(cell))]
    if max(lon for lon, _ in points) - min(lon for lon, _ in points) > 180:
        points = [(lon + 360 if lon < 0 else lon, lat) for lon, lat in points]
    return [*points, points[0]]


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance between two (latitude, longitude) points, in kilometres."""
    lat_a, lon_a, lat_b, lon_b = map(math.radians, (*a, *b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def cell_distance_span(a: str, b: str) -> tuple[int, int]:
    """The least and the most whole kilometres between some point labelled ``a`` and some point labelled
    ``b``.

    Never narrower than the truth: the first is rounded down, the second up. Cells that touch or overlap
    give 0.
    """
    (middle_a, reach_a), (middle_b, reach_b) = _disc(a), _disc(b)
    return _span(distance_km(middle_a, middle_b), reach_a + reach_b)


def span_from_point(lat: float, lon: float, cell: str) -> tuple[int, int]:
    """The same between one point and some point labelled ``cell``."""
    middle, reach = _disc(cell)
    return _span(distance_km((lat, lon), middle), reach)


def cells_within(lat: float, lon: float, km: float, res: int = 5) -> tuple[str, ...]:
    """All cells at ``res`` that may hold a point within ``km`` of the given one, nearest first.

    ``ValueError`` if that would be more than about 10,000 cells: ask for a coarser resolution.
    """
    start = h3.latlng_to_cell(lat, lon, res)
    edge = h3.average_hexagon_edge_length(res, unit="km")
    steps = math.ceil((km + 2 * edge) / edge) + 1
    if km < 0 or steps > 57:
        raise ValueError("too many cells: ask for a coarser resolution")
    ranked = []
    for value in h3.grid_disk(start, steps):
        cell = int_to_str(value)
        middle, reach = _disc(cell)
        away = distance_km((lat, lon), middle)
        if away - reach <= km:
            ranked.append((away, cell))
    return tuple(cell for _, cell in sorted(ranked))


@dataclass(frozen=True, slots=True)
class _Split:
    """What was decided: the cells that are labels or were split further, with their residents."""

    published: frozenset[int]
    kept: frozenset[int]


class Partition:
    """Gives every point on earth its one label.

    ``table`` None: every label is the ancestor at ``NO_TABLE_RES`` (resolution 5 for bounds below
    ``CLASS_B_BOUND``, else 4). ``inside`` makes this partition a refinement of a coarser one over the same
    table.
    """

    def __init__(
        self, table: PopulationTable | None, bound: int, *, inside: "Partition | None" = None
    ) -> None:
        if bound < 1:
            raise ValueError("the bound must be at least one resident")
        if inside is not None and (inside.table is not table or inside.bound < bound):
            raise ValueError("a partition can only refine a coarser one over the same table")
        self.table: PopulationTable | None = table
        self.bound: int = bound
        self._res = NO_TABLE_RES["B" if bound >= CLASS_B_BOUND else "A"]
        self._split: _Split | None = (
            _split(table, bound, inside._split if inside else None) if table else None
        )
        self._residents: Mapping[str, int] | None = None
        self._folded: dict[int, int] = {}

    @property
    def too_small(self) -> bool:
        """Whether the table knows so few people that a label stands for fewer than the bound."""
        return self.table is not None and self.table.total < self.bound

    def label(self, lat: float, lon: float) -> str:
        """The label of a point in degrees; ``ValueError`` outside [-90, 90] x [-180, 180]."""
        return _text(self._label(_finest(lat, lon)))

    def label_of_cell(self, cell: str) -> str:
        """The label of a resolution 8 cell; ``ValueError`` for any other."""
        if resolution(cell) != FINEST:
            raise ValueError("only resolution 8 cells have one label")
        return _text(self._label(cell_int(cell)))

    def labels(self) -> frozenset[str]:
        """Every label that some resident is given; empty without a table."""
        return frozenset(self._counted())

    def residents(self, label: str) -> int | None:
        """How many residents are given this label, 0 for what is none; None without a table (unknown)."""
        return None if self.table is None else self._counted().get(label, 0)

    def _label(self, finest: int) -> int:
        if self.table is None or self._split is None:
            return parent_int(finest, self._res)
        lived_in = self._folded.get(finest)
        if lived_in is None:
            lived_in = _lived_in(self.table, self._split.kept, finest)
            if len(self._folded) < _REMEMBERED and lived_in != finest:
                self._folded[finest] = lived_in
        label = parent_int(lived_in, 0)
        for res in range(1, FINEST + 1):
            finer = parent_int(lived_in, res)
            if finer not in self._split.published:
                break
            label = finer
        return label

    def _counted(self) -> Mapping[str, int]:
        if self._residents is None:
            self._residents = {} if self.table is None else self._count(self.table)
        return self._residents

    def _count(self, table: PopulationTable) -> dict[str, int]:
        """Residents by label: of each label those of its cell, less those of the cells split off from it."""
        counts: dict[int, int] = {}
        split = self._split
        for cell in split.published if split else ():
            res = h3.get_resolution(cell)
            people = table.at(res)[cell]
            counts[cell] = counts.get(cell, 0) + people
            if res:
                around = parent_int(cell, res - 1)
                counts[around] = counts.get(around, 0) - people
        for base in table.at(0):
            if split and base not in split.kept:
                for finest in table.below(base, 0):
                    label = self._label(finest)
                    counts[label] = counts.get(label, 0) + table.cells[finest]
        return {_text(cell): people for cell, people in counts.items() if people}


def partition_for(klass: Literal["A", "B"], table: PopulationTable | None) -> Partition:
    """The partition of a class of categories; class C has none, because it is never published."""
    coarse = Partition(table, CLASS_B_BOUND)
    return coarse if klass == "B" else Partition(table, CLASS_A_BOUND, inside=coarse)


def _split(table: PopulationTable, bound: int, coarser: _Split | None) -> _Split:
    if coarser is not None:
        kept = coarser.kept
    else:
        bases = table.at(0)
        kept = frozenset(base for base, people in bases.items() if people >= max(bound, CLASS_B_BOUND))
        kept = kept or frozenset([_most_populous(bases, bases)])
    published = set(kept)
    waiting = [(base, 0) for base in kept]
    while waiting:
        cell, res = waiting.pop()
        if res == FINEST:
            continue
        people = table.at(res + 1)
        children = table.children(cell, res)
        forced = [child for child in children if coarser is not None and child in coarser.published]
        rest = [child for child in children if coarser is None or child not in coarser.published]
        short = [child for child in rest if people[child] < bound]
        own = forced
        if not short or sum(people[child] for child in short) >= bound:
            own = forced + [child for child in rest if people[child] >= bound]
        published.update(own)
        waiting.extend((child, res + 1) for child in own)
    return _Split(frozenset(published), kept)


def _lived_in(table: PopulationTable, kept: frozenset[int], finest: int) -> int:
    """The populated resolution 8 cell that a point counts with: its own, or the one it is folded into."""
    base = parent_int(finest, 0)
    if base not in kept:
        return _descend(table, _nearest(table, kept, finest), _FOLD_RES)
    if finest in table.cells:
        return finest
    for res in range(FINEST - 1, -1, -1):
        around = parent_int(finest, res)
        if around in table.at(res):
            return _descend(table, around, res)
    raise AssertionError("a kept cell holds somebody")


_FOLD_RES = 2
_REMEMBERED = 4096


def _nearest(table: PopulationTable, kept: frozenset[int], finest: int) -> int:
    here = h3.cell_to_latlng(finest)
    candidates = (cell for cell in table.at(_FOLD_RES) if parent_int(cell, 0) in kept)
    return min(candidates, key=lambda cell: (distance_km(here, h3.cell_to_latlng(cell)), cell))


def _descend(table: PopulationTable, cell: int, res: int) -> int:
    while res < FINEST:
        cell = _most_populous(table.children(cell, res), table.at(res + 1))
        res += 1
    return cell


def _most_populous(cells: Iterable[int], people: Mapping[int, int]) -> int:
    return min(cells, key=lambda cell: (-people[cell], cell))


def _finest(lat: float, lon: float) -> int:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("not a latitude and longitude")
    return int(h3.latlng_to_cell(lat, lon, FINEST))


@lru_cache(maxsize=65536)
def _disc(cell: str) -> tuple[tuple[float, float], float]:
    """A disc that holds the cell and all its descendants: centre, and radius in kilometres."""
    middle = centre(cell)
    corners = h3.cell_to_boundary(cell_int(cell))
    return middle, _OVERHANG * max(distance_km(middle, corner) for corner in corners)


def _text(cell: int) -> str:
    return str(int_to_str(cell))


def _span(between: float, reach: float) -> tuple[int, int]:
    return max(0, math.floor(between - reach)), math.ceil(between + reach)
