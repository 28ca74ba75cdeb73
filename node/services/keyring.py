"""The op key: a file that only the node's user may read. It signs unattended, also while the vault is
locked."""

import os
from pathlib import Path

from node.domain.ids import Random
from node.errors import N_, Misconfigured
from protocol.identity import KeyPair
from protocol.limits import SEED_BYTES

FILE = "op.key"


class Keyring:
    """The op key of one data folder: 32 bytes in hex, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pair: KeyPair | None = None

    def exists(self) -> bool:
        """Whether there is a key file."""
        return self._path.exists()

    def create(self, random: Random) -> KeyPair:
        """Makes the key, on disk before this returns; ``FileExistsError`` if there is one already."""
        seed = random(SEED_BYTES)
        partial = self._path.with_name(self._path.name + ".partial")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(handle, seed.hex().encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
        os.link(partial, self._path)  # unlike a rename, never replaces a key
        partial.unlink()
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return self.load()

    def load(self) -> KeyPair:
        """The key; raises ``Misconfigured`` when it is missing, unreadable or open to other users."""
        if self._pair is None:
            try:
                if self._path.stat().st_mode & 0o077:
                    raise Misconfigured(
                        "key_readable",
                        N_("Other users of this machine can read the node's signing key."),
                        hint=f"chmod 600 {self._path}",
                    )
                seed = bytes.fromhex(self._path.read_text("ascii").strip())
                if len(seed) != SEED_BYTES:
                    raise ValueError("wrong length")
            except (OSError, ValueError) as error:
                raise Misconfigured(
                    "key_missing",
                    N_("The node's signing key is missing or damaged."),
                    hint=f"{self._path}: {error}; every backup holds it",
                ) from error
            self._pair = KeyPair.from_seed(seed)
        return self._pair
