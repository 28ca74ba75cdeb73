"""Front-end files that others wrote: whose they are, under which licence, and whether they are still as they came.

None is in our history. ``ui/frontend/filling.py`` fetches them when the package is built, checked against
``package-lock.json``, and leaves them in ``ui/frontend/vendor`` with a manifest. They only make pages better that work
without them: where they are absent, old or altered the node says so in a line and starts.

Only the standard library is imported here, since the build reads this too.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FRONTEND: Final = Path(__file__).parent / "frontend"
VENDOR: Final = "vendor"
MANIFEST: Final = "manifest.json"
RECIPE: Final = ("package-lock.json", "files.json")
"""Which packages, to the byte; which of their files, and what they are called here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Somebody's work. ``licence``: its SPDX name. ``terms``: the text, as it came with the package."""

    name: str
    version: str
    licence: str
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file that pages load, and the same as gzip."""

    name: str
    body: bytes
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendored:
    """What can be used. ``problem``: in words for the operator why there is nothing, else empty."""

    files: tuple[File, ...] = ()
    packages: tuple[Package, ...] = ()
    problem: str = ""


def recipe(frontend: Path) -> str | None:
    """A hash of what is to be fetched; None where that is not known, in an installed package."""
    try:
        said = b"\n".join((frontend / name).read_bytes() for name in RECIPE)
    except FileNotFoundError:
        return None
    return hashlib.sha256(said).hexdigest()


def sha384(body: bytes) -> str:
    """As the ``integrity`` attribute has it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode("ascii")


def read(frontend: Path = FRONTEND) -> Vendored:
    """Everything that the manifest names, if each byte is as it was when it came."""
    vendor = frontend / VENDOR
    try:
        manifest = json.loads((vendor / MANIFEST).read_bytes())
        wanted = recipe(frontend)
        if wanted is not None and manifest["recipe"] != wanted:
            return Vendored(problem="older than ui/frontend/package-lock.json")
        bodies = {name: (vendor / name).read_bytes() for name in manifest["files"]}
        for name, body in bodies.items():
            if sha384(body) != manifest["files"][name]:
                return Vendored(problem=f"{name} is not as it came")
        packages = tuple(
            Package(
                name=each["name"],
                version=each["version"],
                licence=each["licence"],
                terms=bodies[each["terms"]].decode("utf-8"),
            )
            for each in manifest["packages"]
        )
    except FileNotFoundError as error:
        return Vendored(problem=f"{Path(str(error.filename)).name} is not there")
    except (ValueError, KeyError, TypeError):
        return Vendored(problem=f"{MANIFEST} cannot be read")
    files = tuple(
        File(name=name, body=body, packed=bodies[f"{name}.gz"])
        for name, body in sorted(bodies.items())
        if f"{name}.gz" in bodies
    )
    return Vendored(files=files, packages=packages)
