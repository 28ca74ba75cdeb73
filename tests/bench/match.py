"""Who could go, and the plan of a morning, each beside a reference in the same run; results are compared first.

* Ranking 10,000 volunteers for one need: the index in memory against a search in SQLite (kind of help and a box on the
  map, indexed) whose finds are gated and scored by the same rules.
* Sharing out n needs over n helpers: our plan in plain Python against scipy's ``linear_sum_assignment`` on the same
  whole numbers: as many served, and at most half a percent more.
* The plan of the longest morning's list, with times that clash, against its linear program (``morning``).
  scipy is installed into an environment of its own for the run; it is no dependency of anything.
"""

import heapq
import json
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from node.domain.catalogue import CheckLevel
from node.domain.hours import ALL_HOURS, slots_wanted
from node.domain.ids import PersonId
from node.domain.matching.assigning import TOLERANCE, Row, assign
from node.domain.matching.matching import Helper, Wanted, gate, helper_of
from node.domain.matching.plan import MOST_NEEDS
from node.domain.matching.scoring import score
from node.domain.need import Point
from node.domain.volunteer import Cleared, Volunteer
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from tests.bench.morning import mornings

SCIPY = "scipy>=1.13"
NOW = 1_793_000_000
KINDS = ("groceries", "dog_walking", "phone_call", "lift", "repairs", "childcare")
BEST = 5
_NO_WAY = 1 << 40
_SCIPY_SIDE = """
import json, sys, time
import numpy
from scipy.optimize import linear_sum_assignment
n, runs = int(sys.argv[2]), int(sys.argv[3])
costs = numpy.fromfile(sys.argv[1], dtype=numpy.int64).reshape(n, n)
linear_sum_assignment(costs[: n // 4, : n // 4])
times = []
for _ in range(runs):
    before = time.process_time()
    rows, columns = linear_sum_assignment(costs)
    times.append(time.process_time() - before)
print(json.dumps({"total": int(costs[rows, columns].sum()), "seconds": sorted(times)[len(times) // 2]}))
"""


def main(volunteers: int, n: int, rounds: int, as_json: bool) -> int:
    """Prints both; 1 where the results differ."""
    ranked = ranking(volunteers, rounds)
    with tempfile.TemporaryDirectory() as name:
        python = _installed(Path(name))
        shared = sharing(n, 3, Path(name), python)
        planned = mornings(3, Path(name), python)
    if as_json:
        print(json.dumps({"rank": ranked, "assign": shared, "plan": planned}))
        return 0
    print(f"rank {volunteers} volunteers for one need, {rounds} needs; CPU milliseconds, medians")
    print(f"  search in SQLite, then the same rules     {ranked['reference_ms']:8}")
    print(
        f"  our index in memory                       {ranked['ours_ms']:8}   {ranked['ratio']} x (limit 2, aim 1.2)"
    )
    print(f"assign {n} x {n}, whole numbers; CPU seconds, medians")
    for name, each in shared.items():
        print(f"  {name:<12} ours, plain Python            {each['ours_s']:8}   (limit 1, aim 0.5)")
        if each["scipy_s"] is None:
            print(f"  {'':<12} {SCIPY} could not be installed here: its total was not compared")
        else:
            print(
                f"  {'':<12} scipy                         {each['scipy_s']:8}   {each['over_percent']} % more"
            )
    print(f"plan a morning of {MOST_NEEDS} requests; CPU seconds, medians")
    for name, each in planned.items():
        beside = (
            "not compared" if each["scipy_s"] is None else f"{each['scipy_s']} by scipy's program, the same"
        )
        print(f"  {name:<30} {each['ours_s']:8}   {each['filled']} places filled   ({beside})")
    return 0


