"""One round with a peer after 100 changes: what it costs when a hundred times as much is held.

Both sides run in this process over HTTP on the loopback address; CPU time of both is counted. What they hold is
compared before any time is printed.
"""

import asyncio
import gc
import json
import shutil
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from federation.transport import Deadlines
from node.__main__ import tune_collector
from tests.bench.ingest import SET, Origin, corpus
from tests.unit.federation.groups import Group, StillClock, ident
from tests.unit.federation.hosts import Host

CHANGES = 100
CHANGED_ORIGINS = 4
PATIENT = Deadlines(connect=10.0, read=300.0, total=600.0)


@dataclass(frozen=True)
class Rounds:
    """CPU milliseconds."""

    changed: float
    """A round after 100 changes."""
    unchanged: float
    """A round after none."""
    lost: float
    """A round after a lost cursor, when nothing differs."""


async def _measure(folder: Path, origins: list[Origin], rounds: int) -> Rounds:
    clock = StillClock()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(
            Host(Group("Server"), folder / "server.db", clock=clock, body_seconds=300.0)
        )
        for each in origins:
            server.peers.put(each.group.origin)
        for each in origins:
            lines = [*each.keys, each.head, *each.items]
            await server.ingest.lines(lines, via=None, end_of_round=True)
        await server.publish()
        for file in folder.glob("server.db*"):
            shutil.copy(file, folder / file.name.replace("server", "asker"))
        asker = await stack.enter_async_context(
            Host(Group("Asker"), folder / "asker.db", clock=clock, deadlines=PATIENT)
        )
        for each in origins:
            asker.peers.put(each.group.origin)
        asker.knows(server)
        server.knows(asker)
        lost = await _round(asker, server)
        changed, unchanged = [], []
        for turn in range(rounds + 1):
            await _change(server, origins, turn)
            spent = await _round(asker, server)
            quiet = await _round(asker, server)
            if turn:  # the first only warms up
                changed.append(spent)
                unchanged.append(quiet)
        await same(asker, server, origins)
    return Rounds(
        changed=statistics.median(changed) * 1e3,
        unchanged=statistics.median(unchanged) * 1e3,
        lost=lost * 1e3,
    )


async def _round(asker: Host, server: Host) -> float:
    gc.collect()
    begin = time.process_time()
    report = await asker.sync.peer(server.group.origin)
    spent = time.process_time() - begin
    if not report.ok or report.refused or report.incomplete:
        raise SystemExit(f"a round went wrong: {report}")
    return spent


async def _change(server: Host, origins: list[Origin], turn: int) -> None:
    """A hundred renewals, in four groups."""
    for at in range(CHANGED_ORIGINS):
        group = origins[at].group
        names = range(at * SET, at * SET + CHANGES // CHANGED_ORIGINS)
        for name in names:
            group.summary(f"{name}", cell=("85194ad7fffffff", "85194ad3fffffff")[turn % 2])
        lines = [group.head(), *(group.held[ident(f"{group.name} {name}")] for name in names)]
        report = await server.ingest.lines(lines, via=None, end_of_round=True)
        if report.accepted != len(lines):
            raise SystemExit(f"the server did not take its changes: {report}")


async def same(asker: Host, server: Host, origins: list[Origin]) -> None:
    """Ends the run unless both hold the same lines of these origins."""
    for start in range(0, len(origins), 100):
        some = [each.group.origin for each in origins[start : start + 100]]
        held = [set(await host.store.lines_of(some, ["public"])) for host in (asker, server)]
        if held[0] != held[1]:
            raise SystemExit("the two do not hold the same")


def measure(n: int, rounds: int) -> Rounds:
    """With ``n`` lines held, in sets of 500."""
    origins = corpus(n)
    tune_collector()
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_measure(Path(name), origins, rounds))


def main(small: int, large: int, rounds: int, as_json: bool) -> None:
    """Prints both, and the ratio."""
    few, many = measure(small, rounds), measure(large, rounds)
    result: dict[str, Any] = {
        "held": [small, large],
        "changed_ms": [round(few.changed, 1), round(many.changed, 1)],
        "unchanged_ms": [round(few.unchanged, 1), round(many.unchanged, 1)],
        "lost_cursor_ms": [round(few.lost, 1), round(many.lost, 1)],
        "ratio": round(many.changed / few.changed, 2),
    }
    if as_json:
        print(json.dumps(result))
        return
    print(f"one round, both sides, CPU milliseconds; {small} and {large} lines held, median of {rounds}")
    for words, name in (
        (f"{CHANGES} changes in {CHANGED_ORIGINS} groups", "changed_ms"),
        ("nothing changed", "unchanged_ms"),
        ("a lost cursor, none differs", "lost_cursor_ms"),
    ):
        print(f"  {words:30}{result[name][0]:10}{result[name][1]:10}")
    print(f"  the first: x {result['ratio']}")
    print("  (limit: 1.5 for 1,000,000 against 10,000)")
