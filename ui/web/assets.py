"""The pages' own files (style, pictures, scripts), and those of others that only make them better (``ui.vendored``),
read once at start: addresses with a content hash, and integrity."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ui import vendored
from ui.vendored import Package, Vendored
from ui.web import packing

STATIC = Path(__file__).parent.parent / "static"
LAYERS = ("reset", "tokens", "base", "components", "people", "rights", "asking", "utilities")
"""The style sheets in the order in which a later one wins."""

TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    name: str
    body: bytes
    content_type: str
    digest: bytes
    packed: bytes = field(repr=False)
    """The same as gzip."""

    @property
    def hashed_name(self) -> str:
        """``icons.1f3a5b7c9d.svg``: another content, another address, so it may be kept for ever."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}.{self.digest.hex()[:10]}{dot}{suffix}"

    @property
    def integrity(self) -> str:
        """For the ``integrity`` attribute."""
        return "sha384-" + base64.b64encode(self.digest).decode("ascii")


class Assets:
    """All files by name and by hashed name. ``ready``: some of them, packed before; ``packages``: of other people."""

    def __init__(
        self,
        files: Iterable[tuple[str, bytes]],
        *,
        ready: Mapping[str, bytes] | None = None,
        packages: Sequence[Package] = (),
    ) -> None:
        ready = ready or {}
        assets = [
            Asset(
                name,
                body,
                TYPES[Path(name).suffix],
                hashlib.sha384(body).digest(),
                ready.get(name) or packing.packed(body, packing.BEST),
            )
            for name, body in files
        ]
        self._by_name = {asset.name: asset for asset in assets}
        self._urls = {asset.name: f"/static/{asset.hashed_name}" for asset in assets}
        self._by_hashed_name = {asset.hashed_name: asset for asset in assets}
        self.packages = packages

    @classmethod
    def load(cls, folder: Path = STATIC, others: Vendored | None = None) -> Self:
        """Reads the folder; the style sheets become one file, ``site.css``, each in its layer. ``others``: files of
        other people; those that lie in the package where none are named."""
        others = vendored.read() if others is None else others
        files = [("site.css", _bundle(folder / "css"))]
        files += [
            (path.name, path.read_bytes())
            for kind in ("svg", "png")
            for path in sorted(folder.glob(f"*.{kind}"))
        ]
        files += [(path.name, path.read_bytes()) for path in sorted((folder / "js").glob("*.js"))]
        files += [(each.name, each.body) for each in others.files]
        return cls(files, ready={each.name: each.packed for each in others.files}, packages=others.packages)

    def named(self, name: str) -> Asset:
        """The file itself, under the name it has here; ``KeyError``."""
        return self._by_name[name]

    def url(self, name: str) -> str:
        """The address of a file; ``KeyError`` for a name that does not exist."""
        return self._urls[name]

    def integrity(self, name: str) -> str:
        """Its integrity value."""
        return self._by_name[name].integrity

    def url_if_there(self, name: str) -> str:
        """The address of a file that others wrote, or empty where this node lacks it."""
        return self._urls.get(name, "")

    def integrity_if_there(self, name: str) -> str:
        """Its integrity value, or empty."""
        return self.integrity(name) if name in self._by_name else ""

    def find(self, hashed_name: str) -> Asset | None:
        """What is served under that name."""
        return self._by_hashed_name.get(hashed_name)


def _bundle(folder: Path) -> bytes:
    parts = [f"@layer {', '.join(LAYERS)};"]
    parts += [f"@layer {layer} {{\n{(folder / f'{layer}.css').read_text('utf-8')}}}" for layer in LAYERS]
    return "\n".join(parts).encode()
