"""The operator's map of streets: read as the format says, and never more than a line in the log if it is not."""

import asyncio
import gzip
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from node.domain.settings.base_map import MOST_CREDIT, MapFault, Unusable, credit
from node.services.settings import map_archive
from node.services.settings.base_maps import BaseMaps
from node.services.settings.map_archive import Archive, Read
from tests.browser.planting import CORPUS
from tests.harness import map_archive as made
from tests.harness.map_archive import BRISTOL_BOX, Made, directory, number_of, png, town, varint

BRISTOL_12 = (12, 2018, 1362)
MOST_READ = 8 << 20
"""Bytes: more than this nobody should ask for of a small file."""


def of(data: bytes) -> Read:
    """Reads from memory as from a file, and fails where somebody asks for too much."""

    def read(offset: int, length: int) -> bytes:
        assert 0 <= length <= MOST_READ
        assert offset >= 0
        if offset + length > len(data):
            raise Unusable(MapFault.CUT_OFF)
        return data[offset : offset + length]

    return read


def opened(data: bytes) -> tuple[Archive, Read]:
    read = of(data)
    return Archive(read, len(data), "a stamp"), read


def fault_of(data: bytes) -> MapFault:
    with pytest.raises(Unusable) as caught:
        opened(data)
    return caught.value.fault


# -- what is whole


@pytest.mark.parametrize("packing", [made.GZIP, made.NONE])
@pytest.mark.parametrize("leaf", [7, 40, 10_000])
def test_every_tile_is_found_and_no_other(packing: int, leaf: int) -> None:
    archive, read = opened(town(packing=packing, leaf=leaf).written())
    about = archive.about
    assert (about.content_type, about.min_zoom, about.max_zoom) == ("image/png", 5, 12)
    assert (about.south, about.west, about.north, about.east) == BRISTOL_BOX
    assert about.credit == "© OpenStreetMap contributors"
    assert about.box == "51.30000 -2.80000 51.60000 -2.35000"
    assert archive.tile(read, *BRISTOL_12) == png((208, 228, 224))
    assert archive.tile(read, 5, 15, 10) == png((222, 228, 217))
    for nothing in ((12, 0, 0), (12, 4095, 4095), (4, 7, 5), (13, 4036, 2724), (12, 4096, 0), (99, 0, 0)):
        assert archive.tile(read, *nothing) is None
    assert archive.tile(read, 12, -1, 3) is None


def test_numbers_of_tiles_are_those_of_the_specification() -> None:
    """Its own examples; and our writer counts as the library reads."""
    from pmtiles.tile import zxy_to_tileid

    known = {
        (0, 0, 0): 0,
        (1, 0, 0): 1,
        (1, 0, 1): 2,
        (1, 1, 1): 3,
        (1, 1, 0): 4,
        (2, 0, 0): 5,
        (12, 3423, 1763): 19078479,
    }
    assert {tile: number_of(*tile) for tile in known} == known
    source = random.Random(4)
    for z in range(1, 20):
        tile = z, source.randrange(1 << z), source.randrange(1 << z)
        assert number_of(*tile) == zxy_to_tileid(*tile)


def test_a_run_stands_for_many_tiles() -> None:
    picture = png((1, 2, 3))
    root = gzip.compress(directory([(1, 4, len(picture), 0)]), mtime=0)
    archive, read = opened(Made(root=root, tiles=picture, zooms=(0, 1)).written())
    assert archive.tile(read, 1, 1, 0) == picture
    assert archive.tile(read, 0, 0, 0) is None


def test_a_box_that_says_nothing_is_the_world() -> None:
    archive, _ = opened(town(box=(51.30, -2.80, 51.60, -2.35)).written())
    assert archive.about.shows(51.45, -2.59)
    assert not archive.about.shows(48.85, 2.35)
    whole = replace(town())
    whole.box = (0, 0, 0, 0)
    assert opened(whole.written())[0].about.shows(-33.9, 151.2)


def test_few_directories_are_kept() -> None:
    big = [(number, 1, 90, 0) for number in range(21_845, 21_845 + 60_000)]
    leaves, roots = b"", []
    for at in range(0, len(big), 1000):
        packed = gzip.compress(directory(big[at : at + 1000]), mtime=0)
        roots.append((big[at][0], 0, len(packed), len(leaves)))
        leaves += packed
    picture = png((5, 5, 5))
    archive = Made(root=gzip.compress(directory(roots)), leaves=leaves, tiles=picture, zooms=(8, 8)).written()
    reader, read = opened(archive)
    for x in range(0, 256, 3):
        for y in range(0, 256, 5):
            reader.tile(read, 8, x, y)
    assert sum(map(len, reader._kept.values())) <= map_archive.MOST_KEPT


# -- what is wrong


def one(**changes: object) -> Made:
    """A picture of the whole world, and what is to be wrong with it."""
    picture = png((9, 9, 9))
    return replace(
        Made(root=gzip.compress(directory([(0, 1, len(picture), 0)]), mtime=0), tiles=picture), **changes
    )


