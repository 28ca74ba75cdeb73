"""A process killed again and again while it writes: every row it acknowledged is there after each restart."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from node.store import audit, files
from node.store.db import Database

ROUNDS = int(os.environ.get("KILLS", "8"))
"""How many kills; each takes about half a second."""


async def rows(path):
    db = await Database.open(path, create=False)
    try:
        async with db.read() as tx:
            assert (await audit.verify(tx)).whole
            return {row["at"] for row in await tx.execute_fetchall("SELECT at FROM erasures")}
    finally:
        await db.close()


def killed_after(path, acknowledgements):
    """Runs the writer, kills it once it has acknowledged that many rows, and returns all it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writer", str(path), "-", "1000000", "FULL"],
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    seen = [int(process.stdout.readline()) for _ in range(acknowledgements)]
    os.kill(process.pid, signal.SIGKILL)
    seen += [int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return seen


def test_no_acknowledged_row_is_lost_over_many_kills(tmp_path):
    path = tmp_path / "group.db"
    files.prepare(path, create=True)
    rng = random.Random(7)
    acknowledged: set[int] = set()
    for _ in range(ROUNDS):
        acknowledged.update(killed_after(path, rng.randint(1, 60)))
        assert (tmp_path / "group.db-wal").exists(), "it was not closed cleanly"
        found = asyncio.run(rows(path))
        assert acknowledged <= found
        assert found == set(range(len(found)))
    assert len(acknowledged) >= ROUNDS
