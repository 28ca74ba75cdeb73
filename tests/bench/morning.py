"""A morning's plan of requests that name the same few parts of one day, beside the optimum of the same whole numbers
as scipy's linear program finds it. Its corners are whole plans, because times lie within helpers, and helpers' rooms
beside requests' places (a flow); so both totals are the same, or no time is printed.
"""

import json
import random
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Container, Hashable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, cast

from node.domain.ids import PersonId
from node.domain.matching.assigning import Row
from node.domain.matching.plan import BEST_OF, MOST_NEEDS, Asks, Takes, best, market

_SCIPY_SIDE = """
import json, sys, time
import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix
told = json.load(open(sys.argv[1]))
table = coo_matrix((told["values"], (told["lines"], told["pairs"])), shape=(len(told["most"]), len(told["costs"])))
before = time.process_time()
done = linprog(told["costs"], A_ub=table.tocsr(), b_ub=told["most"], bounds=(0, 1), method="highs")
seconds = time.process_time() - before
chosen = numpy.rint(done.x)
assert abs(chosen - done.x).max() < 1e-6, "no corner"
print(json.dumps({"total": sum(cost for cost, one in zip(told["costs"], chosen) if one), "seconds": seconds}))
"""


def mornings(runs: int, folder: Path, python: Path | None) -> dict[str, dict[str, float | None]]:
    """Seconds for lists of several shapes, medians; ``AssertionError`` if a plan is not the best. ``python``: an
    interpreter that has scipy, or None."""
    return {name: _morning(runs, folder, python, *each) for name, each in _shapes().items()}


def _morning(
    runs: int, folder: Path, python: Path | None, asks: Sequence[Asks], helpers: Sequence[Takes]
) -> dict[str, float | None]:
    times = []
    for _ in range(runs):
        before = time.process_time()
        plan = best(asks, helpers)
        times.append(time.process_time() - before)
    rows, slots, everywhere = market(asks, helpers)
    number = {name: each for each, name in enumerate(sorted(each.person_id for each in helpers))}
    ours = _total(rows, slots, everywhere, [[number[name] for name in people] for people in plan])
    theirs = _theirs(folder, python, rows, slots, everywhere) if python else None
    assert theirs is None or ours == theirs["total"], (ours, theirs)
    return {
        "ours_s": round(statistics.median(times), 3),
        "filled": sum(map(len, plan)),
        "scipy_s": None if theirs is None else round(theirs["seconds"], 3),
    }


def _total(
    rows: Sequence[Row], slots: Sequence[Sequence[int]], everywhere: Container[int], plan: list[list[int]]
) -> int:
    """What it costs in comparison with nobody going anywhere; ``AssertionError`` if it cannot be."""
    many = Counter(chain.from_iterable(plan))
    here = Counter(
        (row.at, each) for row, people in zip(rows, plan, strict=True) for each in people if row.at
    )
    assert all(each in everywhere or times == 1 for (_, each), times in here.items()), "twice at one time"
    assert all(times <= len(slots[each]) for each, times in many.items()), "more than there is room for"
    total = sum(sum(slots[each][:times]) for each, times in many.items())
    for row, people in zip(rows, plan, strict=True):
        assert len(set(people)) == len(people) <= row.places
        costs = {column: cost for cost, column in row.options}
        total += sum(costs[each] - row.empty for each in people)
    return total


def _theirs(
    folder: Path,
    python: Path,
    rows: Sequence[Row],
    slots: Sequence[Sequence[int]],
    everywhere: Container[int],
) -> dict[str, Any]:
    costs: list[int] = []
    most: dict[Hashable, int] = {("helper", each): 0 for each in range(len(slots))}
    entries: list[tuple[Hashable, int, int]] = []
    for number, row in enumerate(rows):
        most["places", number] = row.places
        for cost, column in row.options:
            lines: list[Hashable] = [("places", number), ("helper", column)]
            if row.at and column not in everywhere:
                lines.append((row.at, column))
                most[row.at, column] = 1
            entries += [(line, len(costs), 1) for line in lines]
            costs.append(cost - row.empty)
    for each, room in enumerate(slots):
        entries += [(("helper", each), len(costs) + more, -1) for more in range(len(room))]
        costs += room
    at = {line: number for number, line in enumerate(most)}
    told, script = folder / "morning.json", folder / "morning_side.py"
    told.write_text(
        json.dumps(
            {
                "costs": costs,
                "most": list(most.values()),
                "lines": [at[line] for line, _, _ in entries],
                "pairs": [pair for _, pair, _ in entries],
                "values": [value for _, _, value in entries],
            }
        )
    )
    script.write_text(_SCIPY_SIDE)
    done = subprocess.run([python, script, told], capture_output=True, check=True, text=True)
    return cast(dict[str, Any], json.loads(done.stdout))


def _shapes() -> dict[str, tuple[list[Asks], list[Takes]]]:
    """The longest list there is, in several ways."""
    return {
        "100 helpers, two times": _list(1, 100, 2),
        "100 helpers, two times, ties": _list(2, 100, 2, tied=True),
        "100 helpers, eight times": _list(3, 100, 8),
        "200 helpers, two times": _list(4, BEST_OF, 2),
        "200 helpers, no times": _list(5, BEST_OF, 0),
    }


def _list(seed: int, helpers: int, times: int, *, tied: bool = False) -> tuple[list[Asks], list[Takes]]:
    chance = random.Random(seed)
    names = [PersonId(f"{number:022}") for number in range(helpers)]
    parts: list[tuple[date, str] | None] = [(date(2026, 11, 24), str(number)) for number in range(times)]
    asks = [
        Asks(
            places=1,
            fits=[(chance.choice([50.0, 60.0, 70.0]) if tied else chance.uniform(30, 95), n) for n in names],
            when=chance.choice(parts or [None]),
        )
        for _ in range(MOST_NEEDS)
    ]
    return asks, [Takes(person_id=name, room=2, this_week=chance.randrange(3)) for name in names]
