"""Who shares a label: the rule that divides the map among areas with enough residents in each.

It works on populated cells only and knows nothing of needs. From the top, a cell is divided into those of its
children that reach the bound, each of them divided in turn, and a rest, the children that do not reach it:

* The rest reaches the bound, or holds nobody: the rest, if any, is given the cell itself as its label.
* The rest holds somebody, but too few: of the labels found in the children, the one that *loses least* is given up,
  and its residents and the rest together are given the cell as their label. What a label loses is its residents
  times the number of resolutions by which the cell is coarser.
* No child reaches the bound: everybody in the cell is given the cell.

So a handful of people in the hills never keeps a town in one area with them; they cost one label of the town's, and
mostly a thin and coarse one. Everybody's label is a cell in which they live.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import h3.api.basic_int as h3

from protocol.population import FINEST, PopulationTable, parent_int


@dataclass(frozen=True, slots=True)
class Region:
    """Everybody who is given one label."""

    label: int
    """The cell that is published."""
    residents: int
    parts: tuple[int, ...]
    """Cells inside the label's whose residents they are, all of them; none lies in another one."""


def divided(table: PopulationTable, bound: int, regions: Iterable[Region]) -> list[Region]:
    """Each region divided by the rule, as if nobody lived outside it.

    Needs regions of at least ``bound`` residents; gives such. No label is given twice.
    """
    return [
        found
        for region in regions
        for found in _divided(_Tree(table, region), bound, region.label, h3.get_resolution(region.label))
    ]


def whole(table: PopulationTable, cell: int, res: int) -> Region:
    """All residents of a populated cell of resolution ``res``, undivided."""
    return Region(cell, table.at(res)[cell], (cell,))


class _Tree:
    """The table's cells as far as they belong to one region."""

    def __init__(self, table: PopulationTable, region: Region) -> None:
        self._table = table
        self._residents: dict[int, int] = {}
        self._children: dict[int, set[int]] = {}
        top = h3.get_resolution(region.label)
        for part in region.parts:
            res = h3.get_resolution(part)
            for above in range(res - 1, top - 1, -1):
                around = parent_int(part, above)
                self._residents[around] = self._residents.get(around, 0) + table.at(res)[part]
                self._children.setdefault(around, set()).add(parent_int(part, above + 1))

    def residents(self, cell: int, res: int) -> int:
        partly = self._residents.get(cell)
        return self._table.at(res)[cell] if partly is None else partly

    def children(self, cell: int, res: int) -> list[int]:
        return sorted(self._children.get(cell) or self._table.children(cell, res))

    def parts(self, cell: int) -> tuple[int, ...]:
        inside = self._children.get(cell)
        if inside is None:
            return (cell,)
        return tuple(part for child in sorted(inside) for part in self.parts(child))


def _divided(tree: _Tree, bound: int, cell: int, res: int) -> list[Region]:
    children = tree.children(cell, res) if res < FINEST else []
    enough = [child for child in children if tree.residents(child, res + 1) >= bound]
    if not enough:
        return [Region(cell, tree.residents(cell, res), tree.parts(cell))]
    found = [region for child in enough for region in _divided(tree, bound, child, res + 1)]
    small = [child for child in children if tree.residents(child, res + 1) < bound]
    if not small:
        return found
    rest = sum(tree.residents(child, res + 1) for child in small)
    parts = tuple(part for child in small for part in tree.parts(child))
    if rest < bound:
        given_up = min(found, key=lambda one: (_loss(one, res), one.label))
        found.remove(given_up)
        rest += given_up.residents
        parts += given_up.parts
    return [*found, Region(cell, rest, parts)]


def _loss(region: Region, res: int) -> int:
    return region.residents * int(h3.get_resolution(region.label) - res)
