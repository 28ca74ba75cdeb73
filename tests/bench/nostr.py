"""Verified ingest beside nostr-relay, a relay of signed events in Python (package index, version 1.14).

The relay is installed into an environment of its own when this is asked for, and thrown away afterwards; nothing of it
is ever a dependency. Each side takes as many signed items of the same content through its own way in, in one process,
on SQLite with a write-ahead log; CPU time of the whole process, in pairs that take turns.
"""

import gc
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

from node.__main__ import tune_collector
from tests.bench.ingest import corpus, ours

PACKAGE = "nostr-relay==1.14"
SIDE = Path(__file__).with_name("nostr_side.py")


def main(n: int, pairs: int, as_json: bool) -> int:
    """Prints the ratio; 1 where the relay cannot be installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = _installed(folder)
        if python is None:
            print(f"{PACKAGE} could not be installed here, so nothing was measured.", file=sys.stderr)
            return 1
        result = _measured(folder, python, n, pairs)
    if as_json:
        print(json.dumps(result))
        return 0
    print(f"{n} signed items, {pairs} pairs; CPU microseconds each, medians")
    print(f"  {PACKAGE:42} {result['relay_us']:8}")
    print(
        f"  our verified ingest, each signed           {result['ours_us']:8}   {result['ratio']} times faster"
    )
    print(
        f"  whole sets, one signature each             {result['whole_us']:8}   {result['whole_ratio']} times faster"
    )
    print("  (limit: 6 times, aim: 10)")
    return 0


def _installed(folder: Path) -> Path | None:
    """The interpreter of a fresh environment that has the relay."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, check=False)
    if made.returncode:
        return None
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]
    return python if subprocess.run(pip, capture_output=True, check=False).returncode == 0 else None


def _measured(folder: Path, python: Path, n: int, pairs: int) -> dict[str, float]:
    origins = corpus(n)
    items = [line for each in origins for line in each.items]
    # What both carry: one summary, as its canonical JSON.
    texts = b"\n".join(orjson.dumps(orjson.loads(line)["b"], option=orjson.OPT_SORT_KEYS) for line in items)
    tune_collector()
    theirs: list[float] = []
    mine: list[float] = []
    whole: list[float] = []
    for turn in range(pairs + 1):
        with tempfile.TemporaryDirectory(dir=folder) as name:
            place = Path(name)
            for who in ("theirs", "mine") if turn % 2 else ("mine", "theirs"):
                gc.collect()
                if who == "mine":
                    mine.append(ours(_new(place), origins, whole=False).fresh)
                    whole.append(ours(_new(place), origins, whole=True).fresh)
                else:
                    theirs.append(_relay(python, place, texts, n))
    # The first pair only warms up.
    return {
        "lines": n,
        "pairs": pairs,
        "relay_us": round(statistics.median(theirs[1:]) * 1e6 / n, 1),
        "ours_us": round(statistics.median(mine[1:]) * 1e6 / n, 1),
        "ratio": round(statistics.median(a / b for a, b in zip(theirs[1:], mine[1:], strict=True)), 1),
        "whole_us": round(statistics.median(whole[1:]) * 1e6 / n, 1),
        "whole_ratio": round(statistics.median(a / b for a, b in zip(theirs[1:], whole[1:], strict=True)), 1),
    }


def _relay(python: Path, folder: Path, texts: bytes, n: int) -> float:
    done = subprocess.run([python, SIDE, folder], input=texts, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"the relay failed: {done.stderr.decode()[-2000:]}")
    said = json.loads(done.stdout.splitlines()[-1])
    if said["stored"] != n or not said["refused"]:
        raise SystemExit(f"the relay's results are wrong: {said}")
    return float(said["seconds"])


def _new(folder: Path) -> Path:
    """A fresh place for one run."""
    return Path(tempfile.mkdtemp(dir=folder))
