"""The command line of ``script/simulate``."""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial

from tests.simulation.world import Plan, Result, run


def main(argv: Sequence[str]) -> int:
    """Runs the seeds and prints what became of each; 1 if any did not end as it must."""
    parser = argparse.ArgumentParser(prog="script/simulate", description="Neighbourhoods in a bad world.")
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=10, help="how many runs")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of trouble before the world heals")
    parser.add_argument("--bad", type=float, default=0.2, help="share of bad peers")
    parser.add_argument("--peers", type=int, default=6, help="peers of each node")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(argv)
    plan = Plan(nodes=given.nodes, rounds=given.rounds, bad=given.bad, peers=given.peers)
    seeds = range(given.first, given.first + given.seeds)
    began = time.perf_counter()
    results = []
    with ProcessPoolExecutor(given.jobs) as pool:
        runs = pool.map(partial(run, plan), seeds) if given.jobs > 1 else map(partial(run, plan), seeds)
        for result in runs:
            results.append(result)
            if not given.json:
                print(told(result), flush=True)
    total = summary(results, time.perf_counter() - began)
    if given.json:
        print(json.dumps({"runs": [asdict(result) for result in results], "total": total}, indent=1))
    else:
        print(json.dumps(total, indent=1))
    return 0 if all(result.good for result in results) else 1


def told(result: Result) -> str:
    """One line for a run, and one for each thing that must not be."""
    after = (
        "no agreement"
        if result.healed_after is None
        else f"agreed {result.healed_after} rounds after healing"
    )
    wrong = sum(result.violations.values())
    first = f"seed {result.seed}: {after}, {wrong} violations, trace {result.trace}"
    return "\n".join([first, *(f"    {each}" for each in result.examples)])


def summary(results: Sequence[Result], seconds: float) -> dict[str, object]:
    """All runs together."""
    after = [result.healed_after for result in results if result.healed_after is not None]
    violations: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for result in results:
        violations += result.violations
        seen += result.seen
    return {
        "runs": len(results),
        "agreed": len(after),
        "rounds_to_agreement": {"median": statistics.median(after), "most": max(after)} if after else None,
        "violations": dict(sorted(violations.items())),
        "seen": dict(sorted(seen.items())),
        "seconds": round(seconds, 1),
    }
