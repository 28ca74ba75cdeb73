"""Verified ingest beside two references: CPU seconds per line, in turns, medians of the ratios.

The bare pipeline (``tests.bench.reference``) does the least that anybody must; the plain one (``tests.bench.plain``)
what we promise, in straight-line code. CPU time of the whole process is counted, worker threads and SQLite included.
All read the same signed lines into new files; what they hold afterwards is compared before any time is printed.
"""

import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from federation.ingest import Ingest
from federation.policy import Quota
from federation.store import NeighbourhoodStore
from node.__main__ import tune_collector
from protocol import bundle, cells
from tests.bench.plain import Count, Plain
from tests.bench.reference import Reference
from tests.unit.federation.groups import Group, PeerList, StillClock

CATEGORIES = ("groceries", "hot_meals", "prescriptions", "pets", "diy")


SET = 500
"""Lines of one origin: as many live ones as anybody holds of a group."""


@dataclass(frozen=True)
class Origin:
    """What one group has out."""

    group: Group
    keys: list[bytes]
    """Keys and profile."""
    head: bytes
    items: list[bytes]


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one run over all lines."""

    fresh: float
    again: float


def corpus(n: int, size: int = SET) -> list[Origin]:
    """``n`` summaries in some 400 cells, of as many groups as have ``size`` each."""
    around = cells.cells_within(51.45, -2.6, 60.0, 6)[:400]
    made = []
    for first in range(0, n, size):
        group = Group(f"Bench {first}")
        group.floor = group.epoch  # so that lines may come before their head
        for number in range(first, min(n, first + size)):
            group.summary(
                f"{number}",
                cell=around[number * 7919 % len(around)],
                urgency=("today", "this_week", "whenever")[number % 3],
                effort="1h",
                people="2-4",
                languages=("en", "es") if number % 4 == 0 else (),
            )
        keys, profile, head, *items = group.everything()
        made.append(Origin(group, [keys, profile], head, items))
    return made


def _lines(origins: list[Origin]) -> set[bytes]:
    return {line for each in origins for line in each.items}


def _map(origins: list[Origin]) -> set[Count]:
    """What the map must show of them."""
    bodies = (json.loads(line)["b"] for line in _lines(origins))
    tallies = Counter((body["cell"], body["category"], body["status"]) for body in bodies)
    return {(*tally, n) for tally, n in tallies.items()}


def ours(folder: Path, origins: list[Origin], *, whole: bool) -> Timing:
    """Our whole pipeline, the digests at the end included. ``whole``: each set comes with its head, so that one
    signature is enough; otherwise the head comes last."""

    async def run() -> Timing:
        clock, peers = StillClock(), PeerList()
        for each in origins:
            peers.put(each.group.origin)
        total = sum(len(each.items) for each in origins)
        store = await NeighbourhoodStore.open(folder / "ours.db", clock=clock)
        try:
            ingest = Ingest(store, peers, clock, quota=Quota(live=SET, withdrawals=10, hidden=10))
            # As it comes from the network: one body a page, cut into lines here.
            pages = []
            for each in origins:
                if whole:
                    pages.append(bundle.write([*each.keys, each.head, *each.items]))
                else:
                    pages += [bundle.write([*each.keys, *each.items]), bundle.write([each.head])]

            async def take() -> tuple[float, int, int]:
                begin = time.process_time()
                accepted = same = 0
                for number, page in enumerate(pages, 1):
                    report = await ingest.lines(
                        bundle.iter_lines(page), via="did:carrier", end_of_round=number == len(pages)
                    )
                    accepted += report.accepted
                    same += report.same
                return time.process_time() - begin, accepted, same

            fresh, accepted, _ = await take()
            again, _, same = await take()
            held = set(await store.lines_of([each.group.origin for each in origins], ["public"]))
            states = {view.state for view in await store.origins()}
            everything = {line for each in origins for line in (*each.keys, each.head, *each.items)}
            good = accepted == same == len(everything) == total + 3 * len(origins)
            shown = {
                (one.cell, one.category, one.status, one.count)
                for one in await store.cell_counts(sets=["public"])
            }
            if not good or held != everything or states != {"complete"} or shown != _map(origins):
                raise SystemExit(f"our results are wrong: {accepted} accepted, {same} same, {states}")
            unchecked = await store.unchecked({(each.group.origin, "public") for each in origins})
            if len(unchecked) != (total if whole else 0):
                raise SystemExit(
                    f"{len(unchecked)} of {total} lines were taken without a look at their signature"
                )
            return Timing(fresh=fresh, again=again)
        finally:
            await store.close()

    return asyncio.run(run())


def reference(folder: Path, origins: list[Origin]) -> float:
    """The bare pipeline."""
    made = Reference(folder / "reference.db")
    try:
        begin = time.process_time()
        taken = sum(made.take(each.items, each.group.op.public) for each in origins)
        spent = time.process_time() - begin
        if taken != sum(len(each.items) for each in origins) or made.held() != _lines(origins):
            raise SystemExit("the bare pipeline's results are wrong")
        return spent
    finally:
        made.close()


def plain(folder: Path, origins: list[Origin]) -> float:
    """The plain pipeline."""
    made = Plain(folder / "plain.db")
    try:
        begin = time.process_time()
        found = [made.take(each.items, each.head, each.group.op.public) for each in origins]
        spent = time.process_time() - begin
        if found != [(len(each.items), True) for each in origins] or made.held() != _lines(origins):
            raise SystemExit("the plain pipeline's results are wrong")
        if made.counts() != _map(origins):
            raise SystemExit("the plain pipeline's counts are wrong")
        return spent
    finally:
        made.close()


@dataclass(frozen=True)
class Pair:
    """All pipelines over the same lines, once."""

    each: Timing
    whole: Timing
    bare: float
    plain: float


def pairs_of(origins: list[Origin], pairs: int) -> list[Pair]:
    """Turns about, on new files; the first, which only warms up, is left out."""
    found = []
    for turn in range(pairs + 1):
        timings: dict[str, Timing] = {}
        spent: dict[str, float] = {}

        def signed(folder: Path, timings: dict[str, Timing] = timings) -> None:
            timings["each"] = ours(folder, origins, whole=False)

        def whole(folder: Path, timings: dict[str, Timing] = timings) -> None:
            timings["whole"] = ours(folder, origins, whole=True)

        def bare(folder: Path, spent: dict[str, float] = spent) -> None:
            spent["bare"] = reference(folder, origins)

        def same(folder: Path, spent: dict[str, float] = spent) -> None:
            spent["plain"] = plain(folder, origins)

        order: list[Callable[[Path], None]] = [signed, bare, same, whole]
        for step in order if turn % 2 else reversed(order):
            with tempfile.TemporaryDirectory() as name:
                gc.collect()
                step(Path(name))
        if turn:
            found.append(Pair(each=timings["each"], whole=timings["whole"], **spent))
    return found


def figures(n: int, found: list[Pair]) -> dict[str, float]:
    """Medians: microseconds a line, and ratios within each pair."""

    def micro(spent: Callable[[Pair], float]) -> float:
        return round(statistics.median(map(spent, found)) * 1e6 / n, 1)

    def ratio(one: Callable[[Pair], float], other: Callable[[Pair], float]) -> float:
        return round(statistics.median(one(pair) / other(pair) for pair in found), 2)

    return {
        "lines": n,
        "pairs": len(found),
        "reference_us": micro(lambda pair: pair.bare),
        "plain_us": micro(lambda pair: pair.plain),
        "ingest_us": micro(lambda pair: pair.each.fresh),
        "whole_us": micro(lambda pair: pair.whole.fresh),
        "again_us": micro(lambda pair: pair.each.again),
        "ratio": ratio(lambda pair: pair.each.fresh, lambda pair: pair.bare),
        "plain_ratio": ratio(lambda pair: pair.each.fresh, lambda pair: pair.plain),
        "whole_ratio": ratio(lambda pair: pair.whole.fresh, lambda pair: pair.each.fresh),
        "again_ratio": ratio(lambda pair: pair.each.again, lambda pair: pair.each.fresh),
    }


def main(n: int, pairs: int, as_json: bool, profile: bool, slopes: bool) -> None:
    """Runs and prints."""
    if slopes:
        _slopes(as_json)
        return
    origins = corpus(n)
    tune_collector()  # as in a node; the reference runs in this process too
    if profile:
        _profile(lambda folder: ours(folder, origins, whole=False))
        return
    result = figures(n, pairs_of(origins, pairs))
    if as_json:
        print(json.dumps(result))
        return
    print(f"{n} signed lines of {len(origins)} groups, {pairs} pairs; CPU microseconds per line, medians")
    for words, name, against in (
        ("bare pipeline (parse, canonical, schema, verify, insert)", "reference_us", ""),
        ("plain pipeline (our duties, straight-line)", "plain_us", ""),
        ("verified ingest, each line signed, against the bare one", "ingest_us", "ratio"),
        ("  against the plain one", "ingest_us", "plain_ratio"),
        ("verified ingest, whole sets under their heads", "whole_us", "whole_ratio"),
        ("the same lines again", "again_us", "again_ratio"),
    ):
        print(f"  {words:58}{result[name]:8}" + (f"   x {result[against]}" if against else ""))
    print(
        "  (limits: 1.5 times the reference, see docs/performance.md; whole 0.5 and again 0.3 times each line signed)"
    )


def _slopes(as_json: bool) -> None:
    """What a line costs when ten times as much is held."""
    found = {}
    for n in (10_000, 100_000, 1_000_000):
        origins = corpus(n)
        tune_collector()
        with tempfile.TemporaryDirectory() as name:
            each = ours(Path(name), origins, whole=False)
        with tempfile.TemporaryDirectory() as name:
            whole = ours(Path(name), origins, whole=True)
        found[n] = {
            "ingest_us": round(each.fresh * 1e6 / n, 1),
            "whole_us": round(whole.fresh * 1e6 / n, 1),
            "again_us": round(each.again * 1e6 / n, 1),
        }
        print(json.dumps({"lines": n} | found[n]) if as_json else f"{n:9} lines  {found[n]}", flush=True)


def _profile(run: Callable[[Path], object]) -> None:
    import cProfile
    import pstats
    import threading

    with tempfile.TemporaryDirectory() as name:
        # The judging runs in a worker thread, which a profiler sees only from inside.
        profiler = cProfile.Profile()
        from federation.verdicts import PageJudge

        plain = PageJudge.run

        def seen(self: PageJudge, pieces: object) -> object:
            profiler.enable()
            try:
                return plain(self, pieces)  # type: ignore[arg-type]
            finally:
                profiler.disable()

        PageJudge.run = seen  # type: ignore[method-assign,assignment]
        run(Path(name))
        assert threading.active_count()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
