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
from collections.abc import Awaitable, Callable, Coroutine, Generator, Hashable, Iterable
from contextvars import copy_context
from functools import partial
from typing import Any, Final, Generic, TypeVar
from weakref import WeakSet

import aiosqlite
from aiosqlite.context import Result

from node.store.answers import NOT_KNOWN, Answers, Held, Statements, Tables

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
        if self._more and isinstance(connection, Connection):
            connection.unfinished.add(self)

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

    def cut(self) -> None:
        """In place of ``close`` at the end of a view: a statement that is not over would hold the next one to it."""
        if self._more:
            self._more = False
            self._cursor.close()


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

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.unfinished = WeakSet()

    begins = False
    """Whether the next statement begins a transaction, in the same trip."""
    turn: Turn | None = None
    """Whose turn it is, for a connection that may answer on the loop: one that only reads."""
    _statements: Statements | None = None
    """Which tables a statement has to do with; None where nobody asks."""
    _answers: Answers | None = None
    """What the whole file answered: a reader keeps it there, the writer tells there what it changes."""
    _known: dict[Any, Held[Any]] | None = None
    """What the view that is being kept answered so far, by statement and values, and what was made of it."""
    _moment: int | None = None
    """Of that view; None where it may use and keep no answers of others."""
    _changes = 0
    """Rows that the writer changed, as far as ``answers`` were told of it."""
    _here = False
    """Whether a statement runs on the loop at this moment."""
    _long = False
    """Whether SQLite said once already that it takes its time."""
    _read: list[set[str]] | None = None
    """The tables read so far by each thing that is being made, innermost last (``made``)."""
    unfinished: WeakSet[Rows]
    """Answers of which not all rows were fetched yet."""
    _nothing: sqlite3.Cursor
    """Stands for the cursor of an answer that was given before."""
    _sent = 0
    _came = 0
    """Trips, counted on the loop and in the thread: a statement runs on the loop only while none is under way."""

    def bound(self) -> None:
        """Lets SQLite break off what takes too long on the loop. In the thread nothing is broken off."""
        self._conn.set_progress_handler(self._too_long, STEPS)
        self._nothing = self._conn.cursor()

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

    def watch(self, known: dict[str, Tables], answers: Answers) -> None:
        """From now on ``answers`` hold what it reads, or are told what it changes. ``known``: the tables of statements,
        for all connections that do the same."""
        self._statements = Statements(self._conn, known, writes=self.turn is None)
        self._answers, self._changes = answers, self._conn.total_changes

    def settle(self) -> None:
        """Begins the view of a connection that only reads, and is quiet, now."""
        self._begun().execute("PRAGMA data_version").fetchone()

    def others(self) -> int:
        """Another number whenever somebody else has written in the file. For the writer, while it is quiet."""
        row: sqlite3.Row = self._conn.execute("PRAGMA data_version").fetchone()
        return int(row[0])

    @property
    def quiet(self) -> bool:
        """Whether it is open, and nothing runs in its thread, not even what nobody waits for any more."""
        return self._connection is not None and self._sent == self._came

    def end(self) -> None:
        """Ends the view of a connection that only reads, and is quiet."""
        for rows in tuple(self.unfinished):
            rows.cut()
        self.unfinished.clear()
        if self._conn.in_transaction:
            self._conn.rollback()

    def remember(self, moment: int | None) -> None:
        """From now on the same question has the same answer. For a connection that only reads, within one view;
        ``moment``: that of ``Answers`` before the view was begun, if it may use what others were told."""
        self._known, self._moment, self._read = {}, moment, []

    def forget(self) -> None:
        """The view is over."""
        self._known = self._moment = self._read = None

    @property
    def remembers(self) -> bool:
        """Whether it is the view of a page of many parts."""
        return self._known is not None

    def made(self, key: Hashable, make: Callable[[], Awaitable[_T]]) -> Awaitable[_T]:
        """What ``make`` gives, the same as before where nothing was written to what it read (``db.kept``). For a view
        that ``remembers``."""
        held = self._held(key)
        if held is None:
            return self._made(key, make)
        self._was_read(held.tables)
        return _Here(held.value)

    async def _made(self, key: Hashable, make: Callable[[], Awaitable[_T]]) -> _T:
        being_made = self._read
        assert being_made is not None
        own: set[str] = set()
        being_made.append(own)
        try:
            value = await make()
        finally:
            last = being_made.pop()
            # Two that are made at once, of one view, take what they read for each other's: nobody knows whose it is.
            tables = frozenset(last) if last is own else NOT_KNOWN
            self._was_read(tables)  # also where it failed: whoever makes something of that read it, too
        self._keep(key, value, tables)
        return value

    def _was_read(self, tables: Tables) -> None:
        if self._read:
            self._read[-1] |= tables

    async def _run(self, sql: str, parameters: Iterable[Any]) -> aiosqlite.Cursor:
        cursor, first = await self._told(False, sql, parameters)
        return Rows(self, cursor, first)

    async def _whole(self, sql: str, parameters: Iterable[Any]) -> Iterable[sqlite3.Row]:
        _, rows = await self._told(True, sql, parameters)
        return list(rows)

    def _at_once(self, whole: bool, sql: str, parameters: Iterable[Any]) -> _Answer | None:
        """The answer, the one from before where this view gave it already, or another to which nothing was written
        since, and it was whole; None where it must be waited for."""
        key = self._key(whole, sql, parameters)
        before = None if key is None else self._held(key)
        if before is not None:
            self._was_read(before.tables)
            return self._nothing, before.value
        if self.turn is None or not self.quiet or self.turn.over():
            return None
        self._here, self._long = True, False
        try:
            return self._kept(key, whole, self._ask(whole, sql, parameters), sql)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            return None
        finally:
            self._here = False

    def _key(self, whole: bool, sql: str, parameters: Iterable[Any]) -> Hashable:
        """What the answer is kept under; None where it is not."""
        if self._known is None:
            return None
        if isinstance(parameters, tuple):
            return whole, sql, parameters
        return (whole, sql, tuple(parameters.items())) if isinstance(parameters, dict) else None

    def _held(self, key: Hashable) -> Held[Any] | None:
        if self._known is None:
            return None
        held = self._known.get(key)
        if held is None and self._moment is not None and self._answers is not None and self.quiet:
            held = self._answers.get(key, self._moment)
            if held is not None:
                self._known[key] = held
        return held

    def _keep(self, key: Hashable, value: _T, tables: Tables) -> Held[_T]:
        held = Held(value, tables, self._moment or 0)
        if self._known is not None:
            self._known[key] = held
            if self._moment is not None and self._answers is not None and self.quiet:
                self._answers.keep(key, held)
        return held

    def _kept(self, key: Hashable, whole: bool, answer: _Answer, sql: str) -> _Answer:
        tables = self._statements.tables(sql) if self._statements else NOT_KNOWN
        if key is not None and (whole or len(answer[1]) < AT_ONCE):
            self._keep(key, answer[1], tables)
        self._was_read(tables)
        return answer

    async def _told(self, whole: bool, sql: str, parameters: Iterable[Any]) -> _Answer:
        """The same, waited for: the others have their turn, and what takes long goes to the thread."""
        if self.turn is not None and self.quiet and self.turn.over():
            await asyncio.sleep(0)
            if (here := self._at_once(whole, sql, parameters)) is not None:
                return here
        answer: _Answer = await self._execute(self._ask, whole, sql, parameters)
        return self._kept(self._key(whole, sql, parameters), whole, answer, sql)

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
        self._told_all()
        try:
            cursor = self._begun().execute(sql, parameters)  # type: ignore[arg-type]
            return cursor, cursor.fetchall() if whole else cursor.fetchmany(AT_ONCE)
        finally:
            self._ran(sql)

    def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> Result[aiosqlite.Cursor]:
        """As aiosqlite's."""
        return Result(self._run_many(sql, parameters))

    async def _run_many(self, sql: str, parameters: Iterable[Iterable[Any]]) -> aiosqlite.Cursor:
        def there() -> sqlite3.Cursor:
            self._told_all()
            try:
                return self._conn.executemany(sql, parameters)  # type: ignore[arg-type]
            finally:
                self._ran(sql)

        return aiosqlite.Cursor(self, await self._execute(there))

    def _ran(self, sql: str) -> None:
        if self._statements is not None:
            tables = self._statements.ran(sql)
            if self.turn is None:
                self.tell(tables)

    def _told_all(self) -> None:
        """What a script wrote, or a statement whose last rows came later, is not of the next one's tables."""
        if self.turn is None:
            self.tell()

    def tell(self, tables: Tables = NOT_KNOWN) -> None:
        """Of the writer: what rows changed of which ``answers`` were not told yet are in these tables."""
        if self._answers is not None and self._connection is not None:
            changes = self._connection.total_changes
            if changes != self._changes:
                self._changes = changes
                self._answers.touched(tables)

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
