"""SQLite without threads, so that a run is one sequence of steps; pure functions of bytes once for all nodes; and
files as a power cut leaves them."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import aiosqlite

from federation import pieces
from federation.pieces import Piece
from federation.store import judging
from federation.store.rows import HeldHead
from node.store import db
from protocol import codec, envelope
from protocol.codec import Signed

T = TypeVar("T")


_inside = False
"""Whether what runs is in a connection's thread already."""


async def _trip() -> None:
    """On the way to a thread the others have their turn, as they have in life: else what one node does between two
    statements would never meet what it does elsewhere meanwhile."""
    if not _inside:
        await asyncio.sleep(0)


def _there(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    global _inside
    before, _inside = _inside, True
    try:
        return fn(*args, **kwargs)
    finally:
        _inside = before


async def _here(work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    await _trip()
    return work(*args, **kwargs)


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


async def _execute(self: Any, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    if self._connection is None:
        raise ValueError("Connection closed")
    await _trip()
    return _there(fn, *args, **kwargs)


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


async def _fetchall(self: Any, sql: str, values: Iterable[Any] | None = None) -> list[Any]:
    await _trip()
    rows: list[Any] = self._conn.execute(sql, values or ()).fetchall()
    return rows


async def _executemany(self: Any, sql: str, values: Iterable[Iterable[Any]]) -> None:
    await _trip()
    self._conn.executemany(sql, values)


async def _commit(self: Any) -> None:
    await _trip()
    self._conn.commit()


async def _rollback(self: Any) -> None:
    await _trip()
    self._conn.rollback()


def _read_once() -> Callable[..., Signed]:
    """``codec.read_line`` gives one value for one line, whoever asks; what it refuses is read again each time."""
    read, known = codec.read_line, dict[bytes, Signed]()

    def read_line(line: bytes, value: Any = None, sha: bytes | None = None) -> Signed:
        if (found := known.get(line)) is None:
            found = known[line] = read(line, value)
        return found

    return read_line


def _peeked_once() -> Callable[[int, bytes], Piece]:
    """What a line claims to be, whoever asks."""
    peeked = lru_cache(maxsize=50_000)(partial(pieces._peek, 0))

    def peek(number: int, line: bytes) -> Piece:
        return peeked(line)._replace(number=number)

    return peek


def _head_once() -> Callable[[str, Sequence[Any]], HeldHead]:
    """The value of a row of a head."""
    made = lru_cache(maxsize=50_000)(judging._head)
    return lambda origin, row: made(origin, tuple(row))


@contextmanager
def without_threads() -> Iterator[None]:
    """While it lasts, a statement runs where it is awaited, and so does what would go to a thread, after a turn of
    everybody else. SQL, files,
    locks and transactions stay what they are; what guards against being cancelled is left out, since nobody
    cancels. A line that fifty nodes read is read once, and its signature held against one key once: both are pure
    functions of bytes."""
    inline: list[tuple[Any, str, Any]] = [
        (aiosqlite.Connection, "_execute", _execute),
        (aiosqlite.Connection, "execute_fetchall", _fetchall),
        (aiosqlite.Connection, "executemany", _executemany),
        (aiosqlite.Connection, "commit", _commit),
        (aiosqlite.Connection, "rollback", _rollback),
        (aiosqlite.Connection, "_connect", _connect),
        (aiosqlite.Connection, "__await__", _await),
        (aiosqlite.Connection, "stop", _stop),
        (asyncio, "to_thread", _here),
        (asyncio, "shield", _awaited),
        (db, "_settled", _awaited),
        (codec, "read_line", _read_once()),
        (envelope, "signature_fits", lru_cache(maxsize=None)(envelope.signature_fits)),
        (judging, "_head", _head_once()),
        (pieces, "_peek", _peeked_once()),
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
