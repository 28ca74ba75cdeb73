"""Power cuts: nothing that was acknowledged is lost - and the same test must show losses without FULL."""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from node.store import files
from tests.faults import disk

IMAGES = int(os.environ.get("POWER_CUTS", "120"))
"""How many cuts to try; thousands take minutes."""
TRANSACTIONS = 400
IGNORED = frozenset({"group.db-shm"})
"""Shared memory never outlives the power."""


@pytest.fixture(scope="module")
def shim(tmp_path_factory):
    return disk.build_shim(tmp_path_factory.mktemp("shim"))


def record(shim, folder, synchronous):
    """The events of a real process writing, and the disk as it was before."""
    data = folder / synchronous
    data.mkdir()
    files.prepare(data / "group.db", create=True)
    start = {"group.db": (data / "group.db").read_bytes()}
    log = folder / f"{synchronous}.log"
    disk.run_writer(
        shim, data, str(data / "group.db"), str(data / "acks"), str(TRANSACTIONS), synchronous, log=log
    )
    return disk.read_log(log), start


def after_the_cut(image: disk.Image, folder: Path) -> set[int]:
    """Opens an image as the node does after an unclean stop; the rows that are there."""
    image.write(folder)
    try:
        files.prepare(folder / "group.db", create=False)
        with closing(files.connect(folder / "group.db", read_only=True)) as connection:
            erased = {row["at"] for row in connection.execute("SELECT at FROM erasures")}
            audited = {row["seq"] - 1 for row in connection.execute("SELECT seq FROM audit")}
            assert erased == audited, "half a transaction"
            assert erased == set(range(len(erased))), "a later row without an earlier one"
        return erased
    finally:
        shutil.rmtree(folder)


def losses(shim, tmp_path, synchronous, count):
    """How many cuts lost how many acknowledged rows; how many rows the last image had."""
    events, start = record(shim, tmp_path, synchronous)
    cuts_with_loss, rows_lost, acknowledged = 0, 0, 0
    made = disk.images(events, start, acks="acks", ignore=IGNORED, count=count, seed=20261102)
    for number, image in enumerate(made):
        lost = image.acknowledged - after_the_cut(image, tmp_path / f"image-{number}")
        cuts_with_loss += bool(lost)
        rows_lost += len(lost)
        acknowledged = len(image.acknowledged)
    return cuts_with_loss, rows_lost, acknowledged, events


def test_with_full_nothing_acknowledged_is_ever_lost(shim, tmp_path):
    cuts_with_loss, rows_lost, acknowledged, events = losses(shim, tmp_path, "FULL", IMAGES)
    assert (cuts_with_loss, rows_lost) == (0, 0)
    # The witness really stood between: syncs of the log at each commit, and checkpoints into the file itself.
    syncs = [event.file for event in events if event.kind == "S"]
    assert syncs.count("group.db-wal") >= TRANSACTIONS
    assert syncs.count("group.db") >= 1
    assert acknowledged > TRANSACTIONS * 0.9


def test_without_full_the_same_cuts_lose_acknowledged_rows(shim, tmp_path):
    """If this one finds no loss, the test above proves nothing."""
    cuts_with_loss, rows_lost, _, events = losses(shim, tmp_path, "NORMAL", max(IMAGES // 4, 10))
    assert cuts_with_loss > 0
    assert rows_lost > cuts_with_loss
    assert [event.file for event in events if event.kind == "S"].count("group.db-wal") < TRANSACTIONS


def test_the_images_are_what_the_rule_says(tmp_path):
    """The rule itself, on a history small enough to list."""
    events = [
        disk.Event("W", "a", 0, b"1" * 512),
        disk.Event("S", "a", 0, b""),
        disk.Event("W", "acks", 0, b"0\n"),
        disk.Event("W", "a", 0, b"2" * 1024),
    ]
    seen = set()
    for image in disk.images(events, {}, acks="acks", ignore=frozenset(), count=400, seed=1):
        content = image.files.get("a")
        seen.add((content, image.acknowledged))
        if image.acknowledged:
            assert content is not None, "synced before"
    ones, twos = b"1" * 512, b"2" * 512
    zero = frozenset({0})
    assert {content for content, acknowledged in seen if acknowledged == zero} == {
        ones,
        twos + twos,
        ones + twos,
        twos,
    }
    assert (None, frozenset()) in seen
