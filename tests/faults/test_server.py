"""The real server process, killed and cut from power: what a command was told is done, is done after the
restart."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from node import control
from node.store import audit, files
from node.store.db import Database
from tests.faults import disk
from tests.harness.house import house

IMAGES = int(os.environ.get("SERVER_POWER_CUTS", "40"))
ROUNDS = int(os.environ.get("SERVER_KILLS", "3"))
COMMANDS = 40
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def data(tmp_path):
    """The folder of a group that has been set up."""
    folder = tmp_path / "data"
    async with house(folder) as home:
        await home.found()
    return folder


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A server that has said its address; killed without warning at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "node", "run", "--data", str(folder), "--listen", "127.0.0.1:0"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert "Address" in process.stdout.readline()
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


async def share(folder: Path, number: int) -> None:
    """One command that writes and is recorded; returns when the server says that it is done."""
    choices = {"groceries": ("peers", "only_us")[number % 2]}
    await control.ask(folder / "control.sock", "share", {"choices": choices})


async def shares(path: Path) -> int:
    """How many such commands the database knows; its chain of records must be whole."""
    db = await Database.open(path, create=False)
    try:
        async with db.read() as tx:
            assert (await audit.verify(tx)).whole
            [row] = await tx.execute_fetchall("SELECT count(*) AS n FROM audit WHERE action LIKE 'share%'")
            return int(row["n"])
    finally:
        await db.close()


async def test_kills_lose_nothing_that_was_answered(data):
    rng, answered = random.Random(3), 0
    for _ in range(ROUNDS):
        with running(data):
            for number in range(rng.randint(1, 12)):
                await share(data, number)
                answered += 1
            unanswered = asyncio.create_task(share(data, 0))
            await asyncio.sleep(0)
        await asyncio.gather(unanswered, return_exceptions=True)
        found = await shares(data / "group.db")
        assert found >= answered
        answered = found


async def test_power_cuts_lose_nothing_that_was_answered(data, tmp_path):
    shim = disk.build_shim(tmp_path)
    start = {"group.db": (data / "group.db").read_bytes()}
    log, answers = tmp_path / "log", []
    with running(data, LD_PRELOAD=str(shim), WITNESS_DIR=f"{data}/", WITNESS_LOG=str(log)):
        for number in range(COMMANDS):
            await share(data, number)
            answers.append(log.stat().st_size)
    events = disk.read_log(log, answers)
    ours = [event for event in events if event.file in ("group.db", "group.db-wal", disk.ANSWERS)]
    assert [event.file for event in ours if event.kind == "S"].count("group.db-wal") >= COMMANDS
    made = disk.images(ours, start, acks=disk.ANSWERS, ignore=frozenset(), count=IMAGES, seed=11)
    cut_late = 0
    for number, image in enumerate(made):
        folder = tmp_path / f"image-{number}"
        image.write(folder)
        files.prepare(folder / "group.db", create=False)
        assert await shares(folder / "group.db") >= len(image.acknowledged)
        cut_late += len(image.acknowledged) > COMMANDS // 2
    assert cut_late > 0
