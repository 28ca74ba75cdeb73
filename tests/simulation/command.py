"""The command line of ``script/simulate``."""

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path

from node.__main__ import tune_collector
from tests.simulation.world import Plan, Result, run


def main(argv: Sequence[str]) -> int:
    """Runs the seeds and prints what became of each; 1 if any did not end as it must."""
    given = _parser().parse_args(argv)
    plan = Plan(nodes=given.nodes, rounds=given.rounds, bad=given.bad, peers=given.peers)
    seeds = range(given.first, given.first + given.seeds)
    began = time.perf_counter()
    done = {result.seed: result for result in kept(given.log, plan) if result.seed in seeds}
    results = list(done.values())
    for result in _run(plan, [seed for seed in seeds if seed not in done], given.jobs):
        results.append(result)
        if given.log is not None:
            with given.log.open("a") as log:
                log.write(json.dumps(written(result)) + "\n")
        if not given.json:
            print(told(result), flush=True)
    results.sort(key=lambda result: result.seed)
    total = summary(results, time.perf_counter() - began)
    if given.json:
        print(json.dumps({"runs": [written(result) for result in results], "total": total}, indent=1))
    else:
        print(json.dumps(total, indent=1))
    return 0 if all(result.good for result in results) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script/simulate", description="Neighbourhoods in a bad world.")
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--seeds", type=int, default=10, help="how many runs")
    parser.add_argument("--from", "--first", dest="first", type=int, default=1, help="the first seed")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of trouble before the world heals")
    parser.add_argument("--bad", type=float, default=0.2, help="share of bad peers")
    parser.add_argument("--peers", type=int, default=6, help="peers of each node")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument(
        "--log",
        type=Path,
        help="a file with a line for each run; what stands in it for this plan is not run again",
    )
    parser.add_argument("--json", action="store_true")
    return parser


def _run(plan: Plan, seeds: Sequence[int], jobs: int) -> Iterator[Result]:
    """The results as they come; each run is a process's whole work for that time."""
    tune_collector()
    if jobs <= 1:
        yield from (run(plan, seed) for seed in seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for future in as_completed([pool.submit(run, plan, seed) for seed in seeds]):
            yield future.result()


def written(result: Result) -> dict[str, object]:
    """A run as one line of the log, and in ``--json``."""
    return {
        "seed": result.seed,
        "good": result.good,
        "healed_after": result.healed_after,
        "violations": dict(result.violations),
        "trace": result.trace,
        "seconds": round(result.seconds, 1),
        "examples": result.examples,
        "seen": dict(sorted(result.seen.items())),
        "plan": asdict(result.plan),
    }


def kept(log: Path | None, plan: Plan) -> Iterable[Result]:
    """The runs of this plan that the log tells of. The line that a stop broke off is run again."""
    if log is None or not log.exists():
        return
    for line in log.read_text().splitlines():
        try:
            told = json.loads(line)
        except json.JSONDecodeError:
            continue
        if told["plan"] == asdict(plan):
            yield Result(
                seed=told["seed"],
                plan=plan,
                healed_after=told["healed_after"],
                violations=Counter(told["violations"]),
                examples=told["examples"],
                seen=Counter(told["seen"]),
                trace=told["trace"],
                seconds=told["seconds"],
            )


def told(result: Result) -> str:
    """One line for a run, and one for each thing that must not be."""
    after = (
        "no agreement"
        if result.healed_after is None
        else f"agreed {result.healed_after} rounds after healing"
    )
    wrong = result.violations.total()
    first = f"seed {result.seed}: {after}, {wrong} violations, trace {result.trace}, {result.seconds:.0f} s"
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
        "bad_seeds": [result.seed for result in results if not result.good],
        "seen": dict(sorted(seen.items())),
        "seconds": round(seconds, 1),
        "cpu_seconds_of_a_run": round(statistics.median(result.seconds for result in results), 1),
    }
