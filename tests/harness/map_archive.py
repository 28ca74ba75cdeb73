"""Writes small PMTiles archives (version 3) byte by byte from the specification, with no library: whole ones to show,
and ones that are wrong in every way. Each tile is a made-up street plan in one colour, always the same bytes."""

import gzip
import json
import math
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BRISTOL_BOX = (51.30, -2.80, 51.60, -2.35)
"""South, west, north, east."""
PNG, MVT = 2, 1
NONE, GZIP, BROTLI = 1, 2, 3
SIDE = 256

Entry = tuple[int, int, int, int]
"""Number of the tile, run (0: a leaf), length, offset."""


def png(colour: tuple[int, int, int], line: tuple[int, int, int] = (255, 255, 255)) -> bytes:
    """256 x 256 pixels with white streets, as a picture with a palette."""
    street = bytes([1]) * SIDE
    block = bytes(1 if x % 64 in (0, 1, 2) or abs(x - SIDE / 2) < 5 else 0 for x in range(SIDE))
    rows = b"".join(b"\0" + (street if y % 64 in (0, 1, 2) else block) for y in range(SIDE))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", SIDE, SIDE, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes((*colour, *line))),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


def number_of(z: int, x: int, y: int) -> int:
    """A tile's number: all of the zooms before, then along the Hilbert curve."""
    number, side = (4**z - 1) // 3, 1 << z
    half = side // 2
    while half:
        right, low = int(bool(x & half)), int(bool(y & half))
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        half //= 2
    return number


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def directory(entries: Iterable[Entry], *, count: int | None = None) -> bytes:
    """Unpacked; ``count``: how many it says there are."""
    rows = sorted(entries)
    numbers = [row[0] for row in rows]
    parts = [varint(len(rows) if count is None else count)]
    parts += [varint(here - before) for before, here in zip([0, *numbers], numbers, strict=False)]
    parts += [varint(row[1]) for row in rows] + [varint(row[2]) for row in rows]
    parts += [varint(row[3] + 1) for row in rows]
    return b"".join(parts)


@dataclass(slots=True, kw_only=True)
class Made:
    """An archive in its parts, to be changed before it is written."""

    root: bytes
    leaves: bytes = b""
    tiles: bytes = b""
    metadata: bytes = b"{}"
    kind: int = PNG
    packing: int = GZIP
    packed_tiles: int = NONE
    zooms: tuple[int, int] = (0, 0)
    box: tuple[float, float, float, float] = BRISTOL_BOX
    version: int = 3
    says: Mapping[str, int] | None = None
    """Other numbers for the header: ``root_offset``, ``tiles_length`` and so on."""

    def packed(self, plain: bytes) -> bytes:
        """As this archive packs its directories."""
        return gzip.compress(plain, 9, mtime=0) if self.packing == GZIP else plain

    def written(self) -> bytes:
        """Header, root, metadata, leaves, tiles. ``root`` and ``leaves`` are as they are to lie in the file."""
        metadata, at, places = self.packed(self.metadata), 127, {}
        for name, part in (
            ("root", self.root),
            ("metadata", metadata),
            ("leaves", self.leaves),
            ("tiles", self.tiles),
        ):
            places |= {f"{name}_offset": at, f"{name}_length": len(part)}
            at += len(part)
        places |= self.says or {}
        south, west, north, east = (round(number * 1e7) for number in self.box)
        least, most = self.zooms
        head = (
            b"PMTiles"
            + bytes([self.version])
            + struct.pack("<8Q", *places.values())
            + struct.pack("<3Q", 1, 1, 1)
        )
        head += bytes((1, self.packing, self.packed_tiles, self.kind, least, most))
        head += struct.pack("<4i", west, south, east, north) + bytes([least])
        head += struct.pack("<2i", (west + east) // 2, (south + north) // 2)
        return head + self.root + metadata + self.leaves + self.tiles


def town(
    *,
    box: tuple[float, float, float, float] = BRISTOL_BOX,
    zooms: tuple[int, int] = (5, 12),
    told: Mapping[str, Any] | None = None,
    packing: int = GZIP,
    leaf: int = 40,
) -> Made:
    """Pictures of that box at those zooms, a colour for each zoom, in leaves of ``leaf`` entries."""
    pictures, entries = b"", []
    for z in range(zooms[0], zooms[1] + 1):
        picture = png((232 - 2 * z, 228, 212 + z))
        (left, top), (right, low) = _tile(box[2], box[1], z), _tile(box[0], box[3], z)
        entries += [
            (number_of(z, x, y), 1, len(picture), len(pictures))
            for x in range(left, right + 1)
            for y in range(top, low + 1)
        ]
        pictures += picture
    told = {"name": "Made-up town", "attribution": "© OpenStreetMap contributors"} if told is None else told
    made = Made(
        root=b"", tiles=pictures, metadata=json.dumps(told).encode(), packing=packing, zooms=zooms, box=box
    )
    entries.sort()
    roots = []
    for at in range(0, len(entries), leaf):
        packed = made.packed(directory(entries[at : at + leaf]))
        roots.append((entries[at][0], 0, len(packed), len(made.leaves)))
        made.leaves += packed
    made.root = made.packed(directory(roots))
    return made


def _tile(lat: float, lon: float, z: int) -> tuple[int, int]:
    """Of a place, the tile's x and y."""
    side = 1 << z
    high = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * side), int((1 - high) / 2 * side)
