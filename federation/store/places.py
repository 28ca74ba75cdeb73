"""H3 cells as integers that sort by place: pure arithmetic on the bits of the index.

An H3 index keeps its resolution in bits 52-55 and one octal digit per resolution below; digits not in use are
7. Without the resolution bits, all descendants of a cell *of every resolution*, and the cell itself, are one
contiguous range of integers, and nothing else lies in it. So "everything inside this area" is one range scan
of an index.
"""

from collections.abc import Iterable

Range = tuple[int, int]
"""First and last place, both included."""

_RES_SHIFT = 52
_LOW = (1 << _RES_SHIFT) - 1
_MODE = 1 << 59


def place_of(cell: str) -> int:
    """The place of a cell that ``protocol.cells.is_cell`` accepts."""
    return int(cell, 16) & _LOW


def cell_at(place: int) -> str:
    """The cell of a place."""
    return f"{_MODE | (_resolution(place) << _RES_SHIFT) | place:x}"


def range_of(cell: str) -> Range:
    """The places of the cell and of all its descendants, whatever their resolution."""
    place = place_of(cell)
    free = 3 * (15 - _resolution(place))
    return (place >> free) << free, place


def ancestors(cells: Iterable[str]) -> list[Range]:
    """The places of the cells around these, each a range of its own: a coarse label lies over a fine
    query."""
    found: set[int] = set()
    for cell in cells:
        place = place_of(cell)
        for res in range(_resolution(place)):
            found.add(place | ((1 << 3 * (15 - res)) - 1))
    return [(place, place) for place in sorted(found)]


def _resolution(place: int) -> int:
    res = 15
    while res and place & 7 == 7:
        place >>= 3
        res -= 1
    return res
