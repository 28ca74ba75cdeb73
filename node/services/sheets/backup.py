"""Backup to one sealed file, and restore into a new folder.

The file (``services.sealed_file``) holds a line of JSON that lists the parts, then the parts. Records in it are
sealed by the vault besides.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from node import durable
from node.clock import Clock, unix
from node.domain.actors import SYSTEM, Actor
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid
from node.services.sheets import sealed_file
from node.services.sheets.sealed_file import BLOCK, Stream
from node.store import audit, away_tasks, files, outbox, referrals, settings
from node.store.db import Database
from node.vault.keys import Kdf, calibrate

MAGIC = b"mutual-aid-connect backup 1\n"
PARTS = ("group.db", "op.key", "node.toml", "population.csv", "population-before.csv")
"""What a backup holds, as far as it is there; ``neighbourhood.db`` is fetched again from the neighbours."""
MIN_PASSPHRASE = 8
KIND = sealed_file.Kind(
    magic=MAGIC,
    code="backup",
    other=N_("This file is not a backup of this program."),
    shut=N_("The passphrase does not open this backup, or its beginning was changed."),
    damaged=N_("This backup is damaged or cut off. Nothing was restored."),
)

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
        failed = N_("The backup could not be written: %(reason)s.")
        try:
            with durable.told("backup_failed", failed, target), durable.whole_or_not(target) as partial:
                work.mkdir(mode=0o700)
                files.copy(self._db.path, work / "group.db")
                files.forget_sessions(work / "group.db")
                files.verify(work / "group.db")
                for name in PARTS[1:]:
                    if (self._folder / name).exists():
                        shutil.copyfile(self._folder / name, work / name)
                parts = tuple(name for name in PARTS if (work / name).exists())
                sealed_file.write(
                    partial, _contents(work, parts, made_at), KIND, passphrase, self._kdf or calibrate()
                )
                check = work / "check"
                check.mkdir()
                _read(partial, check, passphrase)
                files.verify(check / "group.db")
                size = partial.stat().st_size
        finally:
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
    failed = N_("The backup could not be restored: %(reason)s.")
    try:
        with durable.told("restore_failed", failed, folder):
            made_at, parts = await asyncio.to_thread(_unpack, file, partial, passphrase)
            db = await Database.open(partial / "group.db", create=False)
            try:
                if replay is not None:
                    await replay(db)
                async with db.write() as tx:
                    await settings.put(tx, settings.RESTORED_AT, unix(clock))
                    await settings.put(tx, settings.TRUSTED_AT, unix(clock))
                    # What was on its way then may have arrived long ago: a person decides.
                    await outbox.hold_all(tx)
                    # Nor may we still hold what other groups told us: it stays shut until they answered ``state?``.
                    await away_tasks.doubt(tx)
                    await referrals.doubt(tx)
                    await audit.append(tx, clock, SYSTEM, "backup.restore", "backup", {"made_at": made_at})
            finally:
                await db.close()
            partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return Restored(folder=folder, made_at=made_at, parts=parts)


def _unpack(file: Path, folder: Path, passphrase: str) -> tuple[int, tuple[str, ...]]:
    folder.mkdir(mode=0o700, parents=True)
    made_at, parts = _read(file, folder, passphrase)
    files.verify(folder / "group.db", older=True)
    return made_at, parts


def _contents(source: Path, parts: tuple[str, ...], made_at: int) -> Iterator[bytes]:
    listed = []
    for name in parts:
        with (source / name).open("rb") as part:
            digest = sha256()
            while block := part.read(BLOCK):
                digest.update(block)
        listed.append({"name": name, "size": (source / name).stat().st_size, "sha256": digest.hexdigest()})
    yield json.dumps({"made_at": made_at, "parts": listed}).encode() + b"\n"
    for name in parts:
        with (source / name).open("rb") as part:
            while block := part.read(BLOCK):
                yield block


def _read(file: Path, folder: Path, passphrase: str) -> tuple[int, tuple[str, ...]]:
    """Writes the parts into ``folder``; when they were backed up, and their names."""
    with file.open("rb") as sealed:
        stream = Stream(sealed_file.blocks(sealed, KIND, passphrase), KIND)
        listed = json.loads(stream.line())
        names = tuple(str(part["name"]) for part in listed["parts"])
        if not set(names) <= set(PARTS) or "group.db" not in names:
            raise sealed_file.damaged(KIND)
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
                raise sealed_file.damaged(KIND)
        stream.end()
    return int(listed["made_at"]), names
