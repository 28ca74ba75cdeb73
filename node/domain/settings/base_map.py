"""Streets under the areas: what the operator's archive of map tiles says of itself, and what may be wrong with it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser

from node.errors import N_, MutualAidError

MOST_CREDIT = 200
"""Letters of the words that whoever made the map wants to stand beside it."""


class MapFault(StrEnum):
    """Why a file is not shown; ``map.`` before it is a code of ``safety.checks.OUTCOMES``."""

    UNREADABLE = "unreadable"
    NOT_ONE = "not_one"
    """No PMTiles archive of version 3."""
    VECTOR = "vector"
    """Its tiles are shapes to be drawn, no pictures."""
    CUT_OFF = "cut_off"
    """Shorter than it says itself: not copied whole, as a rule."""
    DAMAGED = "damaged"


class Unusable(MutualAidError):
    """A file that cannot be shown. ``fault``: why; ``hint``: the same more closely, in words of the format."""

    def __init__(self, fault: MapFault, hint: str = "") -> None:
        super().__init__(f"map_{fault}", N_("The map file cannot be used."), hint=hint)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    """One archive of pictures that can be shown. Places in degrees, zooms as in the addresses of tiles (0: the world
    on one picture of 256 pixels)."""

    version: str
    """Another for every other file: it stands in the addresses of tiles, so that they may be kept for ever."""
    content_type: str
    min_zoom: int
    max_zoom: int
    south: float
    west: float
    north: float
    east: float
    credit: str
    """Who made it, as plain words; empty if the archive does not say."""

    @property
    def box(self) -> str:
        """South, west, north, east, as an attribute has them."""
        return " ".join(f"{number:.5f}" for number in (self.south, self.west, self.north, self.east))

    def shows(self, lat: float, lon: float) -> bool:
        """Whether that spot lies on it."""
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class _Words(HTMLParser):
    """What a browser would show of a text with tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._silent += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in ("script", "style")))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def credit(said: object) -> str:
    """The words of an archive's ``attribution``: makers write HTML there, and of a stranger's HTML only the words are
    shown. Whatever is no text is nothing."""
    if not isinstance(said, str):
        return ""
    reader = _Words()
    reader.feed(said[: 20 * MOST_CREDIT])
    reader.close()
    kept = "".join(
        each for each in "".join(reader.parts) if unicodedata.category(each)[0] != "C" or each.isspace()
    )
    words = " ".join(kept.split())
    return words if len(words) <= MOST_CREDIT else words[: MOST_CREDIT - 1].rstrip() + "…"


__all__ = ["MOST_CREDIT", "BaseMap", "MapFault", "Unusable", "credit"]
