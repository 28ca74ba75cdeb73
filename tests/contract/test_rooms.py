"""The house stands as ARCHITECTURE.md says: names are ours, and every module opens by itself."""

import importlib.metadata
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("federation", "node", "protocol", "schemas", "ui")

# Third-party packages are loaded once; then each of our modules is imported in a fork that has seen none of ours.
PROBE = """
import json, os, sys
for name in ("aiohttp.web", "aiosqlite", "jinja2", "wtforms", "babel", "click", "structlog", "h3", "nacl.bindings",
             "cryptography.hazmat.primitives.asymmetric.x25519", "sqlite_utils", "jsonschema", "phonenumbers"):
    __import__(name)
faults = {}
for module in json.load(sys.stdin):
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


def test_every_module_imports_alone() -> None:
    names = modules()
    assert len(names) > 50
    answer = subprocess.run(
        [sys.executable, "-c", PROBE],
        input=json.dumps(names),
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
