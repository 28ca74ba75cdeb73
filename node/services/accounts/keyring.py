"""The op key: a file that only the node's user may read. It signs unattended, also while the vault is
locked."""

import os
from pathlib import Path

from node.domain.ids import Random
from node.durable import sync_folder, write_new
from node.errors import N_, Misconfigured
from node.vault.keys import derive
from protocol.identity import KeyPair
from protocol.limits import SEED_BYTES

FILE = "op.key"


class Keyring:
    """The op key of one data folder: 32 bytes in hex, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next = path.with_name(path.name + ".next")
        self._pair: KeyPair | None = None

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self._path.exists()

    def create(self, random: Random) -> KeyPair:
        """Makes the key, on disk before this returns; ``FileExistsError`` if there is one already."""
        _make(self._path, random(SEED_BYTES))
        return self.load()

    def create_next(self, random: Random) -> KeyPair:
        """Makes the key that is to follow, beside the present one; ``FileExistsError`` if there is one already."""
        seed = random(SEED_BYTES)
        _make(self._next, seed)
        return KeyPair.from_seed(seed)

    def next(self) -> KeyPair | None:
        """The key that is to follow, if one was made; raises ``Misconfigured`` as ``load``."""
        return _read(self._next) if self._next.exists() else None

    def take_next(self) -> KeyPair:
        """The next key takes the place of the present one, which is gone for good."""
        os.replace(self._next, self._path)
        sync_folder(self._path.parent)
        self._pair = None
        return self.load()

    def secret(self, label: str) -> bytes:
        """32 bytes for what the node must be able to read without anybody: as safe as the key file, no safer. Another
        ``label``, or another key, is another secret. Raises as ``load``."""
        return derive(_seed(self._path), label)

    def load(self) -> KeyPair:
        """The key; raises ``Misconfigured`` when it is missing, unreadable or open to other users."""
        if self._pair is None:
            self._pair = _read(self._path)
        return self._pair


def _make(path: Path, seed: bytes) -> None:
    write_new(path, seed.hex().encode() + b"\n")


def _read(path: Path) -> KeyPair:
    return KeyPair.from_seed(_seed(path))


def _seed(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o077:
            raise Misconfigured(
                "key_readable",
                N_("Other users of this machine can read the node's signing key."),
                hint=f"chmod 600 {path}",
            )
        seed = bytes.fromhex(path.read_text("ascii").strip())
        if len(seed) != SEED_BYTES:
            raise ValueError("wrong length")
    except (OSError, ValueError) as error:
        raise Misconfigured(
            "key_missing",
            N_("The node's signing key is missing or damaged."),
            hint=f"{path}: {error}; every backup holds it, and the rescue cards can name another",
        ) from error
    return seed
