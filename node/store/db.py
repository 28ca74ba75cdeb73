"""The one door to ``group.db``: one writer behind a lock, readers that cannot write.

Two coroutines on one connection lose data (one's rollback discards the other's insert, whose commit then
reports success), so nobody ever shares a transaction: ``write()`` gives the only writing connection to one
task at a time, ``read()`` gives each block its own read-only connection and one unchanging view of the data.
Never wait for the network inside a write.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import aiosqlite

from node.errors import N_, DiskFull, NotAllowed
from node.store import files
from node.store.answers import Answers, Tables
from node.store.ballast import Ballast
from node.store.connection import Connection, Turn

Tx = aiosqlite.Connection
"""What store functions take first: a connection inside a transaction, its rows ``sqlite3.Row``."""

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LOOKING_ONLY: ContextVar[bool] = ContextVar("looking_only", default=False)
_KEEP_READERS = 4


@contextmanager
def looking_only() -> Iterator[None]:
    """While it lasts, whatever this task calls can read and not write: ``Database.write`` raises ``NotAllowed``."""
    token = _LOOKING_ONLY.set(True)
    try:
        yield
    finally:
        _LOOKING_ONLY.reset(token)


def is_looking_only() -> bool:
    """Whether this task may only look."""
    return _LOOKING_ONLY.get()


class Database:
    """An open ``group.db``. Made by ``await Database.open(path)``, ended by ``await db.close()``."""

    def __init__(self, path: Path, writer: Connection, ballast: Ballast | None) -> None:
        self.path = path
        self._writer = writer
        self._ballast = ballast
        self._lock = asyncio.Lock()
        self._owner: asyncio.Task[Any] | None = None
        self._idle: list[Connection] = []
        self._readers: set[Connection] = set()
        self._views: dict[asyncio.Task[Any] | None, Connection] = {}
        self._turn = Turn()
        self._answers = Answers()
        self._reads: dict[str, Tables] = {}
        self._others: int | None = None
        """``PRAGMA data_version`` of the writer: another number once anybody else writes in the file."""
        writer.watch({}, self._answers)

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
        ``DiskFull``, and ``NotAllowed`` where the task may only look.
        """
        async with self._turn_to_write():
            try:
                await _settled(self._writer.execute("BEGIN IMMEDIATE"))
                yield self._writer
                await _settled(self._writer.commit())
            except BaseException:
                await _settled(self._writer.rollback())
                raise

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """The writer is this task's alone; what SQLite says of a full disk or a damaged file is put into words."""
        if is_looking_only():
            raise NotAllowed(
                "looking_only",
                N_("You are looking with somebody else’s eyes: nothing can be done. End that first."),
            )
        task = asyncio.current_task()
        if self._owner is not None and self._owner is task:
            raise RuntimeError("a write inside a write: pass the transaction on instead")
        async with self._lock:
            self._owner = task
            try:
                yield
            except sqlite3.OperationalError as error:
                raise _told(error, self._ballast) from error
            except sqlite3.DatabaseError as error:
                raise files.damage(self.path, error) or error from error
            finally:
                self._owner = None
                self._writer.tell()
                self._answers.settled()

    async def write_in_one_trip(self, work: Callable[[Tx], Coroutine[Any, Any, _T]]) -> _T:
        """A write run as a whole in the database's thread, from its begin to its commit: a trip there costs more than
        most statements. ``work`` waits for nothing but ``tx``, and touches nothing that tasks on the loop change.
        Raises as ``write`` does.
        """
        writer = self._writer

        async def whole() -> _T:
            try:
                await writer.execute("BEGIN IMMEDIATE")
                done = await work(writer)
                await writer.commit()
            except BaseException:
                await writer.rollback()
                raise
            return done

        async with self._turn_to_write():
            return await _settled(writer.in_one_trip(whole))

    def read(self) -> AbstractAsyncContextManager[Connection]:
        """A read-only view that does not change while the block runs. Any number at a time, also inside a
        write (where it sees what was committed before). Inside ``one_view`` it is that view."""
        kept = self._views.get(asyncio.current_task()) if self._views else None
        return self._own_view() if kept is None else _Kept(kept)

    @asynccontextmanager
    async def _own_view(self) -> AsyncIterator[Connection]:
        reader = self._idle.pop() if self._idle else await self._new_reader()
        try:
            yield reader
        except sqlite3.DatabaseError as error:
            raise files.damage(self.path, error) or error from error
        finally:
            if reader.quiet and len(self._idle) < _KEEP_READERS:
                reader.end()
                self._idle.append(reader)
            else:
                await _settled(self._put_back(reader))

    @asynccontextmanager
    async def one_view(self) -> AsyncIterator[None]:
        """While it lasts, every ``read`` of this very task is of one view, begun with the first of them: a page of
        many parts tells one state of things, and what two parts ask is asked once; what an earlier view was told, and
        to which nothing was written since, is not asked at all. What is written meanwhile, by this task too, the
        next view sees.
        """
        moment = self._answers.moment
        async with self.read() as reader:
            task = asyncio.current_task()
            if task in self._views:
                yield
                return
            reader.settle()
            usable = moment if self._nobody_else_wrote() else None
            self._views[task] = reader
            reader.remember(usable)
            try:
                yield
            finally:
                del self._views[task]
                reader.forget()

    def _nobody_else_wrote(self) -> bool:
        """Whether what is kept is true but for what our own writer changed. To be asked once the view has begun; in the
        middle of a write it cannot be told. What another process wrote, what is kept is let go of for."""
        if self._lock.locked() or not self._writer.quiet:
            return False
        others = self._writer.others()
        if others != self._others:
            self._others = others
            self._answers.forget()
            return False
        return True

    def let_go(self) -> None:
        """Of everything that is kept of what was read."""
        self._answers.forget()

    async def read_in_one_trip(self, work: Callable[[Tx], Coroutine[Any, Any, _T]]) -> _T:
        """A read of very many statements, in a thread as ``write_in_one_trip``."""
        async with self.read() as tx:
            return await _settled(tx.in_one_trip(lambda: work(tx)))

    async def fold(self) -> bool:
        """Writes the WAL into the file and empties it, so that what was erased is gone from both; False if a
        reader still looked at the older state (the next one does it)."""
        async with self._lock:
            async with self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                row = await cursor.fetchone()
        return row is not None and row[0] == 0

    async def _new_reader(self) -> Connection:
        reader = await _opened(lambda: files.connect(self.path, read_only=True))
        reader.begins, reader.turn = True, self._turn
        reader.bound()
        reader.watch(self._reads, self._answers)
        self._readers.add(reader)
        return reader

    async def _put_back(self, reader: Connection) -> None:
        if reader not in self._readers:
            return  # closed with the database
        await reader.rollback()  # also after a statement that nobody waits for any more
        reader.end()
        if len(self._idle) < _KEEP_READERS:
            self._idle.append(reader)
        else:
            self._readers.discard(reader)
            await reader.close()


