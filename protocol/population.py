"""How many people live where: the table that the partition of ``protocol.cells`` is made from.

A table is a text file with the heading ``h3,population`` and one line for each H3 cell of resolution 8 that
holds anybody. Where it comes from is the group's choice (a census grid, Kontur); its version stands in the
profile.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

import h3.api.basic_int as h3

from protocol.errors import LocalProtocolError

FINEST = 8
"""The resolution of the table's cells, and the finest that is ever published."""

_LINE = re.compile(r"[ \t]*(88[0-9a-f]{13})[ \t]*,[ \t]*([0-9]{1,9})[ \t]*")
_CELL = re.compile(r"[ \t]*88[0-9a-f]{13}[ \t]*,.*")


def parent_int(cell: int, res: int) -> int:
    """The ancestor at ``res`` of a valid cell that is at least as fine. Plain bit work: this is a hot path."""
    return cell & ~(0xF << 52) | (res << 52) | ((1 << (3 * (15 - res))) - 1)


class PopulationTable:
    """Residents by cell, at resolution 8 and summed up at every coarser one. Immutable."""

    __slots__ = ("_children", "_sums", "cells", "total", "version")

    def __init__(self, cells: Mapping[int, int], version: str) -> None:
        """``cells``: valid resolution 8 cells as integers -> residents (>= 0); at least one must hold
        somebody.
        """
        self.cells: Mapping[int, int] = {cell: people for cell, people in cells.items() if people > 0}
        self.version = version
        self.total = sum(self.cells.values())
        if not self.cells:
            raise LocalProtocolError("population_table", "the population table holds nobody")
        self._sums: list[Mapping[int, int]] = [self.cells]
        self._children: list[Mapping[int, Sequence[int]]] = []
        for res in range(FINEST - 1, -1, -1):
            sums: dict[int, int] = {}
            children: dict[int, list[int]] = {}
            for cell, people in self._sums[0].items():
                around = parent_int(cell, res)
                sums[around] = sums.get(around, 0) + people
                children.setdefault(around, []).append(cell)
            self._sums.insert(0, sums)
            self._children.insert(0, children)

    @classmethod
    def load(cls, data: str | bytes, *, version: str | None = None) -> Self:
        """Reads the file's text. ``version`` (at most 40 characters) defaults to a digest of the text.

        Raises ``LocalProtocolError`` with the line's number for whatever does not fit.
        """
        try:
            text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        except UnicodeDecodeError as error:
            raise LocalProtocolError("population_table", "the population table is not UTF-8 text") from error
        lines = text.splitlines()
        if not lines or lines[0].replace(" ", "").lower() != "h3,population":
            raise LocalProtocolError("population_table", "the first line must read h3,population")
        cells: dict[int, int] = {}
        read, valid = _LINE.fullmatch, h3.is_valid_cell
        for number, line in enumerate(lines[1:], start=2):
            match = read(line)
            if match is None:
                if not line.strip():
                    continue
                what = (
                    "a whole number of residents" if _CELL.fullmatch(line) else "an H3 cell of resolution 8"
                )
                raise LocalProtocolError("population_table", f"line {number}: not {what}")
            cell = int(match[1], 16)
            if not valid(cell):
                raise LocalProtocolError("population_table", f"line {number}: not an H3 cell of resolution 8")
            if cell in cells:
                raise LocalProtocolError("population_table", f"line {number}: the cell stands there twice")
            cells[cell] = int(match[2])
        return cls(cells, version or hashlib.sha256(text.encode()).hexdigest()[:16])

    def at(self, res: int) -> Mapping[int, int]:
        """Residents by cell at a resolution from 0 to 8; only cells that hold somebody."""
        return self._sums[res]

    def children(self, cell: int, res: int) -> Sequence[int]:
        """The children, one resolution finer, that hold somebody; ``res`` is the cell's own, 0 to 7."""
        return self._children[res].get(cell, ())

    def below(self, cell: int, res: int) -> Iterator[int]:
        """The resolution 8 cells that hold somebody inside a cell of resolution ``res``."""
        if res == FINEST:
            yield cell
            return
        for child in self.children(cell, res):
            yield from self.below(child, res + 1)
