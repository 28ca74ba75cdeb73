"""A full disk: said in words, nothing saved is lost, and the ballast lets small work go on."""

from contextlib import closing

import pytest

from node.store import files
from tests.faults import disk

ROOM = 600_000
BALLAST = 256 * 1024


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    return disk.build_shim(tmp_path_factory.mktemp("shim"))


def fill(shim, folder, *ballast):
    """Lets a process write until the disk is full; what it said, and what was acknowledged and found."""
    path = folder / "group.db"
    files.prepare(path, create=True)
    said = disk.run_writer(
        shim, folder, str(path), str(folder.parent / "acks"), "10000", "FULL", *ballast, room=ROOM
    )
    acknowledged = {int(line) for line in (folder.parent / "acks").read_text().splitlines()}
    files.prepare(path, create=False)
    with closing(files.connect(path, read_only=True)) as connection:
        found = {row["at"] for row in connection.execute("SELECT at FROM erasures")}
    return said, acknowledged, found


def test_with_ballast_small_work_goes_on(shim, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    said, acknowledged, found = fill(shim, folder, str(folder / "ballast"), str(BALLAST))
    assert "The disk is full. This was not saved; everything saved before is safe." in said
    assert "reserve was released" in said
    assert "SMALL WORK GOES ON" in said
    assert not (folder / "ballast").exists()
    assert acknowledged == found
    assert len(found) > 5


def test_without_ballast_even_small_work_stops_and_still_nothing_is_lost(shim, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    said, acknowledged, found = fill(shim, folder)
    assert "The disk is full." in said
    assert "STILL FULL" in said
    assert acknowledged == found
    assert len(found) > 5
