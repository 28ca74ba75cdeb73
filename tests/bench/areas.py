"""How near published areas are: of a made-up country and of tables of single towns cut out of it.

Beside the rule of ``protocol.partition`` stands the one it took the place of: a cell is divided only if those of its
children that do not reach the bound together reach it. Everything is counted in residents, not in areas.
"""

import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import h3.api.basic_int as h3

from protocol import cells
from protocol.population import FINEST, PopulationTable, parent_int

HEART = (47.0, 2.5)
TOWNS = 600
RANKS = (1, 3, 10, 41, 151, 301)
"""The towns, by size, of which a table is cut out."""
CLIP_RINGS = 45
"""Of cells of resolution 8: some 40 km around the town's middle."""

People = dict[int, int]
Label = Callable[[int], int | None]


def country(rings: int, seed: int = 1) -> tuple[People, list[int]]:
    """(residents by cell, town centres by size): Zipf towns on a thin and uneven countryside, half of it empty."""
    source = random.Random(seed)
    land = h3.grid_disk(h3.latlng_to_cell(*HEART, FINEST), rings)
    people: People = {}
    farmed: dict[int, float] = {}
    for cell in land:
        fertile = farmed.setdefault(parent_int(cell, 5), source.lognormvariate(0, 1))
        if source.random() < 0.45:
            people[cell] = min(3_000, int(12 * fertile * source.paretovariate(1.3)))
    centres = [source.choice(land) for _ in range(TOWNS)]
    for rank, middle in enumerate(centres, start=1):
        for cell, share in _town(middle, 1_500_000 / rank, source):
            people[cell] = people.get(cell, 0) + share
    return {cell: residents for cell, residents in people.items() if residents}, centres


def _town(middle: int, size: float, source: random.Random) -> Iterable[tuple[int, int]]:
    densest = min(9_000, 800 + 8 * math.sqrt(size))
    scale = max(0.6, math.sqrt(size / (2 * math.pi * 1.35 * densest)))
    weights = {
        cell: math.exp(-ring / scale) * source.lognormvariate(0, 0.6)
        for ring in range(int(6 * scale) + 2)
        for cell in sorted(h3.grid_ring(middle, ring))
    }
    total = sum(weights.values())
    return [(cell, int(size * weight / total)) for cell, weight in weights.items()]


def first_rule(table: PopulationTable, bound: int, coarser: set[int] | None = None) -> set[int]:
    """The cells that the first rule published: what a small rest kept together stays together."""
    kept = {base for base, residents in table.at(0).items() if residents >= cells.CLASS_B_BOUND}
    published, waiting = set(kept), [(base, 0) for base in kept]
    while waiting:
        cell, res = waiting.pop()
        if res == FINEST:
            continue
        people, children = table.at(res + 1), table.children(cell, res)
        own = [child for child in children if coarser and child in coarser]
        free = [child for child in children if not coarser or child not in coarser]
        small = [child for child in free if people[child] < bound]
        if not small or sum(people[child] for child in small) >= bound:
            own += [child for child in free if people[child] >= bound]
        published.update(own)
        waiting += [(child, res + 1) for child in own]
    return published


def _first_labels(published: set[int]) -> Label:
    def label(finest: int) -> int | None:
        cell = parent_int(finest, 0)
        if cell not in published:
            return None
        for res in range(1, FINEST + 1):
            if parent_int(finest, res) not in published:
                break
            cell = parent_int(finest, res)
        return cell

    return label


def _our_labels(partition: cells.Partition) -> Callable[[int], int]:
    return lambda finest: cells.cell_int(partition.label_of_cell(h3.int_to_str(finest)))


@dataclass(frozen=True)
class Quality:
    """Of one partition, over all residents."""

    labels: int
    fewest: int
    by_res: dict[int, float]
    """Share of residents by the resolution of their label."""
    edges: tuple[float, float, float]
    """Edge of the label's cell in kilometres: median, 95 of 100 residents, worst."""
    outside: float
    """Share of residents who do not live in the cell that is their label."""
    farthest: float
    """Kilometres from the middle of the home's cell to the label's cell, at most."""