class _Kept:
    """A view that somebody else begins and ends. A hundred times a page: hence no generator."""

    __slots__ = ("_reader",)

    def __init__(self, reader: Connection) -> None:
        self._reader = reader

    async def __aenter__(self) -> Connection:
        return self._reader

    async def __aexit__(self, *_: object) -> None:
        """It goes on."""


def is_one_view(tx: Tx) -> bool:
    """Whether ``tx`` is the view of a page of many parts (``Database.one_view``)."""
    return isinstance(tx, Connection) and tx.remembers


def kept(read: Callable[Concatenate[Tx, _P], Awaitable[_T]]) -> Callable[Concatenate[Tx, _P], Awaitable[_T]]:
    """For what only reads ``tx`` and makes something of it: in a page of many parts (``Database.one_view``) it is done
    once for the same arguments, and again only when something was written in a table that it read. It depends on
    nothing else - the day, who asks, what is open are arguments - and nobody changes what it gives.
    """

    @wraps(read)
    def told(tx: Tx, /, *args: _P.args, **named: _P.kwargs) -> Awaitable[_T]:
        if not isinstance(tx, Connection) or not tx.remembers:
            return read(tx, *args, **named)
        return tx.made((read, args, *named.items()), lambda: read(tx, *args, **named))

    return told


@asynccontextmanager
async def part(tx: Tx) -> AsyncIterator[None]:
    """A part of a write that may fail alone: when the block raises, what it wrote is undone and the rest stays."""
    await tx.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        await tx.execute("ROLLBACK TO part")
        await tx.execute("RELEASE part")
        raise
    await tx.execute("RELEASE part")


async def _opened(connector: Callable[[], sqlite3.Connection]) -> Connection:
    connection = Connection(connector, iter_chunk_size=256)
    await connection
    return connection


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
