"""A real process that writes rows to a group's database and acknowledges each once its transaction is
committed.

Usage: python -m tests.faults.writer DATABASE ACKS COUNT SYNCHRONOUS [BALLAST BYTES]

Each transaction puts one row into ``erasures``, one into ``audit`` and a text of changing length into
``settings``, so that transactions differ in size and span tables. ACKS is a file, or - for standard output. A
full disk is written to standard output in words, then one more small transaction is tried.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path

from node.domain.actors import SYSTEM
from node.errors import DiskFull
from node.store import audit, settings
from node.store.ballast import Ballast
from node.store.db import Database
from tests.harness.clock import FakeClock


async def write(db: Database, acknowledge: Callable[[int], None], count: int) -> None:
    clock = FakeClock()
    async with db.read() as tx:
        [row] = await tx.execute_fetchall("SELECT coalesce(max(at), -1) + 1 AS next FROM erasures")
    for number in range(row["next"], row["next"] + count):
        clock.advance(seconds=1)
        async with db.write() as tx:
            await tx.execute("INSERT INTO erasures VALUES (?, 'person', ?)", (f"{number:022}", number))
            await settings.put(tx, settings.HOURS, "x" * (number % 7 * 1500))
            await audit.append(tx, clock, SYSTEM, "person.erase", f"person:{number:022}", {"n": number})
        acknowledge(number)


async def main(path: str, acks: str, count: str, synchronous: str, *ballast: str) -> None:
    out = 1 if acks == "-" else os.open(acks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def acknowledge(number: int) -> None:
        os.write(out, b"%d\n" % number)

    kept = Ballast(Path(ballast[0]), int(ballast[1])) if ballast else None
    db = await Database.open(
        Path(path), create=False, ballast=kept, synchronous="NORMAL" if synchronous == "NORMAL" else "FULL"
    )
    try:
        await write(db, acknowledge, int(count))
    except DiskFull as error:
        print("FULL", error, flush=True)
        try:
            await write(db, acknowledge, 1)
            print("SMALL WORK GOES ON", flush=True)
        except DiskFull:
            print("STILL FULL", flush=True)
    sys.stdout.flush()
    os._exit(0)  # a power cut does not close files


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
