"""A sealed file: encrypted and authenticated throughout under a passphrase, for backups and exports.

A magic word, a line of JSON (what a passphrase costs, the salt), and a libsodium secretstream of blocks: none of
them can be dropped, swapped or cut off. Everything here blocks: callers run it in a thread.
"""

import contextlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nacl import bindings, utils
from nacl.exceptions import CryptoError

from node.errors import Invalid
from node.vault.keys import SALT_BYTES, Kdf

BLOCK = 64 * 1024
"""Bytes of one block before it is sealed."""
_BLOCK_SEALED = BLOCK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MAX_HEADER = 1000
_MAX_MEMORY = 1 << 30
_MAX_OPS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a file is, by its first line, and what is said of one that is not fit (msgids)."""

    magic: bytes
    """Ends with a line break."""
    code: str
    """Names the errors: ``no_<code>``, ``<code>_damaged``."""
    other: str
    """It is another sort of file."""
    shut: str
    """The passphrase does not open it."""
    damaged: str


class Writer:
    """Seals pieces, one after the other, into a new file that only its owner may read.

    Making one derives the key and takes about a second: do it in a thread. Without ``finish`` the file is not whole,
    and does not open. Raises ``FileExistsError``, ``OSError``.
    """

    def __init__(self, target: Path, kind: Kind, passphrase: str, kdf: Kdf) -> None:
        salt = utils.random(SALT_BYTES)
        said = json.dumps({"kdf": json.loads(kdf.to_json()), "salt": salt.hex()})
        self._header = kind.magic + said.encode() + b"\n"
        self._state = bindings.crypto_secretstream_xchacha20poly1305_state()
        start = bindings.crypto_secretstream_xchacha20poly1305_init_push(
            self._state, kdf.derive(passphrase, salt)
        )
        self._pending = bytearray()
        self._out = os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        self._out.write(self._header + start)

    def add(self, piece: bytes) -> None:
        """The next piece."""
        self._pending += piece
        while len(self._pending) > BLOCK:
            self._push(bytes(self._pending[:BLOCK]), last=False)
            del self._pending[:BLOCK]

    def finish(self) -> None:
        """Everything is on the disk when this returns."""
        self._push(bytes(self._pending), last=True)
        self._out.flush()
        os.fsync(self._out.fileno())
        self._out.close()

    def close(self) -> None:
        """Lets go of the file, finished or not."""
        self._out.close()

    def _push(self, block: bytes, *, last: bool) -> None:
        tag = (
            bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
            if last
            else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
        )
        self._out.write(
            bindings.crypto_secretstream_xchacha20poly1305_push(self._state, block, self._header, tag)
        )


def write(target: Path, pieces: Iterable[bytes], kind: Kind, passphrase: str, kdf: Kdf) -> None:
    """The same for pieces that are at hand."""
    with contextlib.closing(Writer(target, kind, passphrase, kdf)) as writer:
        for piece in pieces:
            writer.add(piece)
        writer.finish()


def blocks(sealed: BinaryIO, kind: Kind, passphrase: str) -> Iterator[bytes]:
    """What was sealed, block by block; the last one comes only when the file ends there.

    Raises ``Invalid``: another sort of file, ``wrong_passphrase``, damaged.
    """
    if sealed.read(len(kind.magic)) != kind.magic:
        raise Invalid(f"no_{kind.code}", kind.other)
    line = sealed.readline(_MAX_HEADER)
    try:
        values = json.loads(line)
        kdf, salt = Kdf.from_json(json.dumps(values["kdf"])), bytes.fromhex(values["salt"])
        if len(salt) != SALT_BYTES or not (0 < kdf.ops <= _MAX_OPS and 8192 <= kdf.memory <= _MAX_MEMORY):
            raise ValueError("out of bounds")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged(kind) from error
    header = kind.magic + line
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    start = sealed.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    if len(start) != bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES:
        raise damaged(kind)
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, start, kdf.derive(passphrase, salt))
    first = True
    while True:
        try:
            block, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, sealed.read(_BLOCK_SEALED), header
            )
        except (CryptoError, ValueError, RuntimeError) as error:
            if first:
                raise Invalid("wrong_passphrase", kind.shut) from error
            raise damaged(kind) from error
        first = False
        if tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
            if sealed.read(1):
                raise damaged(kind)
            yield block
            return
        yield block


class Stream:
    """Reads lines and counted pieces from the blocks of a sealed file."""

    def __init__(self, found: Iterator[bytes], kind: Kind) -> None:
        self._blocks = found
        self._kind = kind
        self._left = b""

    def line(self) -> bytes:
        """Up to the next line break, without it. Raises ``Invalid`` where the file ends before."""
        while b"\n" not in self._left:
            self._left += self._next()
        line, _, self._left = self._left.partition(b"\n")
        return line

    def take(self, size: int) -> Iterator[bytes]:
        """The next ``size`` bytes, in pieces."""
        while size:
            block = self._left or self._next()
            self._left = block[size:]
            yield block[:size]
            size -= min(size, len(block))

    def end(self) -> None:
        """Raises ``Invalid`` unless nothing is left."""
        if self._left or next(self._blocks, None) is not None:
            raise damaged(self._kind)

    def _next(self) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            raise damaged(self._kind)
        return block


def damaged(kind: Kind) -> Invalid:
    """The file is not as it was written."""
    return Invalid(f"{kind.code}_damaged", kind.damaged)