def leading(entries: list[made.Entry], **changes: object) -> Made:
    return one(root=gzip.compress(directory(entries), mtime=0), **changes)


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b"\0" * (megabytes << 20), 9, mtime=0)


WRONG: dict[str, tuple[Callable[[], bytes], MapFault]] = {
    "nothing in it": (lambda: b"", MapFault.NOT_ONE),
    "another file": (lambda: b"SQLite format 3\0" + bytes(200), MapFault.NOT_ONE),
    "only its beginning": (lambda: one().written()[:100], MapFault.NOT_ONE),
    "version 2": (lambda: one(version=2).written(), MapFault.NOT_ONE),
    "vector tiles": (lambda: one(kind=made.MVT).written(), MapFault.VECTOR),
    "MapLibre tiles": (lambda: one(kind=6).written(), MapFault.VECTOR),
    "tiles of no known kind": (lambda: one(kind=0).written(), MapFault.NOT_ONE),
    "tiles of a kind to come": (lambda: one(kind=200).written(), MapFault.DAMAGED),
    "cut off in its tiles": (lambda: one().written()[:-1], MapFault.CUT_OFF),
    "cut off in its root": (lambda: one().written()[:140], MapFault.CUT_OFF),
    "packed by Brotli": (lambda: one(packing=made.BROTLI).written(), MapFault.DAMAGED),
    "packed by nobody": (lambda: one(packing=77).written(), MapFault.DAMAGED),
    "packed pictures": (lambda: one(packed_tiles=made.GZIP).written(), MapFault.DAMAGED),
    "zooms the wrong way round": (lambda: one(zooms=(9, 3)).written(), MapFault.DAMAGED),
    "zooms of atoms": (lambda: one(zooms=(0, 40)).written(), MapFault.DAMAGED),
    "no picture in it": (lambda: one(tiles=b"<script>hit()</script>" * 40).written(), MapFault.DAMAGED),
    "a root that is no gzip": (lambda: one(root=b"x" * 40).written(), MapFault.DAMAGED),
    "a root that breaks off": (lambda: one(root=one().root[:-9]).written(), MapFault.DAMAGED),
    "an empty root": (lambda: leading([]).written(), MapFault.DAMAGED),
    "a root of zeros, 64 MB of them": (lambda: one(root=bomb(64)).written(), MapFault.DAMAGED),
    "words of zeros, 64 MB of them": (lambda: one(metadata=b" " * (64 << 20)).written(), MapFault.DAMAGED),
    "words that are no JSON": (lambda: one(metadata=b"{'a': 1}").written(), MapFault.DAMAGED),
    "words in a well without a bottom": (lambda: one(metadata=b"[" * 200_000).written(), MapFault.DAMAGED),
    "more entries than bytes": (
        lambda: one(root=gzip.compress(directory([(0, 1, 9, 0)], count=2**40))).written(),
        MapFault.DAMAGED,
    ),
    "a number without an end": (
        lambda: one(root=gzip.compress(varint(1) + b"\xff" * 1_000_000)).written(),
        MapFault.DAMAGED,
    ),
    "a root as long as the sky": (lambda: one(says={"root_length": 2**64 - 1}).written(), MapFault.CUT_OFF),
    "a root too long": (
        lambda: one(root=bytes(2 << 20), says=None).written(),
        MapFault.DAMAGED,
    ),
    "a tile beyond the end": (lambda: leading([(0, 1, 90, 10_000_000)]).written(), MapFault.DAMAGED),
    "a tile before the beginning": (lambda: leading([(0, 1, 90, -1)]).written(), MapFault.DAMAGED),
    "a tile of nothing": (lambda: leading([(0, 1, 0, 0)]).written(), MapFault.DAMAGED),
    "a tile too big": (
        lambda: leading([(0, 1, 3 << 20, 0)], tiles=png((1, 1, 1)) + bytes(3 << 20)).written(),
        MapFault.DAMAGED,
    ),
    "a leaf beyond the end": (lambda: leading([(0, 0, 90, 10_000_000)]).written(), MapFault.DAMAGED),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(name: str) -> None:
    data, fault = WRONG[name]
    assert fault_of(data()) is fault


def test_directories_in_a_circle_come_to_an_end() -> None:
    """A leaf that names itself as its own leaf, also where only one tile leads into it."""
    loop = gzip.compress(directory([(0, 0, 30, 0)]), mtime=0)
    for _ in range(8):
        loop = gzip.compress(directory([(0, 0, len(loop), 0)]), mtime=0)
    assert fault_of(leading([(0, 0, len(loop), 0)], leaves=loop).written()) is MapFault.DAMAGED
    picture = png((9, 9, 9))
    entries = [(0, 1, len(picture), 0), (1, 0, len(loop), 0)]
    archive, read = opened(leading(entries, leaves=loop, zooms=(0, 1)).written())
    assert archive.tile(read, 0, 0, 0) == picture
    with pytest.raises(Unusable):
        archive.tile(read, 1, 0, 0)


def test_whatever_a_byte_becomes_nothing_but_a_fault_follows() -> None:
    """Bytes turned, cut and doubled, always the same; every answer is a tile of some kind or a stated fault."""
    source, whole = random.Random(20), town(zooms=(5, 9)).written()
    head = len(whole) - len(town(zooms=(5, 9)).tiles)
    met: dict[object, int] = {}
    for _ in range(1500):
        data = bytearray(whole)
        for _ in range(source.choice((1, 1, 2, 8))):
            data[source.randrange(head)] = source.choice((0, 1, 2, 127, 128, 255, source.randrange(256)))
        if source.random() < 0.1:
            data = data[: source.randrange(len(data))]
        try:
            archive, read = opened(bytes(data))
            for tile in ((5, 15, 10), (7, 63, 42), (9, 252, 170), (9, 0, 0)):
                archive.tile(read, *tile)
            met["shown"] = met.get("shown", 0) + 1
        except Unusable as error:
            met[error.fault] = met.get(error.fault, 0) + 1
    assert len(met) >= 5, met


# -- the words of a stranger


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            '<a href="https://www.openstreetmap.org/copyright">&copy; OpenStreetMap contributors</a>',
            "© OpenStreetMap contributors",
        ),
        ("<script>hit()</script>Town  council\n2026", "Town council 2026"),
        ("a\u202eb\x00c", "abc"),
        ("x" * 500, "x" * (MOST_CREDIT - 1) + "…"),
        ("", ""),
        (None, ""),
        (7, ""),
        (["<b>"], ""),
    ],
)
def test_of_what_the_file_says_only_words_remain(said: object, shown: str) -> None:
    assert credit(said) == shown


