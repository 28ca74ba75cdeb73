"""A connection that answers short questions where they are asked, and goes to its thread for the rest.

A page asks a hundred things. SQLite answers most of them in some twenty microseconds, from memory; the way to a
thread and back costs several times that. So a statement that only reads runs on the event loop, within bounds: SQLite
itself breaks off what takes longer than ``STEPS`` of its machine, and that statement then runs in the thread; and once
the loop has been kept for ``KEPT_SECONDS``, the next statement goes to the thread and lets the others have their turn.
Writing, committing and whatever else may wait for the disk or a lock stays in the thread.

There, a statement and what it gives are one trip, where aiosqlite makes three (run, fetch, close).
"""

import asyncio
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextvars import copy_context
from functools import partial
from typing import Any, Final, TypeVar

import aiosqlite
from aiosqlite.context import Result

_T = TypeVar("_T")
_Answer = tuple[sqlite3.Cursor, list[Any]]
_Work = Callable[[str, Iterable[Any]], _Answer]
AT_ONCE = 500
"""Rows that come along with the statement; longer answers are fetched on, a piece at a time."""
STEPS: Final = 20_000
"""Instructions of SQLite's machine, roughly a millisecond: a few hundred rows. What takes twice as many goes to the
thread; in between it depends on how often the statement ran before: SQLite counts on from one time to the next."""
KEPT_SECONDS: Final = 0.01
"""So long all connections together may keep the loop before one of them goes to its thread."""


class Rows(aiosqlite.Cursor):
    """What a statement gave: the first rows are here already."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor, first: list[Any]) -> None:
        super().__init__(connection, cursor)
        self._first = deque(first)
        self._more = len(first) == AT_ONCE

    async def fetchone(self) -> sqlite3.Row | None:
        """The next row, or None."""
        if self._first:
            return self._first.popleft()  # type: ignore[no-any-return]
        return await super().fetchone() if self._more else None

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        """The next rows; none at the end."""
        if self._first:
            return [self._first.popleft() for _ in range(min(size or self.arraysize, len(self._first)))]
        return await super().fetchmany(size) if self._more else []

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """Whatever is left."""
        here = list(self._first)
        self._first.clear()
        return [*here, *(await super().fetchall())] if self._more else here

    async def close(self) -> None:
        """A statement that gave everything is over by itself."""
        self._first.clear()
        if self._more:
            self._more = False
            await super().close()


class Turn:
    """How long the event loop has been kept; one for all connections."""

    def __init__(self) -> None:
        self._since: float | None = None

    def over(self) -> bool:
        """Whether the others must have theirs first."""
        if self._since is None:
            self._since = time.perf_counter()
            asyncio.get_running_loop().call_soon(self._next)
            return False
        return time.perf_counter() - self._since > KEPT_SECONDS

    def _next(self) -> None:
        self._since = None


class Connection(aiosqlite.Connection):
    """As aiosqlite's, in fewer trips."""

    begins = False
    """Whether the next statement begins a transaction, in the same trip."""
    turn: Turn | None = None
    """Whose turn it is, for a connection that may answer on the loop: one that only reads."""
    _known: dict[Any, _Answer] | None = None
    """What the view that is being kept answered so far, by statement and values."""
    made: dict[Any, Any] | None = None
    """What that view's answers were made into (``db.made``)."""
    _here = False
    """Whether a statement runs on the loop at this moment."""
    _long = False
    """Whether SQLite said once already that it takes its time."""
    _sent = 0
    _came = 0
    """Trips, counted on the loop and in the thread: a statement runs on the loop only while none is under way."""

    def bound(self) -> None:
        """Lets SQLite break off what takes too long on the loop. In the thread nothing is broken off."""
        self._conn.set_progress_handler(self._too_long, STEPS)

    def _too_long(self) -> bool:
        """The first call says nothing yet: a short statement gets one, too, when it has been run often enough."""
        before, self._long = self._long, True
        return self._here and before

    def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> Result[aiosqlite.Cursor]:
        """Runs a statement; awaited or as a context, as ever."""
        return Result(self._run(sql, parameters or ()))

    def execute_fetchall(
        self, sql: str, parameters: Iterable[Any] | None = None
    ) -> Result[Iterable[sqlite3.Row]]:
        """Runs a statement and gives all of its rows."""
        return Result(self._whole(sql, parameters or ()))

    @property
    def quiet(self) -> bool:
        """Whether it is open, and nothing runs in its thread, not even what nobody waits for any more."""
        return self._connection is not None and self._sent == self._came

    def end(self) -> None:
        """Ends the view of a connection that only reads, and is quiet."""
        if self._conn.in_transaction:
            self._conn.rollback()

    def remember(self) -> None:
        """From now on the same question has the same answer. For a connection that only reads, within one view."""
        self._known, self.made = {}, {}

    def forget(self) -> None:
        """The view is over."""
        self._known = self.made = None

    async def _run(self, sql: str, parameters: Iterable[Any]) -> aiosqlite.Cursor:
        cursor, first = await self._told(self._first, sql, parameters)
        return Rows(self, cursor, first)

    async def _whole(self, sql: str, parameters: Iterable[Any]) -> Iterable[sqlite3.Row]:
        _, rows = await self._told(self._all, sql, parameters)
        return list(rows)

    async def _told(self, work: _Work, sql: str, parameters: Iterable[Any]) -> _Answer:
        """The answer, the one from before where this view gave it already and it was whole."""
        known, asked = self._known, (work, sql, parameters)
        if known is None or not isinstance(parameters, tuple):
            return await self._answer(*asked)
        if asked in known:
            return known[asked]
        answer = await self._answer(*asked)
        if work == self._all or len(answer[1]) < AT_ONCE:
            known[asked] = answer
        return answer

    async def _answer(self, work: _Work, sql: str, parameters: Iterable[Any]) -> _Answer:
        if self.turn is not None and self.quiet and self.turn.over():
            await asyncio.sleep(0)  # the others have theirs; then it is a new turn
        if self.turn is not None and self.quiet and not self.turn.over():
            self._here, self._long = True, False
            try:
                return work(sql, parameters)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                    raise
            finally:
                self._here = False
        answer: _Answer = await self._execute(work, sql, parameters)
        return answer

    async def in_one_trip(self, work: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Runs all of ``work`` in the thread, where its statements are answered at once.

        It may wait for nothing but this connection. What runs there meanwhile runs beside the event loop: it may
        change nothing that the loop's own tasks change.
        """
        inside = copy_context()
        done: _T = await self._execute(partial(inside.run, _through, work))
        return done

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() == self._thread.ident:
            return fn(*args, **kwargs)

        def there() -> Any:
            try:
                return fn(*args, **kwargs)
            finally:
                self._came += 1

        self._sent += 1
        return await super()._execute(there)  # type: ignore[no-untyped-call]

    def _first(self, sql: str, parameters: Iterable[Any]) -> _Answer:
        cursor = self._begun().execute(sql, parameters)  # type: ignore[arg-type]
        return cursor, cursor.fetchmany(AT_ONCE)

    def _all(self, sql: str, parameters: Iterable[Any]) -> _Answer:
        cursor = self._begun().execute(sql, parameters)  # type: ignore[arg-type]
        return cursor, cursor.fetchall()

    def _begun(self) -> sqlite3.Connection:
        if self.begins and not self._conn.in_transaction:
            self._conn.execute("BEGIN")
        return self._conn


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
