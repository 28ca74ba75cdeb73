"""A node just set up, as a process of its own: what it takes while nobody asks, and to start."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

SETTLES = 5.0
"""Seconds between the first answer and the look at its memory."""
PATIENCE = 60.0


def measured(folder: Path) -> dict[str, float]:
    """MB resident in all, of its own, and shared with whatever else uses the same libraries; CPU seconds to the
    first answer."""
    password = folder / "password"
    password.write_text("a password for one minute\n")
    data = str(folder / "data")
    # As it is installed: structlog takes rich and all that comes with it, where a tool of ours brought it along.
    program = "import sys; sys.modules['rich'] = None; from node.__main__ import main; main()"
    node = [sys.executable, "-c", program]
    made = ["--name", "Idle", "--at", "51.44,-2.58", "--public-url", "https://idle.example"]
    told = ["--admin", "kim", "--password-file", str(password), "--recovery-file", str(folder / "cards")]
    subprocess.run([*node, "init", "--data", data, *made, *told], check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begin = time.perf_counter()
    with open(os.devnull, "wb") as nowhere:
        running = subprocess.Popen(
            [*node, "run", "--data", data, "--listen", f"127.0.0.1:{port}"], stdout=nowhere, stderr=nowhere
        )
    try:
        while not _answers(port):
            if time.perf_counter() - begin > PATIENCE or running.poll() is not None:
                raise SystemExit("the node did not start")
            time.sleep(0.02)
        start = _spent(running.pid)
        time.sleep(SETTLES)
        text = Path(f"/proc/{running.pid}/smaps_rollup").read_text()
    finally:
        running.terminate()
        running.wait()
    kib = {name: int(number) for name, number in re.findall(r"^(\w+): +([0-9]+) kB$", text, re.M)}
    return {
        "resident_mb": round(kib["Rss"] / 1024, 1),
        "own_mb": round((kib["Private_Clean"] + kib["Private_Dirty"]) / 1024, 1),
        "libraries_mb": round((kib["Rss"] - kib["Anonymous"]) / 1024, 1),
        "start_cpu_seconds": round(start, 2),
    }


def _spent(process: int) -> float:
    """CPU seconds so far: a busy machine has no part in them."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/mac/v1/node", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def main(as_json: bool) -> None:
    """Prints it."""
    with tempfile.TemporaryDirectory() as name:
        found = measured(Path(name))
    if as_json:
        print(json.dumps(found))
        return
    print("one node, just set up, nobody asking (limit: 70 MB resident)")
    for what, number in found.items():
        print(f"  {what:20}{number:8}")
