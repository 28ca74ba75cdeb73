"""The command line of ``script/fuzz``: mutants at the one way in, and what became of them."""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from federation.ingest import Ingest
from federation.store import NeighbourhoodStore
from node.__main__ import tune_collector
from tests.fuzz.mutants import Mutants
from tests.unit.federation.groups import Group, PeerList, StillClock

PAGE = 500
FLAT_KIB = 16 * 1024
"""By so much the process may grow after the first tenth."""


@dataclass(kw_only=True)
class Result:
    """Counts of messages, and kibibytes."""

    seed: int
    messages: int = 0
    accepted: int = 0
    """Shown or kept hidden: must be 0."""
    crashes: int = 0
    """Exceptions out of the ingest: must be 0."""
    refused: int = 0
    ignored: int = 0
    """Older than what is held, expired, or waiting for a head that nobody signed: nothing is kept."""
    codes: dict[str, int] = field(default_factory=dict)
    mutated: dict[str, int] = field(default_factory=dict)
    """Messages by the sort of line that they were made from: "vouch peers"."""
    made: dict[str, dict[str, int]] = field(default_factory=dict)
    """The same by kind of change, and then by sort."""
    memory_early: int = 0
    """Resident, after the first tenth."""
    memory_late: int = 0
    file_kib: int = 0
    """Of the database and its log."""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    """What else must not be; empty."""

    @property
    def good(self) -> bool:
        """Nothing accepted, nothing crashed, memory flat, and honest traffic went on."""
        flat = self.memory_late - self.memory_early <= FLAT_KIB
        return not (self.accepted or self.crashes or self.problems) and flat


def main(argv: Sequence[str]) -> int:
    """Runs and prints; 1 if anything was accepted or broken."""
    parser = argparse.ArgumentParser(
        prog="script/fuzz", description="Mutated messages at the ingest function."
    )
    parser.add_argument("--n", type=int, default=10_000, help="messages (default 10000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    tune_collector()
    result = run(given.n, given.seed)
    told = {**asdict(result), "good": result.good}
    print(json.dumps(told) if given.json else json.dumps(told, indent=1))
    return 0 if result.good else 1


def run(n: int, seed: int) -> Result:
    """``n`` mutants in pages of 500, into a store that holds all that they were made from."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder inside it
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        return asyncio.run(_run(n, seed, Path(folder) / "fuzzed.db"))


async def _run(n: int, seed: int, path: Path) -> Result:
    result, began = Result(seed=seed), time.perf_counter()
    victim, attacker, clock, peers = Group("Victim"), Group("Attacker"), StillClock(), PeerList()
    gone = Group("Gone")
    for group in (victim, attacker, gone):
        peers.put(group.origin)
    store = await NeighbourhoodStore.open(path, clock=clock)
    try:
        ingest = Ingest(store, peers, clock)
        # Of the one that left, all that is still held: a farewell of the others would end them.
        genuine = _published(victim) + _published(attacker) + [gone.keys(), gone.farewell()]
        before = await ingest.lines(genuine, via=None, end_of_round=True)
        assert not before.refused, before
        groups = (victim, attacker, gone)
        held = await _held(store, *groups)
        assert sorted(genuine) == held, "it holds all that the mutants are made from"
        source, codes = Mutants(*groups, genuine, seed), Counter[str]()
        mutants = iter(source)
        while result.messages < n:
            page = list(islice(mutants, min(PAGE, n - result.messages)))
            result.messages += len(page)
            try:
                report = await ingest.lines(page, via=attacker.origin, end_of_round=result.messages % 7 == 0)
            except Exception as error:
                result.crashes += 1
                result.problems.append(f"{type(error).__name__}: {error}"[:300])
                continue
            result.accepted += report.accepted + report.hidden + report.same
            result.refused += len(report.refused)
            result.ignored += report.older + report.expired + report.waiting
            codes.update(refusal.code for refusal in report.refused)
            result.problems += [f"forked by a mutant: {origin}" for origin in report.forked]
            if not result.memory_early and result.messages >= n // 10:
                result.memory_early = _resident()
        result.memory_late = _resident()
        result.codes = dict(codes.most_common())
        for (kind, sort), times in sorted(source.made.items()):
            result.made.setdefault(kind, {})[sort] = times
            result.mutated[sort] = result.mutated.get(sort, 0) + times
        result.file_kib = sum(each.stat().st_size for each in path.parent.iterdir()) // 1024
        result.problems += await _aftermath(store, ingest, held, *groups)
    finally:
        await store.close()
    result.seconds = round(time.perf_counter() - began, 1)
    return result


async def _aftermath(
    store: NeighbourhoodStore, ingest: Ingest, held: list[bytes], victim: Group, attacker: Group, gone: Group
) -> list[str]:
    """Whether what was held is held, and honest groups are heard as before."""
    wrong = (
        [] if await _held(store, victim, attacker, gone) == held else ["the store holds something else now"]
    )
    if [each.origin for each in await store.farewells()] != [gone.origin]:
        wrong.append("somebody left who did not, or came back")
    if await store.count_faults():
        wrong.append("counts differ from lines")
    if await store.proofs():
        wrong.append("a proof against somebody honest")
    fresh = [
        *(victim.summary("afterwards"), victim.withdrawal("3"), victim.vouch(Group("Afterwards").origin)),
        *(victim.head(), victim.head("peers")),
    ]
    report = await ingest.lines(reversed(fresh), via=victim.origin, end_of_round=True)
    states = {view.origin: view.state for view in await store.origins()}
    if report.accepted != 5 or states[victim.origin] != "complete":
        wrong.append(f"honest traffic did not go on: {report} {states}")
    return wrong


def _published(group: Group) -> list[bytes]:
    for number in range(25):
        group.summary(
            f"{number}", urgency="today", people="2-4", languages=("en", "es"), tags=("heavy", "stairs")
        )
    for number in range(20, 25):
        group.withdrawal(f"{number}")
    for number in range(5):
        group.summary(f"{number} for peers", set="peers")
        group.vouch(Group(f"Known {number}").origin, role=("member", "hub")[number % 2])
        group.advice(Group(f"Blocked {number}").origin)
    group.withdrawal("4 for peers", set="peers")
    group.unvouch(Group("Known 4").origin)
    return group.everything("public", "peers")


async def _held(store: NeighbourhoodStore, *groups: Group) -> list[bytes]:
    return sorted(await store.lines_of([group.origin for group in groups], ["public", "peers"]))


def _resident() -> int:
    """Of this process, in KiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4
