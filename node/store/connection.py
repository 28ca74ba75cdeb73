"""A connection that answers short questions where they are asked, and goes to its thread for the rest.

A page asks a hundred things. SQLite answers most of them in some twenty microseconds, from memory; the way to a
thread and back costs several times that. So a statement that only reads runs on the event loop, within bounds: SQLite
itself breaks off what takes longer than ``STEPS`` of its machine, and that statement then runs in the thread; and once
the loop has been kept for ``KEPT_SECONDS``, the next statement lets the others have their turn first.
Writing, committing and whatever else may wait for the disk or a lock stays in the thread.

There, a statement and what it gives are one trip, where aiosqlite makes three (run, fetch, close).
"""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterable
from contextvars import copy_context
from functools import partial
from typing import Any, Final, Generic, TypeVar

import aiosqlite
from aiosqlite.context import Result

_T = TypeVar("_T")
_Answer = tuple[sqlite3.Cursor, list[Any]]
AT_ONCE = 500
"""Rows that come along with the statement; longer answers are fetched on, a piece at a time."""
STEPS: Final = 20_000
"""Instructions of SQLite's machine, roughly a millisecond: a few hundred rows. What takes twice as many goes to the
thread; in between it depends on how often the statement ran before: SQLite counts on from one time to the next."""
KEPT_SECONDS: Final = 0.01
"""So long all connections together may keep the loop before one of them waits."""


class Rows(aiosqlite.Cursor):
    """What a statement gave: the first rows are here already."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor, first: list[Any]) -> None:
        super().__init__(connection, cursor)
        self._first = first
        """Never changed: a view gives the same rows to whoever asks again."""
        self._given = 0
        """How many of them are with whoever asked."""
        self._more = len(first) == AT_ONCE

    async def fetchone(self) -> sqlite3.Row | None:
        """The next row, or None."""
        if self._given < len(self._first):
            self._given += 1
            row: sqlite3.Row = self._first[self._given - 1]
            return row
        return await super().fetchone() if self._more else None

    async def fetchmany(self, size: int | None = None) -> Iterable[sqlite3.Row]:
        """The next rows; none at the end."""
        here = self._first[self._given : self._given + (size or self.arraysize)]
        self._given += len(here)
        return here or (await super().fetchmany(size) if self._more else [])

    async def fetchall(self) -> Iterable[sqlite3.Row]:
        """Whatever is left."""
        here = self._first[self._given :]
        self._given = len(self._first)
        return [*here, *(await super().fetchall())] if self._more else here

    async def close(self) -> None:
        """A statement that gave everything is over by itself."""
        self._given = len(self._first)
        if self._more:
            self._more = False
            await super().close()


class _Here(Generic[_T]):
    """An answer that is here already, for ``await`` and ``async with``: nothing is waited for."""

    __slots__ = ("_answer",)

    def __init__(self, answer: _T) -> None:
        self._answer = answer

    def __await__(self) -> Generator[Any, None, _T]:
        yield from ()
        return self._answer

    async def __aenter__(self) -> _T:
        return self._answer

    async def __aexit__(self, *_: object) -> None:
        if isinstance(self._answer, Rows):
            await self._answer.close()


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
        here = self._at_once(False, sql, parameters or ())
        if here is not None:
            return _Here(Rows(self, *here))  # type: ignore[return-value]
        return Result(self._run(sql, parameters or ()))

    def execute_fetchall(
        self, sql: str, parameters: Iterable[Any] | None = None
    ) -> Result[Iterable[sqlite3.Row]]:
        """Runs a statement and gives all of its rows."""
        here = self._at_once(True, sql, parameters or ())
        if here is not None:
            return _Here(list(here[1]))  # type: ignore[return-value]
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
        cursor, first = await self._told(False, sql, parameters)
        return Rows(self, cursor, first)

    async def _whole(self, sql: str, parameters: Iterable[Any]) -> Iterable[sqlite3.Row]:
        _, rows = await self._told(True, sql, parameters)
        return list(rows)

    def _at_once(self, whole: bool, sql: str, parameters: Iterable[Any]) -> _Answer | None:
        """The answer, the one from before where this view gave it already and it was whole; None where it must be
        waited for."""
        known = self._known if isinstance(parameters, tuple) else None
        before = None if known is None else known.get((whole, sql, parameters))
        if before is not None:
            return before
        if self.turn is None or not self.quiet or self.turn.over():
            return None
        self._here, self._long = True, False
        try:
            answer = self._ask(whole, sql, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return None
        finally:
            self._here = False
        self._keep(whole, sql, parameters, answer)
        return answer

    def _keep(self, whole: bool, sql: str, parameters: Iterable[Any], answer: _Answer) -> None:
        all_of_it = whole or len(answer[1]) < AT_ONCE
        if self._known is not None and all_of_it and isinstance(parameters, tuple):
            self._known[whole, sql, parameters] = answer

    async def _told(self, whole: bool, sql: str, parameters: Iterable[Any]) -> _Answer:
        """The same, waited for: the others have their turn, and what takes long goes to the thread."""
        if self.turn is not None and self.quiet and self.turn.over():
            await asyncio.sleep(0)
            if (here := self._at_once(whole, sql, parameters)) is not None:
                return here
        answer: _Answer = await self._execute(self._ask, whole, sql, parameters)
        self._keep(whole, sql, parameters, answer)
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

    def _ask(self, whole: bool, sql: str, parameters: Iterable[Any]) -> _Answer:
        """Runs it, wherever this is called. ``whole``: with all its rows, in place of the first ones."""
        cursor = self._begun().execute(sql, parameters)  # type: ignore[arg-type]
        return cursor, cursor.fetchall() if whole else cursor.fetchmany(AT_ONCE)

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
