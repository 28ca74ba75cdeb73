"""The one door to ``group.db``: one writer behind a lock, readers that cannot write.

Two coroutines on one connection lose data (one's rollback discards the other's insert, whose commit then
reports success), so nobody ever shares a transaction: ``write()`` gives the only writing connection to one
task at a time, ``read()`` gives each block its own read-only connection and one unchanging view of the data.
Never wait for the network inside a write.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from node.errors import DiskFull
from node.store import files
from node.store.ballast import Ballast

Tx = aiosqlite.Connection
"""What store functions take first: a connection inside a transaction, its rows ``sqlite3.Row``."""

_T = TypeVar("_T")
_KEEP_READERS = 4


class Database:
    """An open ``group.db``. Made by ``await Database.open(path)``, ended by ``await db.close()``."""

    def __init__(self, path: Path, writer: Tx, ballast: Ballast | None) -> None:
        self.path = path
        self._writer = writer
        self._ballast = ballast
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._idle: list[Tx] = []
        self._readers: set[Tx] = set()

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        create: bool = True,
        ballast: Ballast | None = None,
        synchronous: files.Synchronous = "FULL",
    ) -> Self:
        """Opens the file, made and migrated as needed; after an unclean stop it is checked first.

        ``create=False`` where data is known to have been: a missing file is then an error, never an empty
        group. ``synchronous`` is for the test that shows why it must be FULL. Raises ``Misconfigured``
        (missing, damaged, newer), ``DiskFull``.
        """
        try:
            await _settled(asyncio.to_thread(files.prepare, path, create=create, synchronous=synchronous))
        except sqlite3.OperationalError as error:
            raise _told(error, ballast) from error
        if ballast is not None:
            await asyncio.to_thread(ballast.ensure)
        writer = await _opened(lambda: files.connect(path, synchronous=synchronous))
        return cls(path, writer, ballast)

    async def close(self) -> None:
        """Waits for a running write, then closes; the writer last, so that it folds the WAL into the file."""
        async with self._lock:
            for reader in list(self._readers):
                await reader.close()
            self._readers.clear()
            self._idle.clear()
            await self._writer.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A write transaction: begun at once, committed when the block ends, rolled back when it raises.

        Safe to cancel at any await: the transaction is then rolled back, unless it was already being
        committed. One at a time; a write inside a write of the same task is an error in the program. Raises
        ``DiskFull``.
        """
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            raise RuntimeError("a write inside a write: pass the transaction on instead")
        async with self._lock:
            self._owner = task
            try:
                try:
                    await _settled(self._writer.execute("BEGIN IMMEDIATE"))
                    yield self._writer
                    await _settled(self._writer.commit())
                except BaseException:
                    await _settled(self._writer.rollback())
                    raise
            except sqlite3.OperationalError as error:
                raise _told(error, self._ballast) from error
            except sqlite3.DatabaseError as error:
                raise files.damage(self.path, error) or error from error
            finally:
                self._owner = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A read-only view that does not change while the block runs. Any number at a time, also inside a
        write (where it sees what was committed before)."""
        reader = self._idle.pop() if self._idle else await self._new_reader()
        try:
            await reader.execute("BEGIN")
            yield reader
        except sqlite3.DatabaseError as error:
            raise files.damage(self.path, error) or error from error
        finally:
            await _settled(self._put_back(reader))

    async def fold(self) -> bool:
        """Writes the WAL into the file and empties it, so that what was erased is gone from both; False if a
        reader still looked at the older state (the next one does it)."""
        async with self._lock:
            async with self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                row = await cursor.fetchone()
        return row is not None and row[0] == 0

    async def _new_reader(self) -> Tx:
        reader = await _opened(lambda: files.connect(self.path, read_only=True))
        self._readers.add(reader)
        return reader

    async def _put_back(self, reader: Tx) -> None:
        if reader not in self._readers:
            return  # closed with the database
        await reader.rollback()
        if len(self._idle) < _KEEP_READERS:
            self._idle.append(reader)
        else:
            self._readers.discard(reader)
            await reader.close()


async def _opened(connector: Callable[[], sqlite3.Connection]) -> Tx:
    connection = aiosqlite.Connection(connector, iter_chunk_size=256)
    return await connection


def _told(error: sqlite3.OperationalError, ballast: Ballast | None) -> Exception:
    """The error in words where we have them; a full disk gets the ballast's room back."""
    if not files.is_full(error):
        return error
    released = ballast is not None and ballast.release()
    return DiskFull(
        "disk_full",
        hint="free some room on the disk that holds the data folder"
        + ("; the kept reserve was released, so that small work goes on meanwhile" if released else ""),
    )


async def _settled(work: Awaitable[_T]) -> _T:
    """Waits until ``work`` is really over, even when cancelled meanwhile; the cancellation then goes on."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if cancelled:
        if not task.cancelled():
            task.exception()  # seen, so that the loop does not complain
        raise asyncio.CancelledError
    return task.result()