@pytest.mark.parametrize("hostile", CORPUS)
def test_hostile_words_do_no_harm_to_the_reader(hostile: str) -> None:
    assert len(credit(hostile * 50)) <= MOST_CREDIT
    archive, _ = opened(one(metadata=json.dumps({"attribution": hostile}).encode()).written())
    assert archive.about.credit == credit(hostile)


# -- the file of a node


def put(path: Path, data: bytes) -> None:
    """As one replaces a file: whole, under another name, then at once."""
    path.with_suffix(".new").write_bytes(data)
    path.with_suffix(".new").rename(path)


async def test_a_file_may_come_change_and_go_while_the_node_runs(tmp_path: Path) -> None:
    path = tmp_path / "map.pmtiles"
    maps = BaseMaps(path)
    with capture_logs() as said:
        assert await maps.look() is None
        assert await maps.fault() is None
        assert await maps.tile(0, 0, 0) is None
        assert said == [], "to have none is no fault"
        put(path, town().written())
        first = await maps.look()
        assert first is not None
        assert await maps.tile(*BRISTOL_12) == (first, png((208, 228, 224)))
        assert await maps.tile(12, 0, 0) == (first, None)
        put(path, town().written()[:-100])
        assert await maps.look() is None
        assert await maps.fault() is MapFault.CUT_OFF
        assert await maps.tile(*BRISTOL_12) is None
        put(path, one().written())
        second = await maps.look()
        assert second is not None
        assert second.version != first.version
        path.unlink()
        assert await maps.look() is None
    assert [(each["event"], each.get("fault")) for each in said] == [
        ("base_map", None),
        ("base_map_unusable", "cut_off"),
        ("base_map", None),
    ], "each file is said once"


async def test_what_is_no_plain_file_is_no_map(tmp_path: Path) -> None:
    """A folder, a pipe nobody writes to, a link into nowhere, a path through a file."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    for name, fault in (
        ("folder", MapFault.UNREADABLE),
        ("pipe", MapFault.UNREADABLE),
        ("link", None),
        ("file/map.pmtiles", None),
        ("file", MapFault.NOT_ONE),
    ):
        maps = BaseMaps(tmp_path / name)
        async with asyncio.timeout(20):
            assert await maps.look() is None, name
            assert await maps.fault() is fault, name


async def test_a_broken_leaf_costs_its_tiles_and_one_line(tmp_path: Path) -> None:
    archive = town(leaf=10)
    archive.leaves = archive.leaves[:-20] + bytes(20)
    (tmp_path / "map.pmtiles").write_bytes(archive.written())
    maps = BaseMaps(tmp_path / "map.pmtiles")
    with capture_logs() as said:
        about = await maps.look()
        assert about is not None
        found = [await maps.tile(12, x, y) for x in range(2010, 2030) for y in range(1355, 1370)]
    assert (about, None) in found
    assert [each["event"] for each in said] == ["base_map", "base_map_lacks_tiles"]


async def test_a_disk_that_fails_while_it_is_read_costs_the_tile_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "map.pmtiles"
    path.write_bytes(town().written())
    maps = BaseMaps(path)
    about = await maps.look()
    monkeypatch.setattr(os, "pread", lambda *_: b"")
    assert await maps.tile(*BRISTOL_12) == (about, None), "cut short in that very moment"

    def broken(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", broken)
    assert await maps.tile(*BRISTOL_12) is None
    assert await maps.fault() is MapFault.UNREADABLE
    monkeypatch.undo()
    assert await maps.look() == about
