"""What of the map is asked for beside place and kind: what it takes, and a frame of the map."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from node.errors import N_, Invalid
from protocol import cells
from protocol.statements import Summary

_DEGREES = r"\s*(-?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*"
_BOX = re.compile(",".join([_DEGREES] * 4), re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A frame of the map in WGS 84 degrees, as in GeoJSON (RFC 7946, 5): where it crosses the 180th meridian ``west``
    is greater than ``east``."""

    west: float
    south: float
    east: float
    north: float

    def touches(self, cell: str) -> bool:
        """Whether the frame around the area meets it."""
        return any(self._meets(ring) for ring in cells.pieces(cell))

    def _meets(self, ring: Sequence[tuple[float, float]]) -> bool:
        lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
        if max(lats) < self.south or min(lats) > self.north:
            return False
        if self.west <= self.east:
            return max(lons) >= self.west and min(lons) <= self.east
        return max(lons) >= self.west or min(lons) <= self.east


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """``takes``: codes that a need must all name; ``box``: its area meets it."""

    takes: tuple[str, ...] = ()
    box: Box | None = None

    def lets(self, summary: Summary) -> bool:
        """Whether it is asked for."""
        if not set(self.takes) <= set(summary.requires or ()):
            return False
        return self.box is None or self.box.touches(summary.cell)

    def __bool__(self) -> bool:
        """Whether anything is left out at all."""
        return bool(self.takes) or self.box is not None


def narrowing(takes: Sequence[str], bbox: str | None, known: Collection[str]) -> Narrowing:
    """As written in an address. ``known``: codes of what a task can take.

    Raises :class:`Invalid` (``bad_takes``, ``bad_bbox``) in words.
    """
    for code in takes:
        if code not in known:
            raise Invalid("bad_takes", N_("Nothing takes that: %(what)s"), what=code[:40])
    return Narrowing(takes=tuple(takes), box=None if bbox is None else parse_box(bbox))


def parse_box(text: str) -> Box:
    """``WEST,SOUTH,EAST,NORTH``; which of both latitudes comes first does not matter. Raises :class:`Invalid`."""
    found = _BOX.fullmatch(text)
    if found is None:
        raise Invalid("bad_bbox", N_("A frame of the map is west, south, east, north: -2.7,51.4,-2.5,51.5"))
    west, one, east, other = (float(each) for each in found.groups())
    if max(abs(west), abs(east)) > 180 or max(abs(one), abs(other)) > 90:
        raise Invalid("bad_bbox", N_("That place is not on our map."))
    return Box(west=west, south=min(one, other), east=east, north=max(one, other))
