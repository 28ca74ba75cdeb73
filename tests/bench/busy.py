"""The board while statements of other groups come in as fast as the node can take them, beside the same board at rest.

A whole node with a vault and requests; somebody signed in looks at the list from another process, over real HTTP,
again and again. By turns the node rests, and takes in a part of the lines, each of which is verified. Milliseconds on
the clock, so the machine must be quiet. Before a time is printed: every line is held, and the list is the same before
and after. The other groups are let in without asking anybody; how that is decided is not measured here.
"""

import asyncio
import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from yarl import URL

from federation.ingest import Ingest
from federation.ports import Peer
from node.__main__ import tune_collector
from node.domain.actors import Role
from node.vault import Compartment
from tests.bench.ingest import Origin, corpus
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

Look = tuple[float, float, int]
"""Begun (CLOCK_MONOTONIC), how long it took, both in seconds; bytes."""
PAUSE = 0.02
"""Seconds between two looks."""
FEWEST = 10


def main(many: int, lines: int, turns: int, as_json: bool) -> None:
    """Prints both."""
    found = asyncio.run(measured(many, lines, turns))
    if as_json:
        print(json.dumps(found))
        return
    print(
        f"the list of {many} open requests, looked at every {PAUSE * 1000:.0f} ms at the earliest; milliseconds on the "
        f"clock, medians of {turns} turns"
    )
    for name, words in (("rest", "at rest"), ("busy", "while lines come in")):
        print(f"  {words:22}{found[f'{name}_looks']:6.0f} looks   p50 {found[f'{name}_p50']:7.1f}", end="")
        print(f"   p99 {found[f'{name}_p99']:7.1f}")
    print(f"  p99 while lines come in is {found['times']:.1f} times that at rest (limit 5, aim 2)", end="")
    print(f"; {found['lines_a_second']:.0f} lines a second came in meanwhile")


async def measured(many: int, lines: int, turns: int) -> dict[str, float]:
    """The figures: milliseconds, and the median over the turns of the ratio of their p99."""
    with tempfile.TemporaryDirectory() as name:
        async with Neighbourhood(Path(name)) as cast:
            street = await Street.built(cast)
            try:
                return await _measured(street, many, corpus(lines), turns)
            finally:
                await street.close()


async def _measured(street: Street, many: int, origins: Sequence[Origin], turns: int) -> dict[str, float]:
    await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
    visitor = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(visitor)
    for _ in range(many):
        await street.seed("open")
    network = street.north.node.network
    _let_in(network.ingest, origins)
    tune_collector()
    before = await _list(street, visitor)
    looker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.looks",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert looker.stdin
    assert looker.stdout
    looker.stdin.write(json.dumps(_told(street, visitor)).encode() + b"\n")
    if (await looker.stdout.readline()).strip() != b"looking":
        raise SystemExit("nobody could look")
    going = asyncio.create_task(_time_goes_on(street))
    rests, works = [], []
    try:
        for turn in range(turns):
            part = origins[turn::turns]
            begin = time.monotonic()
            await _take(network.ingest, part)
            between = time.monotonic()
            works.append((begin, between))
            await asyncio.sleep(between - begin)
            rests.append((between, time.monotonic()))
    finally:
        going.cancel()
        looker.stdin.close()  # then it ends
        said, _ = await looker.communicate()
    looks: list[Look] = [(each[0], each[1], each[2]) for each in json.loads(said)]
    held = set(await network.store.lines_of([each.group.origin for each in origins], ["public"]))
    if (
        not held >= {line for each in origins for line in each.items}
        or await _list(street, visitor) != before
    ):
        raise SystemExit("not all lines are held, or the list is another")
    return _figures(looks, rests, works, sum(len(each.items) for each in origins))


def _figures(
    looks: Sequence[Look],
    rests: Sequence[tuple[float, float]],
    works: Sequence[tuple[float, float]],
    lines: int,
) -> dict[str, float]:
    found: dict[str, float] = {}
    p99s = {}
    for name, spans in (("rest", rests), ("busy", works)):
        turns = [[look[1] * 1000 for look in looks if begin <= look[0] < end] for begin, end in spans]
        if min(map(len, turns)) < FEWEST:
            raise SystemExit(f"too few looks ({name}): take more lines")
        p99s[name] = [quantiles(each, n=100, method="inclusive")[98] for each in turns]
        found |= {
            f"{name}_looks": sum(map(len, turns)),
            f"{name}_p50": round(median(map(median, turns)), 1),
            f"{name}_p99": round(median(p99s[name]), 1),
        }
    ratios = [busy / rest for busy, rest in zip(p99s["busy"], p99s["rest"], strict=True)]
    seconds = sum(end - begin for begin, end in works)
    return found | {"times": round(median(ratios), 2), "lines_a_second": round(lines / seconds)}


async def _take(ingest: Ingest, origins: Sequence[Origin]) -> None:
    for each in origins:
        for page in ([*each.keys, *each.items], [each.head]):
            report = await ingest.lines(page, via="did:carrier", end_of_round=True)
            if report.refused or not report.accepted:
                raise SystemExit(f"lines were refused: {report.refused[:3]}")


async def _list(street: Street, visitor: Visitor) -> set[str]:
    """The reference numbers on it."""
    page = (await street.ask(visitor, "GET", "/board")).text
    return set(re.findall(r'class="figures">(\d{3} \d{3} \d{3})<', page))


def _told(street: Street, visitor: Visitor) -> dict[str, object]:
    url = URL(street.north.url)
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    return {"host": url.host, "port": url.port, "path": "/board", "cookie": cookie, "pause": PAUSE}


async def _time_goes_on(street: Street) -> None:
    """No two looks are of one second: what says when is worked out anew."""
    while True:
        await asyncio.sleep(PAUSE)
        street.cast.clock.advance(seconds=1)


def _let_in(ingest: Ingest, origins: Sequence[Origin]) -> None:
    keeper = ingest._doorkeeper
    asked = keeper._peers.list
    new = [
        Peer(origin=each.group.origin, url=None, name=each.group.name, state="active", allow_private=False)
        for each in origins
    ]

    class Everybody:
        async def list(self) -> Sequence[Peer]:
            return [*await asked(), *new]

    keeper._peers = Everybody()
