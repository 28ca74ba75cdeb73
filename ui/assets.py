"""The pages' own files (style, pictures), read once at start: addresses with a content hash, and integrity."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

STATIC = Path(__file__).parent / "static"
LAYERS = ("reset", "tokens", "base", "components", "utilities")
"""The style sheets in the order in which a later one wins."""

TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".js": "text/javascript"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    name: str
    body: bytes
    content_type: str
    digest: bytes

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
    """All files by name and by hashed name."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        assets = [
            Asset(name, body, TYPES[Path(name).suffix], hashlib.sha384(body).digest()) for name, body in files
        ]
        self._by_name = {asset.name: asset for asset in assets}
        self._by_hashed_name = {asset.hashed_name: asset for asset in assets}

    @classmethod
    def load(cls, folder: Path = STATIC) -> Self:
        """Reads the folder; the style sheets become one file, ``site.css``, each in its layer."""
        files = [("site.css", _bundle(folder / "css"))]
        files += [(path.name, path.read_bytes()) for path in sorted(folder.glob("*.svg"))]
        files += [(path.name, path.read_bytes()) for path in sorted((folder / "js").glob("*.js"))]
        return cls(files)

    def url(self, name: str) -> str:
        """The address of a file; ``KeyError`` for a name that does not exist."""
        return f"/static/{self._by_name[name].hashed_name}"

    def integrity(self, name: str) -> str:
        """Its integrity value."""
        return self._by_name[name].integrity

    def find(self, hashed_name: str) -> Asset | None:
        """What is served under that name."""
        return self._by_hashed_name.get(hashed_name)


def _bundle(folder: Path) -> bytes:
    parts = [f"@layer {', '.join(LAYERS)};"]
    parts += [f"@layer {layer} {{\n{(folder / f'{layer}.css').read_text('utf-8')}}}" for layer in LAYERS]
    return "\n".join(parts).encode()
