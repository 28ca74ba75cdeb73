"""SQLite without threads, so that a run is one sequence of steps; and files as a power cut leaves them."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import aiosqlite

from node.store import db

T = TypeVar("T")


async def _here(work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return work(*args, **kwargs)


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


async def _execute(self: Any, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    if self._connection is None:
        raise ValueError("Connection closed")
    return fn(*args, **kwargs)


async def _connect(self: Any) -> Any:
    if self._connection is None:
        self._connection = self._connector()
    return self


def _await(self: Any) -> Generator[Any, None, Any]:
    connected: Generator[Any, None, Any] = _connect(self).__await__()
    return connected


def _stop(self: Any) -> None:
    if self._connection is not None:
        self._connection.close()
        self._connection = None


@contextmanager
def without_threads() -> Iterator[None]:
    """While it lasts, a statement runs where it is awaited, and so does what would go to a thread. SQL, files,
    locks and transactions stay what they are; what guards against being cancelled is left out, since nobody
    cancels."""
    inline: list[tuple[Any, str, Any]] = [
        (aiosqlite.Connection, "_execute", _execute),
        (aiosqlite.Connection, "_connect", _connect),
        (aiosqlite.Connection, "__await__", _await),
        (aiosqlite.Connection, "stop", _stop),
        (asyncio, "to_thread", _here),
        (asyncio, "shield", _awaited),
        (db, "_settled", _awaited),
    ]
    with ExitStack() as stack:
        for owner, name, work in inline:
            stack.enter_context(patch.object(owner, name, work))
        yield


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """``asyncio.run`` with no thread beside the one that calls."""
    with without_threads():
        return asyncio.run(work())


def keep_copy(database: Path, copy: Path) -> None:
    """What the disk holds at this moment; nobody may be writing."""
    for suffix in ("", "-wal"):
        source, target = Path(f"{database}{suffix}"), Path(f"{copy}{suffix}")
        target.unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, target)


def put_back(copy: Path, database: Path) -> None:
    """The older files in place of the newer ones; the database must be closed."""
    remove(database)
    for suffix in ("", "-wal"):
        if Path(f"{copy}{suffix}").exists():
            shutil.copyfile(f"{copy}{suffix}", f"{database}{suffix}")
    database.chmod(0o600)


def remove(database: Path) -> None:
    """The database and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
