"""Backup to one sealed file, and restore into a new folder.

The file is a magic word, a line of JSON (what a passphrase costs, the salt), and a libsodium secretstream of
blocks: it is encrypted and authenticated throughout, blocks cannot be dropped, swapped or cut off, and it
holds a line of JSON that lists the parts, then the parts. Records in it are sealed by the vault besides.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

from nacl import bindings, utils
from nacl.exceptions import CryptoError

from node.clock import Clock, unix
from node.domain.actors import SYSTEM, Actor
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, MutualAidError
from node.store import audit, files, settings
from node.store.db import Database
from node.vault.keys import SALT_BYTES, Kdf, calibrate

MAGIC = b"mutual-aid-connect backup 1\n"
PARTS = ("group.db", "op.key", "node.toml", "population.csv")
"""What a backup holds, as far as it is there; ``neighbourhood.db`` is fetched again from the neighbours."""
MIN_PASSPHRASE = 8
_BLOCK = 64 * 1024
_BLOCK_SEALED = _BLOCK + bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MAX_HEADER = 1000
_MAX_MEMORY = 1 << 30
_MAX_OPS = 64

Replay = Callable[[Database], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """A backup that was written and read back. ``size`` in bytes."""

    file: Path
    size: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A node that is ready to be started from ``folder``; ``made_at`` is when its backup was made, Unix
    seconds."""

    folder: Path
    made_at: int
    parts: tuple[str, ...]


class Backup:
    """Makes backups of a node, running or not, locked or not. ``kdf`` is for tests; else the machine is
    measured."""

    def __init__(self, db: Database, clock: Clock, *, folder: Path, kdf: Kdf | None = None) -> None:
        self._db = db
        self._clock = clock
        self._folder = folder
        self._kdf = kdf

    async def backup(self, actor: Actor, target: Path, passphrase: str) -> BackedUp:
        """Writes ``target`` (which must not exist), reads it back whole, and only then gives it its name.

        Raises ``Conflict`` (``file_exists``), ``Invalid`` (``passphrase_short``), ``MutualAidError`` (cannot
        write).
        """
        require(actor, Permission.BACKUP)
        if len(passphrase) < MIN_PASSPHRASE:
            message = N_("Please use a passphrase of at least 8 characters.")
            raise Invalid("passphrase_short", message, fields={"passphrase": message})
        if target.exists():
            raise Conflict(
                "file_exists", N_("There is a file %(file)s already; it was left as it is."), file=str(target)
            )
        made_at = unix(self._clock)
        done = await asyncio.to_thread(self._make, target, passphrase, made_at)
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, actor, "backup.make", "backup", {"bytes": done.size})
        return done

    def _make(self, target: Path, passphrase: str, made_at: int) -> BackedUp:
        work = self._folder / ".backup"
        shutil.rmtree(work, ignore_errors=True)
        partial = target.with_name(target.name + ".partial")
        try:
            work.mkdir(mode=0o700)
            files.copy(self._db.path, work / "group.db")
            files.forget_sessions(work / "group.db")
            files.verify(work / "group.db")
            for name in PARTS[1:]:
                if (self._folder / name).exists():
                    shutil.copyfile(self._folder / name, work / name)
            parts = tuple(name for name in PARTS if (work / name).exists())
            _write(partial, work, parts, passphrase, self._kdf or calibrate(), made_at)
            check = work / "check"
            check.mkdir()
            _read(partial, check, passphrase)
            files.verify(check / "group.db")
            size = partial.stat().st_size
            partial.rename(target)
        except OSError as error:
            raise MutualAidError(
                "backup_failed",
                N_("The backup could not be written: %(reason)s."),
                reason=error.strerror or type(error).__name__,
                hint=str(target),
            ) from error
        finally:
            partial.unlink(missing_ok=True)
            shutil.rmtree(work, ignore_errors=True)
        return BackedUp(file=target, size=size, parts=parts)


async def restore(
    file: Path, folder: Path, passphrase: str, clock: Clock, *, replay: Replay | None = None
) -> Restored:
    """Makes ``folder`` (which must not exist) a node again, from a backup that is checked throughout.

    ``replay`` is called with the opened database before the folder gets its name: for people erased since the
    backup. The next start must not publish before it raised the epoch: ``settings.RESTORED_AT`` says so.
    Whatever goes wrong, nothing is left behind. Raises ``Conflict`` (``folder_exists``), ``Invalid``
    (``no_backup``, ``wrong_passphrase``, ``backup_damaged``), ``Misconfigured``.
    """
    if folder.exists():
        raise Conflict(
            "folder_exists",
            N_("There is a folder %(folder)s already. A backup is restored into a new folder only."),
            folder=str(folder),
        )
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        made_at, parts = await asyncio.to_thread(_unpack, file, partial, passphrase)
        db = await Database.open(partial / "group.db", create=False)
        try:
            if replay is not None:
                await replay(db)
            async with db.write() as tx:
                await settings.put(tx, settings.RESTORED_AT, unix(clock))
                await settings.put(tx, settings.TRUSTED_AT, unix(clock))
                await audit.append(tx, clock, SYSTEM, "backup.restore", "backup", {"made_at": made_at})
        finally:
            await db.close()
        partial.rename(folder)
    except OSError as error:
        raise MutualAidError(
            "restore_failed",
            N_("The backup could not be restored: %(reason)s."),
            reason=error.strerror or type(error).__name__,
            hint=str(folder),
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Restored(folder=folder, made_at=made_at, parts=parts)


def _unpack(file: Path, folder: Path, passphrase: str) -> tuple[int, tuple[str, ...]]:
    folder.mkdir(mode=0o700, parents=True)
    made_at, parts = _read(file, folder, passphrase)
    files.verify(folder / "group.db", older=True)
    return made_at, parts


def _write(
    target: Path, source: Path, parts: tuple[str, ...], passphrase: str, kdf: Kdf, made_at: int
) -> None:
    salt = utils.random(SALT_BYTES)
    header = MAGIC + json.dumps({"kdf": json.loads(kdf.to_json()), "salt": salt.hex()}).encode() + b"\n"
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    start = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, kdf.derive(passphrase, salt))
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(header + start)
        pending = b""
        for piece in _contents(source, parts, made_at):
            pending += piece
            while len(pending) > _BLOCK:
                out.write(_push(state, pending[:_BLOCK], header, last=False))
                pending = pending[_BLOCK:]
        out.write(_push(state, pending, header, last=True))
        out.flush()
        os.fsync(out.fileno())


