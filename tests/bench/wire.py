"""Bytes between two nodes: every one of them, headers too, counted by a relay between real HTTP ends.

TLS and TCP are not in it: both ends talk plainly over loopback. What the asker holds afterwards is compared with
what the other side published before a figure is printed.
"""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from federation.pace import REST
from federation.policy import Quota
from federation.transport import Deadlines
from tests.bench.ingest import corpus
from tests.bench.sync import PATIENT, same
from tests.unit.federation.groups import Group, StillClock
from tests.unit.federation.hosts import Host

PER_SUMMARY = 0.4
QUIET_BYTES = 1024
MOST_ROUNDS = 100


@dataclass
class Relay:
    """Passes on what two sides say, and counts it."""

    port: int = 0
    asked: int = 0
    answered: int = 0
    requests: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side hangs up."""
        inner, outer = await asyncio.open_connection("127.0.0.1", self.port)
        self.open |= {writer, outer}
        await asyncio.gather(self._way(reader, outer, there=True), self._way(inner, writer, there=False))
        self.open -= {writer, outer}

    async def _way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, there: bool) -> None:
        while chunk := await reader.read(65_536):
            if there:
                self.asked += len(chunk)
                self.requests += chunk.count(b" HTTP/1.1\r\n")
            else:
                self.answered += len(chunk)
            writer.write(chunk)
            await writer.drain()
        writer.close()

    def taken(self) -> tuple[int, int, int]:
        """(requests, bytes there, bytes back) since the last time."""
        counted = (self.requests, self.asked, self.answered)
        self.requests = self.asked = self.answered = 0
        return counted


async def measured(folder: Path, n: int) -> dict[str, float]:
    """A first fetch of ``n`` summaries, then a round in which nothing changed, then one with a single change."""
    (only,) = corpus(n, size=n)
    group, front, items = only.group, [*only.keys, only.head], only.items
    clock = StillClock()
    async with AsyncExitStack() as stack:
        north = await stack.enter_async_context(Host(group, folder / "north.db", clock=clock))
        south = await stack.enter_async_context(
            Host(Group("South"), folder / "south.db", clock=clock, deadlines=Deadlines())
        )
        south.ingest._quota = Quota(live=n, withdrawals=n, hidden=n)
        relay = Relay(port=int(north.url.rpartition(":")[2]))
        server = await asyncio.start_server(relay.pass_on, "127.0.0.1", 0)
        north.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            north.knows(south)
            south.knows(north)
            await north.ingest.lines([*front, *items], via=None, end_of_round=True)
            await _round(south, clock)
            first = relay.taken()
            lines = [set(await host.store.lines_of([group.origin], ["public"])) for host in (north, south)]
            if lines[0] != lines[1] or len(lines[0]) != n + len(front):
                raise SystemExit("the asker does not hold what was published")
            await _round(south, clock)
            quiet = relay.taken()
            group.withdrawal("1")
            await north.ingest.lines([group.head(), *group.held.values()], via=None, end_of_round=True)
            await _round(south, clock)
            one = relay.taken()
            if await south.state(north) != "complete":
                raise SystemExit("the change did not arrive")
        finally:
            for writer in list(relay.open):
                writer.close()
            server.close()
    return {
        "summaries": n,
        "plain_bytes": sum(len(line) + 1 for line in items) / n,
        "body_bytes": sum(len(orjson.dumps(orjson.loads(line)["b"])) + 1 for line in items) / n,
        "wire_bytes": sum(first[1:]) / n,
        "wire_ratio": sum(first[1:]) / sum(len(line) + 1 for line in items),
        "requests": first[0],
        "quiet_requests": quiet[0],
        "quiet_asked": quiet[1],
        "quiet_answered": quiet[2],
        "one_change_bytes": sum(one[1:]),
    }


async def spread(folder: Path, n: int) -> dict[str, float]:
    """The same of ``n`` summaries in sets of 500, as a neighbourhood has them: one node holds them all, another that
    holds nothing fetches them from it, heads first; then a round in which nothing changed, then one with one change."""
    origins, clock = corpus(n), StillClock()
    async with AsyncExitStack() as stack:
        north = await stack.enter_async_context(
            Host(Group("Server"), folder / "north.db", clock=clock, body_seconds=PATIENT.total)
        )
        south = await stack.enter_async_context(
            Host(Group("Asker"), folder / "south.db", clock=clock, deadlines=PATIENT)
        )
        relay = Relay(port=int(north.url.rpartition(":")[2]))
        server = await asyncio.start_server(relay.pass_on, "127.0.0.1", 0)
        north.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            for each in origins:
                for host in (north, south):
                    host.peers.put(each.group.origin)
                await north.ingest.lines([*each.keys, each.head, *each.items], via=None, end_of_round=True)
            await north.publish()
            north.knows(south)
            south.knows(north)
            found, firsts = [], []
            for turn in range(3):
                if turn == 2:
                    group = origins[0].group
                    ended = group.withdrawal("1")
                    await north.ingest.lines([group.head(), ended], via=None, end_of_round=True)
                rounds = await _round(south, clock)
                found.append(relay.taken())
                firsts.append(rounds)
            await same(south, north, origins)
        finally:
            for writer in list(relay.open):
                writer.close()
            server.close()
    first, quiet, one = found
    plain = sum(len(line) + 1 for each in origins for line in each.items)
    return {
        "summaries": n,
        "groups": len(origins),
        "wire_bytes": sum(first[1:]) / n,
        "wire_ratio": sum(first[1:]) / plain,
        "requests": first[0],
        "rounds": firsts[0],
        "quiet_requests": quiet[0],
        "quiet_bytes": sum(quiet[1:]),
        "one_change_bytes": sum(one[1:]),
    }


async def _round(host: Host, clock: StillClock) -> int:
    """A round, gone on with after a minute for as long as the other side says that it was asked too much; how often."""
    for times in range(1, MOST_ROUNDS):
        bad = [report for report in await host.sync.all() if not report.ok]
        if not bad:
            return times
        if any(report.code != "busy" for report in bad):
            raise SystemExit(bad[0].error)
        clock.advance(seconds=REST)
    raise SystemExit("it does not come to an end")


def slopes(sizes: Sequence[int], as_json: bool) -> None:
    """Runs and prints ``spread`` for each size."""
    rows = []
    for n in sizes:
        with tempfile.TemporaryDirectory() as name:
            rows.append(asyncio.run(spread(Path(name), n)))
        if as_json:
            continue
        if len(rows) == 1:
            print(
                "signed summaries in sets of 500, all fetched from one node; bytes both ways with all headers"
            )
        row = rows[-1]
        print(
            f"  {row['summaries']:>9.0f} of {row['groups']:>4.0f} groups: {row['wire_bytes']:6.1f} each"
            f" (x {row['wire_ratio']:.3f} of plain, {row['requests']:.0f} requests in"
            f" {row['rounds']:.0f} rounds); nothing changed"
            f" {row['quiet_bytes']:.0f} in {row['quiet_requests']:.0f}; one ended {row['one_change_bytes']:.0f}",
            flush=True,
        )
    if as_json:
        print(json.dumps(rows))


def main(n: int, as_json: bool) -> None:
    """Runs and prints."""
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measured(Path(name), n))
    if as_json:
        print(json.dumps(found))
        return
    quiet = found["quiet_asked"] + found["quiet_answered"]
    print(f"{n} signed summaries of one origin; bytes both ways with all headers, without TLS")
    print(f"  a summary as plain JSON, signed          {found['plain_bytes']:8.1f}")
    print(f"  the same without its signature           {found['body_bytes']:8.1f}")
    print(
        f"  a summary on the wire                    {found['wire_bytes']:8.1f}   x {found['wire_ratio']:.3f} of plain"
        f" (limit {PER_SUMMARY}), {found['requests']:.0f} requests"
    )
    print(
        f"  a round in which nothing changed         {quiet:8.0f}   {found['quiet_requests']:.0f} request:"
        f" {found['quiet_asked']:.0f} there, {found['quiet_answered']:.0f} back (limit 1 request, {QUIET_BYTES})"
    )
    print(f"  a round in which one summary was ended   {found['one_change_bytes']:8.0f}")
