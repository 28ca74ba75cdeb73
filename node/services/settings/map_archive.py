"""Reads single tiles out of a PMTiles archive of version 3 (https://github.com/protomaps/PMTiles, ``spec/v3``).

The format is the library's (``pmtiles``, by those who made it); here is what a file must keep to before it is handed
over: a size for everything that is unpacked, an end to every number, and places that lie inside the file. The library
is imported with the first archive.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

from node.domain.settings.base_map import BaseMap, MapFault, Unusable, credit

Read = Callable[[int, int], bytes]
"""Bytes from an offset on, exactly so many; raises ``Unusable`` where the file ends before."""

HEADER: Final = 127
MOST_PACKED: Final = 1 << 20
"""Bytes of a directory, and of the words about the whole, as they lie in the file. A root has 16 KiB at most."""
MOST_PLAIN: Final = 4 << 20
"""The same, unpacked."""
MOST_ENTRIES: Final = 1 << 17
"""In one directory: some 20 MB in memory. Usual are 4,096, a few times that in an archive of a continent."""
MOST_KEPT: Final = 1 << 17
"""Entries of directories that are kept for the next tile."""
MOST_PICTURE: Final = 2 << 20
"""Bytes of one tile; usual are 10 to 100 kB."""
DEPTH: Final = 4
"""Directories from the root to a tile; a circle of directories ends here too."""
DEEPEST: Final = 24
"""Zoom: some centimetres a pixel."""
_LONG_NUMBER: Final = re.compile(rb"[\x80-\xff]{10}")
"""No number of 64 bits takes so many bytes, and each more makes reading it slower."""

PICTURES: Final = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif"}
_BEGINNINGS: Final = re.compile(rb"\x89PNG\r\n|\xff\xd8\xff|RIFF....WEBP|....ftypavi[fs]", re.DOTALL)
_WORLD: Final = (-85.0511, -180.0, 85.0511, 180.0)


class Archive:
    """One file as it was when it was opened; whoever asks brings the way to read it (``Read``)."""

    def __init__(self, read: Read, size: int, stamp: str) -> None:
        """Looks at all that a tile needs, and at the first tile. ``size`` in bytes; ``stamp``: another for a file that
        was changed. Raises ``Unusable``, whatever is in the file; ``OSError`` as the disk does."""
        try:
            self._open(read, size, stamp)
        except (Unusable, OSError):
            raise
        except Exception as error:
            raise Unusable(MapFault.DAMAGED, type(error).__name__) from error

    def _open(self, read: Read, size: int, stamp: str) -> None:
        from pmtiles import tile as library

        if size < HEADER or (head := read(0, HEADER))[:8] != b"PMTiles\x03":
            raise Unusable(MapFault.NOT_ONE)
        header: Any = library.deserialize_header(head)
        kind = header["tile_type"].name
        if kind not in PICTURES:
            raise Unusable(MapFault.VECTOR if kind in ("MVT", "MLT") else MapFault.NOT_ONE, f"tiles: {kind}")
        for part in ("root", "metadata", "leaf_directory", "tile_data"):
            if header[f"{part}_offset"] + header[f"{part}_length"] > size:
                raise Unusable(MapFault.CUT_OFF, part)
        if header["tile_compression"].name not in ("NONE", "UNKNOWN"):
            raise Unusable(MapFault.DAMAGED, "packed pictures")
        if not header["min_zoom"] <= header["max_zoom"] <= DEEPEST:
            raise Unusable(MapFault.DAMAGED, "zooms")
        self._packing: str = header["internal_compression"].name
        self._leaves = (header["leaf_directory_offset"], header["leaf_directory_length"])
        self._pictures = (header["tile_data_offset"], header["tile_data_length"])
        self._kept: dict[tuple[int, int], list[Any]] = {}
        root = read(header["root_offset"], _at_most(header["root_length"], MOST_PACKED, "root"))
        self._root = self._directory(root)
        words = read(header["metadata_offset"], _at_most(header["metadata_length"], MOST_PACKED, "metadata"))
        self.about = _about(header, self._told(words), sha256(head + root + stamp.encode()).hexdigest()[:12])
        if not _BEGINNINGS.match(self._first(read)):
            raise Unusable(MapFault.DAMAGED, "the first tile is no picture")

    def tile(self, read: Read, z: int, x: int, y: int) -> bytes | None:
        """The picture of that tile (``y`` from the north), or None where there is none. Raises ``Unusable``."""
        from pmtiles import tile as library

        if not self.about.min_zoom <= z <= self.about.max_zoom or not (0 <= x < 1 << z and 0 <= y < 1 << z):
            return None
        try:
            wanted = library.zxy_to_tileid(z, x, y)
            return self._picture(read, lambda entries: library.find_tile(entries, wanted))
        except (Unusable, OSError):
            raise
        except Exception as error:
            raise Unusable(MapFault.DAMAGED, type(error).__name__) from error

    def _first(self, read: Read) -> bytes:
        return self._picture(read, lambda entries: entries[0]) or b""

    def _picture(self, read: Read, choose: Callable[[list[Any]], Any]) -> bytes | None:
        """From the root down, in each directory to the entry that ``choose`` gives."""
        entries = self._root
        for _ in range(DEPTH):
            entry: Any = choose(entries)
            if entry is None:
                return None
            if entry.run_length:
                return read(*_inside(entry, self._pictures, MOST_PICTURE))
            entries = self._leaf(read, _inside(entry, self._leaves, MOST_PACKED))
        raise Unusable(MapFault.DAMAGED, "directories without an end")

    def _leaf(self, read: Read, where: tuple[int, int]) -> list[Any]:
        known = self._kept.get(where)
        if known is None:
            known = self._directory(read(*where))
            if sum(map(len, self._kept.values())) + len(known) > MOST_KEPT:
                self._kept.clear()
            self._kept[where] = known
        return known

    def _directory(self, packed: bytes) -> list[Any]:
        from pmtiles import tile as library

        plain = self._unpacked(packed)
        if not plain or _LONG_NUMBER.search(plain):
            raise Unusable(MapFault.DAMAGED, "numbers in a directory")
        count = library.read_varint(io.BytesIO(plain[:10]))
        if not 0 < count <= min(MOST_ENTRIES, len(plain) // 4):
            raise Unusable(MapFault.DAMAGED, "entries of a directory")
        # The library unpacks without a bound, and only what is packed: so it gets what has been measured.
        entries: list[Any] = library.deserialize_directory(gzip.compress(plain, compresslevel=0, mtime=0))
        return entries

    def _told(self, packed: bytes) -> dict[str, Any]:
        if not packed:
            return {}
        told = json.loads(self._unpacked(packed))
        return told if isinstance(told, dict) else {}

    def _unpacked(self, packed: bytes) -> bytes:
        if self._packing == "NONE":
            return packed
        if self._packing != "GZIP":
            raise Unusable(MapFault.DAMAGED, f"directories packed by {self._packing}")
        unpacking = zlib.decompressobj(wbits=31)
        plain = unpacking.decompress(packed, MOST_PLAIN)
        if not unpacking.eof:
            raise Unusable(MapFault.DAMAGED, "a directory is too long, or breaks off")
        return plain


def _at_most(length: int, most: int, what: str) -> int:
    if length > most:
        raise Unusable(MapFault.DAMAGED, f"{what} is too long")
    return length


def _inside(entry: Any, part: tuple[int, int], most: int) -> tuple[int, int]:
    """Where in the file an entry's bytes lie; never outside of the part that they belong to."""
    begin, length = part
    if not 0 < entry.length <= most or not 0 <= entry.offset <= length - entry.length:
        raise Unusable(MapFault.DAMAGED, "an entry leads out of the file")
    return begin + entry.offset, entry.length


def _about(header: Any, told: dict[str, Any], version: str) -> BaseMap:
    names = ("min_lat_e7", "min_lon_e7", "max_lat_e7", "max_lon_e7")
    south, west, north, east = (
        max(least, min(-least, header[name] / 1e7))
        for name, least in zip(names, (_WORLD[0], _WORLD[1]) * 2, strict=True)
    )
    if south >= north or west >= east:
        south, west, north, east = _WORLD
    return BaseMap(
        version=version,
        content_type=PICTURES[header["tile_type"].name],
        min_zoom=header["min_zoom"],
        max_zoom=header["max_zoom"],
        south=south,
        west=west,
        north=north,
        east=east,
        credit=credit(told.get("attribution")),
    )
