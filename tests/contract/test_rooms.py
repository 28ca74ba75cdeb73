"""The house stands as ARCHITECTURE.md says: names are ours, and every module opens by itself."""

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("federation", "node", "protocol", "schemas", "ui")
FLOORS = (
    "schemas",
    "protocol",
    "node.errors",
    "node.clock",
    "node.logs",
    "node.config",
    "node.domain",
    "node.ports",
    "node.store",
    "node.vault",
    "node.services",
    "node.appkeys",
    "federation",
    "ui",
)
"""From the ground up, as in ARCHITECTURE.md; what is not named here stands on all of them."""

# Whatever is not ours is loaded once; then each of our modules is imported in a fork that has seen none of ours.
PROBE = """
import gc, importlib, json, os, sys

def theirs():
    read, write = os.pipe()
    if os.fork() == 0:
        __import__("node.__main__")
        names = [name for name in sys.modules if name.partition(".")[0] not in %r and name != "__main__"]
        os.write(write, json.dumps(names).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        return json.loads(answer.read())

for name in theirs():
    try:
        importlib.import_module(name)
    except ImportError:
        pass  # a part of a package that only the package itself can load
gc.freeze()
faults = {}
for module, done in json.load(sys.stdin):
    for below in done:  # proven to open by themselves; they never import what stands above
        try:
            importlib.import_module(below)
        except Exception:
            pass  # its own fork has told it
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        try:
            __import__(module)
            message = ""
        except BaseException as error:
            message = f"{type(error).__name__}: {error}"
        os.write(write, message.encode())
        os._exit(0)
    os.close(write)
    if message := os.read(read, 4000).decode():
        faults[module] = message
    os.close(read)
    os.waitpid(child, 0)
print(json.dumps(faults))
"""


def modules() -> list[str]:
    """Every module of the five rooms, as dotted names."""
    files = (path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in files}
    return sorted(name for name in names if "node_modules" not in name)


def by_floor(names: list[str]) -> list[tuple[str, list[str]]]:
    """Each module with what may be loaded before it is tried: the floors below, once they are proven. No circle is
    hidden by that, because imports run downwards only (``lint-imports``)."""
    left, below, ordered = set(names), list[str](), []
    for floor in FLOORS:
        here = sorted(name for name in left if name == floor or name.startswith(floor + "."))
        ordered += [(name, below if name == here[0] else []) for name in here]
        left -= set(here)
        below = here
    ordered += [(name, []) for name in sorted(left)]
    return ordered


def test_every_module_imports_alone() -> None:
    names = modules()
    assert len(names) > 50
    assert sorted(name for name, _ in by_floor(names)) == names
    answer = subprocess.run(
        [sys.executable, "-c", PROBE % (ROOMS,)],
        input=json.dumps(by_floor(names)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert json.loads(answer.stdout) == {}


def test_no_other_distribution_owns_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for room in ROOMS:
        assert set(owners.get(room, ["mutual-aid-connect"])) == {"mutual-aid-connect"}, room


def test_only_the_composition_root_joins_pages_and_network() -> None:
    joined = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "node").rglob("*.py")
        for text in [path.read_text("utf-8")]
        if ("from ui" in text or "import ui" in text) and "node.network" in text
    ]
    assert joined == ["node/app.py"]