def _push(
    state: bindings.crypto_secretstream_xchacha20poly1305_state, block: bytes, header: bytes, *, last: bool
) -> bytes:
    tag = (
        bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL
        if last
        else bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
    )
    sealed: bytes = bindings.crypto_secretstream_xchacha20poly1305_push(state, block, header, tag)
    return sealed


def _contents(source: Path, parts: tuple[str, ...], made_at: int) -> Iterator[bytes]:
    listed = []
    for name in parts:
        with (source / name).open("rb") as part:
            digest = sha256()
            while block := part.read(_BLOCK):
                digest.update(block)
        listed.append({"name": name, "size": (source / name).stat().st_size, "sha256": digest.hexdigest()})
    yield json.dumps({"made_at": made_at, "parts": listed}).encode() + b"\n"
    for name in parts:
        with (source / name).open("rb") as part:
            while block := part.read(_BLOCK):
                yield block


def _read(file: Path, folder: Path, passphrase: str) -> tuple[int, tuple[str, ...]]:
    """Writes the parts into ``folder``; when they were backed up, and their names."""
    with file.open("rb") as sealed:
        stream = _Stream(_blocks(sealed, passphrase))
        listed = json.loads(stream.line())
        names = tuple(str(part["name"]) for part in listed["parts"])
        if not set(names) <= set(PARTS) or "group.db" not in names:
            raise _damaged()
        for part in listed["parts"]:
            digest = sha256()
            handle = os.open(folder / part["name"], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "wb") as out:
                for block in stream.take(int(part["size"])):
                    digest.update(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            if digest.hexdigest() != part["sha256"]:
                raise _damaged()
        stream.end()
    return int(listed["made_at"]), names


def _blocks(sealed: BufferedReader, passphrase: str) -> Iterator[bytes]:
    if sealed.read(len(MAGIC)) != MAGIC:
        raise Invalid("no_backup", N_("This file is not a backup of this program."))
    line = sealed.readline(_MAX_HEADER)
    try:
        values = json.loads(line)
        kdf, salt = Kdf.from_json(json.dumps(values["kdf"])), bytes.fromhex(values["salt"])
        if len(salt) != SALT_BYTES or not (0 < kdf.ops <= _MAX_OPS and 8192 <= kdf.memory <= _MAX_MEMORY):
            raise ValueError("out of bounds")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged() from error
    header = MAGIC + line
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    start = sealed.read(bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES)
    if len(start) != bindings.crypto_secretstream_xchacha20poly1305_HEADERBYTES:
        raise _damaged()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, start, kdf.derive(passphrase, salt))
    first = True
    while True:
        try:
            block, tag = bindings.crypto_secretstream_xchacha20poly1305_pull(
                state, sealed.read(_BLOCK_SEALED), header
            )
        except (CryptoError, ValueError, RuntimeError) as error:
            if first:
                raise Invalid(
                    "wrong_passphrase",
                    N_("The passphrase does not open this backup, or its beginning was changed."),
                ) from error
            raise _damaged() from error
        first = False
        if tag == bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL:
            if sealed.read(1):
                raise _damaged()
            yield block
            return
        yield block


class _Stream:
    """Reads lines and counted pieces from blocks."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""

    def line(self) -> bytes:
        while b"\n" not in self._left:
            self._left += self._next()
        line, _, self._left = self._left.partition(b"\n")
        return line

    def take(self, size: int) -> Iterator[bytes]:
        while size:
            block = self._left or self._next()
            self._left = block[size:]
            yield block[:size]
            size -= min(size, len(block))

    def end(self) -> None:
        if self._left or next(self._blocks, None) is not None:
            raise _damaged()

    def _next(self) -> bytes:
        block = next(self._blocks, None)
        if block is None:
            raise _damaged()
        return block


def _damaged() -> Invalid:
    return Invalid("backup_damaged", N_("This backup is damaged or cut off. Nothing was restored."))
