"""One SQLite file with one writer and one reader.

Two coroutines on one connection lose data (one's rollback takes the other's insert along), so the writer
stands behind a lock with BEGIN IMMEDIATE, and readers use a connection opened ``mode=ro``. Nobody awaits the
network in here.

A trip to a connection's thread and back costs as much as SQLite needs for some ten rows. What a page of lines asks
and writes, twenty statements, is therefore one trip (``read_in_one_trip``, ``write_in_one_trip``).
"""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from federation.store.schema import OFFERS_INDEX, STATEMENTS, VERSION

_T = TypeVar("_T")
_CHUNK = 64
"""Rows that a cursor fetches at once when it is gone through; nothing here does, but aiosqlite wants to know."""


class Tx(aiosqlite.Connection):
    """As aiosqlite's; and what is run as one trip is answered in the connection's own thread."""

    async def in_one_trip(self, work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Runs all of ``work`` in the thread. It waits for nothing but this connection, and touches nothing that
        tasks on the loop change. Whoever is cancelled meanwhile goes when it is at its end, and not before."""
        trip = asyncio.ensure_future(self._execute(partial(_through, work)))
        try:
            done: _T = await asyncio.shield(trip)
        except asyncio.CancelledError:
            await asyncio.wait([trip])
            trip.exception()  # seen, so that the loop does not complain
            raise
        return done

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() == self._thread.ident:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


def _through(work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
    """Runs a coroutine that never waits."""
    going = work()
    try:
        going.send(None)
    except StopIteration as end:
        done: _T = end.value
        return done
    going.close()
    raise RuntimeError("what runs in one trip waits for something else than its database")


_FILES = ("", "-wal", "-shm")


class Database:
    """Opened by :meth:`open`; both connections belong to one event loop."""

    def __init__(self, writer: Tx, reader: Tx, *, started_anew: bool) -> None:
        self._writer = writer
        self._reader = reader
        self._writing = asyncio.Lock()
        self._reading = asyncio.Lock()
        self.started_anew = started_anew
        """A file of another version or a broken one was thrown away: everything must be fetched again."""
        self.writes = 0
        """Transactions so far."""

    @classmethod
    async def open(cls, path: Path) -> "Database":
        """Opens or creates the file. A broken or foreign one is removed: all of it can be fetched again."""
        existed = path.exists()
        started_anew = False
        try:
            writer = await _connect_writer(path)
        except sqlite3.OperationalError as error:
            raise _told(error) from error
        except sqlite3.DatabaseError:
            if not existed:
                raise
            for suffix in _FILES:
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            started_anew = True
            writer = await _connect_writer(path)
        try:
            reader = await _connected(f"{path.resolve().as_uri()}?mode=ro", uri=True)
            for pragma in ("busy_timeout = 5000", "query_only = ON", "trusted_schema = OFF"):
                await reader.execute(f"PRAGMA {pragma}")
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader, started_anew=started_anew)

    async def close(self) -> None:
        """Closes both connections; SQLite folds the WAL back when the last one goes."""
        await self._reader.close()
        await self._writer.close()

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[Tx]:
        """One transaction. ``durable`` waits for the disk; otherwise a power cut may take the last
        commits."""
        async with self._writing:
            if durable:
                await self._writer.execute("PRAGMA synchronous = FULL")
            try:
                try:
                    # Whatever is cancelled meanwhile goes on in the connection's thread, and what undoes it
                    # stands behind it in the same queue.
                    await asyncio.shield(self._writer.execute("BEGIN IMMEDIATE"))
                    yield self._writer
                    await asyncio.shield(self._writer.commit())
                except BaseException:
                    await asyncio.shield(self._writer.rollback())
                    raise
            except sqlite3.OperationalError as error:
                raise _told(error) from error
            finally:
                self.writes += 1
                if durable:
                    await self._writer.execute("PRAGMA synchronous = NORMAL")

    async def write_in_one_trip(self, work: Callable[[Tx], Coroutine[Any, Any, _T]]) -> _T:
        """One transaction, from its begin to its commit, as one trip: see ``Tx.in_one_trip``. A power cut may take the
        last ones."""
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

        async with self._writing:
            try:
                return await writer.in_one_trip(whole)
            except sqlite3.OperationalError as error:
                raise _told(error) from error
            finally:
                self.writes += 1

    async def read_in_one_trip(self, work: Callable[[Tx], Coroutine[Any, Any, _T]]) -> _T:
        """One snapshot, as one trip."""
        reader = self._reader

        async def whole() -> _T:
            try:
                await reader.execute("BEGIN")
                return await work(reader)
            finally:
                await reader.rollback()

        async with self._reading:
            return await reader.in_one_trip(whole)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """One snapshot."""
        async with self._reading:
            try:
                await asyncio.shield(self._reader.execute("BEGIN"))
                yield self._reader
            finally:
                await asyncio.shield(self._reader.rollback())


class StoreFull(Exception):
    """There is no room left on the disk; what was being written is not there, everything before is."""


def _told(error: sqlite3.OperationalError) -> Exception:
    return (
        StoreFull(str(error))
        if error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
        else error
    )


async def _connected(path: str | Path, *, uri: bool = False) -> Tx:
    return await Tx(lambda: sqlite3.connect(path, uri=uri, isolation_level=None), _CHUNK)  # type: ignore[return-value]


async def _connect_writer(path: Path) -> Tx:
    writer = await _connected(path)
    try:
        for pragma in (
            "busy_timeout = 5000",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "secure_delete = FAST",
            "cache_size = -8000",
            # A page of a feed touches the index of ids all over: folding the WAL back less often saves
            # writes.
            "wal_autocheckpoint = 4000",
        ):
            await writer.execute(f"PRAGMA {pragma}")
        version = await _value(writer, "PRAGMA user_version")
        tables = await _value(writer, "SELECT count(*) FROM sqlite_schema")
        if version == VERSION and tables:
            if await _value(writer, "SELECT value FROM meta WHERE name = 'clean'") != "1":
                verdict = await _value(writer, "PRAGMA quick_check(1)")
                if verdict != "ok":
                    raise sqlite3.DatabaseError(f"quick_check: {verdict}")
            await writer.execute(OFFERS_INDEX)  # files of before it: nothing has to be fetched again for that
            await writer.commit()
        elif tables:
            raise sqlite3.DatabaseError(f"version {version}, expected {VERSION}")
        else:
            await writer.execute("BEGIN IMMEDIATE")
            for statement in STATEMENTS:
                await writer.execute(statement)
            await writer.execute(f"PRAGMA user_version = {VERSION}")
            await writer.commit()
    except BaseException:
        await writer.close()
        raise
    return writer


async def _value(tx: Tx, sql: str) -> object:
    rows = list(await tx.execute_fetchall(sql))
    return rows[0][0] if rows else None
