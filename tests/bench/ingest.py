"""Verified ingest beside the reference: CPU seconds per line, in pairs that take turns, medians of the ratios.

CPU time of the whole process is counted, worker threads and SQLite included. Both read the same signed lines into new
files; what they hold afterwards is compared before any time is printed.
"""

import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from federation.ingest import Ingest
from federation.policy import Quota
from federation.store import NeighbourhoodStore
from node.__main__ import tune_collector
from protocol import bundle, cells
from tests.bench.reference import PAGE, Reference
from tests.unit.federation.groups import Group, PeerList, StillClock

CATEGORIES = ("groceries", "hot_meals", "prescriptions", "pets", "diy")


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one run over all lines."""

    fresh: float
    again: float


def corpus(n: int) -> tuple[Group, list[bytes], list[bytes]]:
    """(group, front, items): one origin's keys, profile and head, and ``n`` summaries in some 400 cells."""
    group = Group("Bench")
    around = cells.cells_within(51.45, -2.6, 60.0, 6)[:400]
    for number in range(n):
        group.summary(
            f"{number}",
            cell=around[number * 7919 % len(around)],
            urgency=("today", "this_week", "whenever")[number % 3],
            effort="1h",
            people="2-4",
            languages=("en", "es") if number % 4 == 0 else (),
        )
    everything = group.everything()
    return group, everything[:3], everything[3:]


def ours(folder: Path, group: Group, front: list[bytes], items: list[bytes]) -> Timing:
    """Our whole pipeline: the digest at the end included."""

    async def run() -> Timing:
        clock, peers = StillClock(), PeerList()
        peers.put(group.origin)
        store = await NeighbourhoodStore.open(folder / "ours.db", clock=clock)
        try:
            ingest = Ingest(store, peers, clock, quota=Quota(live=len(items), withdrawals=10, hidden=10))
            # As it comes from the network: one body a page, cut into lines here.
            pages = [bundle.write(items[start : start + PAGE]) for start in range(0, len(items), PAGE)]

            async def take() -> tuple[float, int, int]:
                begin = time.process_time()
                await ingest.lines(front, via=group.origin, end_of_round=False)
                accepted = same = 0
                for number, page in enumerate(pages, 1):
                    report = await ingest.lines(
                        bundle.iter_lines(page), via=group.origin, end_of_round=number == len(pages)
                    )
                    accepted += report.accepted
                    same += report.same
                return time.process_time() - begin, accepted, same

            fresh, accepted, _ = await take()
            again, _, same = await take()
            held = set(await store.lines_of([group.origin], ["public"]))
            (view,) = await store.origins()
            if (
                accepted != len(items)
                or same != len(items)
                or held != {*front, *items}
                or view.state != "complete"
            ):
                raise SystemExit(f"our results are wrong: {accepted} accepted, {same} same, {view.state}")
            return Timing(fresh=fresh, again=again)
        finally:
            await store.close()

    return asyncio.run(run())


def reference(folder: Path, group: Group, items: list[bytes]) -> float:
    """The bare pipeline."""
    made = Reference(folder / "reference.db", group.op.public)
    try:
        begin = time.process_time()
        taken = made.take(items)
        spent = time.process_time() - begin
        if taken != len(items) or made.held() != set(items):
            raise SystemExit("the reference's results are wrong")
        return spent
    finally:
        made.close()


def main(n: int, pairs: int, as_json: bool, profile: bool) -> None:
    """Runs and prints."""
    group, front, items = corpus(n)
    tune_collector()  # as in a node; the reference runs in this process too
    if profile:
        _profile(lambda folder: ours(folder, group, front, items))
        return
    fresh: list[float] = []
    again: list[float] = []
    bare: list[float] = []
    for turn in range(pairs + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            order: list[Callable[[], object]] = []
            timings: list[Timing] = []
            bares: list[float] = []
            order.append(lambda folder=folder, t=timings: t.append(ours(folder, group, front, items)))
            order.append(lambda folder=folder, b=bares: b.append(reference(folder, group, items)))
            for step in order if turn % 2 else reversed(order):
                gc.collect()
                step()
        if turn:  # the first pair only warms up
            fresh.append(timings[0].fresh)
            again.append(timings[0].again)
            bare.append(bares[0])
    micro = 1e6 / n
    result = {
        "lines": n,
        "pairs": pairs,
        "reference_us": round(statistics.median(bare) * micro, 1),
        "ingest_us": round(statistics.median(fresh) * micro, 1),
        "again_us": round(statistics.median(again) * micro, 1),
        "ratio": round(statistics.median(a / b for a, b in zip(fresh, bare, strict=True)), 2),
        "again_ratio": round(statistics.median(a / b for a, b in zip(again, fresh, strict=True)), 2),
    }
    if as_json:
        print(json.dumps(result))
        return
    print(f"{n} signed lines, {pairs} pairs; CPU microseconds per line, medians")
    print(f"  reference (parse, canonical, schema, verify, insert)  {result['reference_us']:8}")
    print(
        f"  verified ingest                                       {result['ingest_us']:8}   x {result['ratio']}"
    )
    print(
        f"  the same lines again                                  {result['again_us']:8}   x {result['again_ratio']}"
    )
    print("  (limits: 1.5 times the reference; again 0.3 times fresh)")


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