def ranking(volunteers: int, rounds: int) -> dict[str, float]:
    """Milliseconds a need on both sides; ``AssertionError`` if they find different people."""
    chance = random.Random(4)
    people = [_helper(chance, number) for number in range(volunteers)]
    roster = Roster(cast(Any, None))
    for each in people:
        roster._put(each)
    matching = Matching(cast(Any, SimpleNamespace(now=NOW)), roster)
    search = _searched(people)
    ours: list[float] = []
    theirs: list[float] = []
    for turn in range(rounds + 3):
        wanted = _wanted(chance)
        sides: list[tuple[list[float], Callable[[], list[PersonId]]]] = [
            (ours, lambda: [helper.person_id for _, helper in matching.fitting(wanted, BEST)]),  # noqa: B023
            (theirs, lambda: search(wanted)),  # noqa: B023
        ]
        found = []
        for times, side in sides if turn % 2 else sides[::-1]:
            before = time.process_time()
            people_found = side()
            times.append(time.process_time() - before)
            found.append(people_found)
        assert found[0] == found[1], "the two sides found different people"
    # The first few only warm up.
    mine, reference = (statistics.median(each[3:]) * 1000 for each in (ours, theirs))
    return {
        "ours_ms": round(mine, 2),
        "reference_ms": round(reference, 2),
        "ratio": round(mine / reference, 2),
    }


def sharing(n: int, runs: int, folder: Path, python: Path | None) -> dict[str, dict[str, float | None]]:
    """Seconds for costs of several shapes; ``AssertionError`` if as many are not served, or it costs too much."""
    found: dict[str, dict[str, float | None]] = {}
    for kind, costs in _shapes(n).items():
        times = []
        rows = [
            Row(places=1, empty=_NO_WAY, options=[(c, each) for each, c in enumerate(line) if c < _NO_WAY])
            for line in costs
        ]
        for _ in range(runs):
            before = time.process_time()
            given = assign(rows, [(0,)] * n)
            times.append(time.process_time() - before)
        assert all(len(each) <= 1 for each in given), kind
        total = sum(line[each[0]] if each else _NO_WAY for line, each in zip(costs, given, strict=True))
        theirs = _theirs(folder, python, costs, runs) if python else None
        over = 0 if theirs is None else total - theirs["total"]
        least = 1 if theirs is None else theirs["total"] % _NO_WAY or 1
        assert 0 <= over <= least / TOLERANCE, (kind, theirs, total)
        found[kind] = {
            "ours_s": round(statistics.median(times), 3),
            "over_percent": round(100 * over / least, 3),
            "scipy_s": None if theirs is None else round(theirs["seconds"], 3),
        }
    return found


def _helper(chance: random.Random, number: int) -> Helper:
    """Somebody within about 25 km of one town."""
    place = Point(lat=51.4 + chance.gauss(0, 0.1), lon=-2.6 + chance.gauss(0, 0.15), accuracy_m=100)
    volunteer = Volunteer(
        person_id=PersonId(f"{number:022}"),
        abilities=tuple(chance.sample(KINDS, 3)),
        radius_km=chance.choice([3.0, 5.0, 5.0, 10.0]),
        languages=("en",) if chance.random() < 0.8 else ("en", "es"),
        max_per_week=chance.choice([None, 2, 4]),
        hours=tuple(chance.sample(ALL_HOURS, 10)),
        cleared=(Cleared(check=CheckLevel.ID),) if chance.random() < 0.3 else (),
    )
    taken = tuple(NOW - chance.randrange(28 * 86400) for _ in range(chance.randrange(4)))
    return helper_of(volunteer, name="", barred=False, point=place, taken=taken)


def _wanted(chance: random.Random) -> Wanted:
    day = date(2026, 11, 2 + chance.randrange(5))
    return Wanted(
        category=chance.choice(KINDS),
        check=CheckLevel.NONE,
        needs=frozenset(),
        languages=frozenset(),
        soft_languages=frozenset({"es"}),
        point=Point(lat=51.4 + chance.gauss(0, 0.05), lon=-2.6 + chance.gauss(0, 0.08), accuracy_m=100),
        remote=False,
        day=day,
        days=(day,),
        part=None,
        slots=slots_wanted((day,), None),
        contactless=True,
        paired=False,
        requester=None,
        not_with=frozenset(),
        helped_before={},
        usual=1.5,
    )