def quality(people: People, label: Label) -> Quality:
    """Every populated cell is asked for its label; None leaves it out (too few in its resolution 0 cell)."""
    given: Counter[int] = Counter()
    by_res: Counter[int] = Counter()
    outside, farthest = 0, 0.0
    for cell, residents in people.items():
        own = label(cell)
        if own is None:
            continue
        res = h3.get_resolution(own)
        given[own] += residents
        by_res[res] += residents
        if parent_int(cell, res) != own:
            outside += residents
            farthest = max(farthest, _away(cell, own))
    total = given.total()
    edges = []
    for wanted in (0.5, 0.95, 1.0):
        seen = 0.0
        for res in range(FINEST, -1, -1):
            seen += by_res[res] / total
            if seen >= wanted - 1e-9:
                edges.append(h3.average_hexagon_edge_length(res, unit="km"))
                break
    return Quality(
        labels=len(given),
        fewest=min(given.values()),
        by_res={res: by_res[res] / total for res in sorted(by_res)},
        edges=(edges[0], edges[1], edges[2]),
        outside=outside / total,
        farthest=farthest,
    )


def _away(home: int, label: int) -> float:
    """From a point to the nearest point of an outline, on a plane around the point."""
    lat, lon = h3.cell_to_latlng(home)
    scale = math.radians(1) * cells.EARTH_KM
    corners = [((east - lon + 180) % 360 - 180, north - lat) for north, east in h3.cell_to_boundary(label)]
    plane = [(x * scale * math.cos(math.radians(lat)), y * scale) for x, y in corners]
    best = math.inf
    for (ax, ay), (bx, by) in zip(plane, [*plane[1:], plane[0]], strict=True):
        dx, dy = bx - ax, by - ay
        along = max(0.0, min(1.0, -(ax * dx + ay * dy) / (dx * dx + dy * dy)))
        best = min(best, math.hypot(ax + along * dx, ay + along * dy))
    return best


def main(rings: int) -> None:
    """Prints a table of both rules and classes, for the country and for each clip of it."""
    people, centres = country(rings)
    _compare("country", people)
    for rank in RANKS:
        near = set(h3.grid_disk(centres[rank - 1], CLIP_RINGS))
        clip = {cell: residents for cell, residents in people.items() if cell in near}
        _compare(f"table around town {rank}", clip)
        _empty(clip, sorted(near - clip.keys()))


def _empty(people: People, places: list[int]) -> None:
    """Where nobody lives there is still a label; how far is it?"""
    label = _our_labels(cells.partition_for("A", PopulationTable(people, "made up")))
    away = []
    for place in random.Random(1).sample(places, min(len(places), 800)):
        own = label(place)
        away.append(0.0 if parent_int(place, h3.get_resolution(own)) == own else _away(place, own))
    away.sort()
    outside = sum(one > 0 for one in away) / len(away)
    print(
        f"places where nobody lives, class A: {outside:.1%} outside their label's cell;"
        f" 95 % within {away[len(away) * 95 // 100]:.0f} km, farthest {away[-1]:.0f} km"
    )


def _compare(name: str, people: People) -> None:
    started = time.process_time()
    table = PopulationTable(people, "made up")
    ours = {"B": cells.partition_for("B", table), "A": cells.partition_for("A", table)}
    took = time.process_time() - started
    first = {"B": first_rule(table, cells.CLASS_B_BOUND)}
    first["A"] = first_rule(table, cells.CLASS_A_BOUND, first["B"])
    print(f"\n{name}: {table.total:,} residents in {len(people):,} cells; our rule took {took:.2f} s")
    print("class rule  labels  fewest  edge km: median  95 %  worst  outside farthest  share by resolution")
    for klass in ("A", "B"):
        for rule, label in (("first", _first_labels(first[klass])), ("ours", _our_labels(ours[klass]))):
            got = quality(people, label)
            shares = " ".join(f"{res}:{share:.1%}" for res, share in got.by_res.items())
            print(
                f"{klass:5} {rule:5} {got.labels:6} {got.fewest:7} {got.edges[0]:16.1f} {got.edges[1]:5.0f}"
                f" {got.edges[2]:6.0f} {got.outside:8.2%} {got.farthest:5.0f} km  {shares}"
            )
