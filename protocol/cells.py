"""Where things are, told coarsely: H3 cells, and the true partition that every published place comes from.

The partition is made from where people live, never from needs, by the rule in ``protocol.partition``. Every
label stands for at least as many residents as the bound, and they live in the cell that is their label.

Class A (5,000) is divided *inside* the class B partition (20,000): two needs of one home, one of each class,
never narrow each other down beyond the class A label.

There is one path only: point -> resolution 8 -> partition. (The parent of the resolution 8 cell differs
from the coarser cell around the same point for some 6 to 7 % of points, so mixing the two would give a home
two labels.)

Borders of the rule:

* A place where nobody lives counts with a place nearby where somebody does: from the smallest cell around it
  that holds anybody, always on to the nearest child that does.
* A resolution 0 cell of which the table knows fewer than ``CLASS_B_BOUND`` residents is folded in the
  same way, for both classes: from the nearest cell of resolution 2 under one that has enough.
* If no resolution 0 cell has that many, the table as a whole is too small: everything is folded into the most
  populous one, and its label stands for all residents that the table knows, however few.
  ``Partition.too_small`` says so.

A table should therefore reach well beyond the area in which a group works; points outside it are folded too.
"""

import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import h3.api.basic_int as h3
from h3 import int_to_str, str_to_int

from protocol.joined import tops
from protocol.partition import Region, divided, whole
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


def pieces(cell: str) -> list[list[tuple[float, float]]]:
    """The cell's outline, cut in two where it crosses the 180th meridian (RFC 7946, 3.1.9): one or two rings
    like ``boundary``'s, every longitude from -180 to 180.
    """
    ring = boundary(cell)
    if max(lon for lon, _ in ring) <= 180:
        return [ring]
    west = _cut(ring, -1)
    east = [(lon - 360, lat) for lon, lat in _cut(ring, 1)]
    return [west, east]


def _cut(ring: list[tuple[float, float]], side: int) -> list[tuple[float, float]]:
    """What of a closed ring lies on one side of longitude 180: 1 beyond it, -1 before."""
    kept: list[tuple[float, float]] = []
    for (lon_a, lat_a), (lon_b, lat_b) in itertools.pairwise(ring):
        if side * (lon_a - 180) >= 0:
            kept.append((lon_a, lat_a))
        if (lon_a - 180) * (lon_b - 180) < 0:
            kept.append((180.0, lat_a + (lat_b - lat_a) * (180 - lon_a) / (lon_b - lon_a)))
    return [*kept, kept[0]]


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


class Partition:
    """Gives every point on earth its one label.

    ``table`` None: every label is the ancestor at ``NO_TABLE_RES`` (resolution 5 for bounds below
    ``CLASS_B_BOUND``, else 4). ``inside`` makes this partition a refinement of a coarser one over the same
    table.
    """

    def __init__(
        self,
        table: PopulationTable | None,
        bound: int,
        *,
        inside: "Partition | None" = None,
        before: "Partition | None" = None,
    ) -> None:
        """``before``: the partition that was used until now; see :mod:`protocol.joined`."""
        if bound < 1:
            raise ValueError("the bound must be at least one resident")
        if inside is not None and (inside.table is not table or inside.bound < bound):
            raise ValueError("a partition can only refine a coarser one over the same table")
        self.table: PopulationTable | None = table
        self.bound: int = bound
        self._res = NO_TABLE_RES["B" if bound >= CLASS_B_BOUND else "A"]
        self._regions: Sequence[Region] = (
            divided(table, bound, inside._regions if inside else _roots(table, bound)) if table else ()
        )
        self._label_of = {part: region.label for region in self._regions for part in region.parts}
        self._kept = frozenset(parent_int(region.label, 0) for region in self._regions)
        self._residents: Mapping[str, int] | None = None
        self._folded: dict[int, int] = {}
        self._joined: Mapping[int, int] = {}
        if before is not None and before.table is not None and table is not None:
            everywhere = table.cells.keys() | before.table.cells.keys()
            self._joined = tops((before._label(cell), self._label(cell)) for cell in everywhere)

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
        if self.table is None:
            return parent_int(finest, self._res)
        lived_in = self._folded.get(finest)
        if lived_in is None:
            lived_in = _lived_in(self.table, self._kept, finest)
            if len(self._folded) < _REMEMBERED and lived_in != finest:
                self._folded[finest] = lived_in
        around = (parent_int(lived_in, res) for res in range(FINEST, -1, -1))
        found = next(self._label_of[cell] for cell in around if cell in self._label_of)
        return self._joined.get(found, found)

    def _counted(self) -> Mapping[str, int]:
        if self._residents is None:
            self._residents = {} if self.table is None else self._count(self.table)
        return self._residents

    def _count(self, table: PopulationTable) -> dict[str, int]:
        counts: dict[int, int] = defaultdict(int)
        for region in self._regions:
            counts[self._joined.get(region.label, region.label)] += region.residents
        for base in table.at(0):
            if base not in self._kept:
                for finest in table.below(base, 0):
                    counts[self._label(finest)] += table.cells[finest]
        return {_text(cell): people for cell, people in counts.items()}


def partition_for(
    klass: Literal["A", "B"], table: PopulationTable | None, before: PopulationTable | None = None
) -> Partition:
    """The partition of a class of categories; class C has none, because it is never published. ``before``: the table
    that was used until this one came.
    """
    older = partition_for(klass, before) if before is not None else None
    if klass == "B":
        return Partition(table, CLASS_B_BOUND, before=older)
    return Partition(table, CLASS_A_BOUND, inside=Partition(table, CLASS_B_BOUND), before=older)


def _roots(table: PopulationTable, bound: int) -> list[Region]:
    """What there is to divide: every resolution 0 cell with enough residents, or the most populous one."""
    bases = table.at(0)
    kept = [base for base, people in bases.items() if people >= max(bound, CLASS_B_BOUND)]
    return [whole(table, base, 0) for base in kept or [_most_populous(bases, bases)]]


def _lived_in(table: PopulationTable, kept: frozenset[int], finest: int) -> int:
    """The populated resolution 8 cell that a point counts with: its own, or the one it is folded into."""
    if parent_int(finest, 0) not in kept:
        candidates = (cell for cell in table.at(_FOLD_RES) if parent_int(cell, 0) in kept)
        return _inhabited(table, _nearest(candidates, finest), _FOLD_RES, finest)
    if finest in table.cells:
        return finest
    for res in range(FINEST - 1, -1, -1):
        around = parent_int(finest, res)
        if around in table.at(res):
            return _inhabited(table, around, res, finest)
    raise AssertionError("a kept cell holds somebody")


_FOLD_RES = 2
_REMEMBERED = 4096


def _inhabited(table: PopulationTable, cell: int, res: int, near: int) -> int:
    """The resolution 8 cell that is reached by going to the nearest populated child, again and again."""
    while res < FINEST:
        cell = _nearest(table.children(cell, res), near)
        res += 1
    return cell


def _nearest(cells: Iterable[int], to: int) -> int:
    here = h3.cell_to_latlng(to)
    return min(cells, key=lambda cell: (distance_km(here, h3.cell_to_latlng(cell)), cell))


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