def _searched(people: list[Helper]) -> Callable[[Wanted], list[PersonId]]:
    """The reference: who does that kind of help and lives in a box around the place, from SQLite, then the rules."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE can(kind TEXT, lat REAL, lon REAL, id TEXT)")
    db.executemany(
        "INSERT INTO can VALUES(?, ?, ?, ?)",
        [(k, p.point.lat, p.point.lon, p.person_id) for p in people if p.point for k in p.abilities],
    )
    db.execute("CREATE INDEX can_by_place ON can(kind, lat, lon, id)")
    by_id = {each.person_id: each for each in people}
    widest = max(each.volunteer.radius_km for each in people) + 0.2

    def search(wanted: Wanted) -> list[PersonId]:
        point = cast(Point, wanted.point)
        up, across = widest / 111.195, widest / 111.195 / 0.6
        rows = db.execute(
            "SELECT id FROM can WHERE kind = ? AND lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",
            (wanted.category, point.lat - up, point.lat + up, point.lon - across, point.lon + across),
        )
        fitting = (
            (score(helper, wanted, NOW), helper.person_id)
            for helper in (by_id[PersonId(row[0])] for row in rows)
            if gate(helper, wanted, NOW) is None
        )
        return [person for _, person in heapq.nsmallest(BEST, fitting, key=lambda each: (-each[0], each[1]))]

    return search


def _random(n: int) -> list[list[int]]:
    chance = random.Random(1)
    return [[chance.randrange(10_000) for _ in range(n)] for _ in range(n)]


def _distances(n: int) -> list[list[int]]:
    chance = random.Random(2)
    here, there = ([(chance.random(), chance.random()) for _ in range(n)] for _ in range(2))
    return [[round(10_000 * ((x - u) ** 2 + (y - v) ** 2) ** 0.5) for u, v in there] for x, y in here]


def _shapes(n: int) -> dict[str, list[list[int]]]:
    """Square tables of costs by what they are like; ``_NO_WAY`` where a pair is not possible."""
    chance = random.Random(3)
    spots = [(chance.random() * 10_000, chance.random() * 10_000) for _ in range(8)]
    here, there = ([(s, chance.gauss(0, 300)) for s in chance.choices(spots, k=n)] for _ in range(2))
    able = [[chance.random() < 0.02 for _ in range(n * 9 // 10)] for _ in range(n)]
    return {
        "random": _random(n),
        "distances": _distances(n),
        "eight places": [
            [round(((s[0] - t[0]) ** 2 + (s[1] - t[1]) ** 2) ** 0.5 + abs(a - b)) for t, b in there]
            for s, a in here
        ],
        "ties": [[chance.randrange(5) for _ in range(n)] for _ in range(n)],
        "not enough": [
            [chance.randrange(10_000) if can else _NO_WAY for can in line] + [_NO_WAY] * (n - len(line))
            for line in able
        ],
    }


def _installed(folder: Path) -> Path | None:
    """The interpreter of a fresh environment that has scipy."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, check=False)
    if made.returncode:
        return None
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCIPY]
    return python if subprocess.run(pip, capture_output=True, check=False).returncode == 0 else None


def _theirs(folder: Path, python: Path, costs: list[list[int]], runs: int) -> dict[str, Any]:
    numbers, script = folder / "costs.bin", folder / "side.py"
    numbers.write_bytes(b"".join(array("q", line).tobytes() for line in costs))
    script.write_text(_SCIPY_SIDE)
    done = subprocess.run(
        [python, script, numbers, str(len(costs)), str(runs)], capture_output=True, check=True, text=True
    )
    return cast(dict[str, Any], json.loads(done.stdout))
