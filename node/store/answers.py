"""What was read of the file and is still true: kept until something is written in a table that it was read from.

SQLite says of each statement which tables it reads, or writes in (``Statements``). A view is of the moment at which
it was begun (``Answers.moment``), and uses what is kept only where no table of it was written in since the earlier of
the two moments. A table counts as written in from the first row that changes in it until the write is over, whichever
way: in between nothing is known of it. Of what another process writes only that it wrote is known: then all is let go.
"""

import re
import sqlite3
from collections.abc import Hashable
from math import inf
from typing import Any, Final, Generic, NamedTuple, TypeVar

_T = TypeVar("_T")
Tables = frozenset[str]
NOT_KNOWN: Final[Tables] = frozenset({"?"})
"""In place of the tables of a statement whose answer is not kept."""

_READS: Final = frozenset({sqlite3.SQLITE_READ})
_WRITES: Final = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_OF_ITS_OWN: Final = re.compile(
    r"""(?i)["']now["']|current_(time|date)|random|changes\(|last_insert_rowid|"""
    r"\b((date|time|datetime|julianday|unixepoch)\(\s*|strftime\(\s*'[^']*'\s*)\)"
).search
"""What a statement says that depends on more than tables and values. (Nobody hands ``now`` over as a value.)"""
_MOST_STATEMENTS: Final = 2_000


class Statements:
    """Which tables each statement of one connection reads, or writes in: as SQLite says when it is prepared. ``known``
    is shared by all connections that do the same."""

    def __init__(
        self, connection: sqlite3.Connection, known: dict[str, Tables], *, writes: bool = False
    ) -> None:
        self._actions = _WRITES if writes else _READS
        self._known = known
        self._named: set[str] = set()
        connection.set_authorizer(self._told)

    def _told(self, action: int, first: str | None, *_: object) -> int:
        if action in self._actions and first is not None:
            self._named.add(first.lower())  # a count of rows names its table as the statement does
        return sqlite3.SQLITE_OK

    def ran(self, sql: str) -> Tables:
        """After that one ran, or was broken off: its tables. One that was prepared before was told of then;
        ``NOT_KNOWN`` where it was not. Preparing may have been broken off, too: what is told later comes on top."""
        if self._named:
            if sql not in self._known and len(self._known) >= _MOST_STATEMENTS:
                self._known.clear()
            named = self._known.get(sql, frozenset()) | self._named
            self._known[sql] = NOT_KNOWN if _OF_ITS_OWN(sql) else named
            self._named.clear()
        return self.tables(sql)

    def tables(self, sql: str) -> Tables:
        """The same of one that ran a while ago."""
        return self._known.get(sql, NOT_KNOWN)


class Held(NamedTuple, Generic[_T]):
    """Something that was read: an answer, or what was made of some."""

    value: _T
    tables: Tables
    moment: int


class Answers:
    """What one file answered, and when each of its tables was written in; moments are counted from 1."""

    MOST: Final = 1_000
    MOST_ROWS: Final = 50_000
    """Of all that is kept together; of sealed records some 50 MB."""

    def __init__(self) -> None:
        self._moment = 1
        self._written: dict[str, float] = {"?": inf}
        """table -> the moment of the last write in it; never over for one that is not over."""
        self._open: set[str] = set()
        self._let_go = 0
        """What is of an earlier moment is not true any more, whatever its tables."""
        self._kept: dict[Hashable, Held[Any]] = {}
        self._rows = 0
        self._of: dict[str, set[Hashable]] = {}
        """table -> what is kept of it."""

    @property
    def moment(self) -> int:
        """To be asked for before the view is begun that it is meant for."""
        return self._moment

    def get(self, key: Hashable, moment: int) -> Held[Any] | None:
        """What is kept under ``key``, if the view of that moment would be told the same; else None."""
        held = self._kept.get(key)
        if held is None:
            return None
        return held if self._holds(held.tables, min(moment, held.moment)) else None

    def _holds(self, tables: Tables, since: int) -> bool:
        """Whether nothing was written in these since that moment."""
        written = self._written
        return since >= self._let_go and all(written.get(table, 0) <= since for table in tables)

    def keep(self, key: Hashable, held: Held[Any]) -> None:
        """Keeps it, in place of what was there and of the oldest where there are very many. What is not true any more,
        as an old view is told it, stays in no memory: it may have been erased meanwhile."""
        if not held.tables or held.tables & NOT_KNOWN or not self._holds(held.tables, held.moment):
            return
        self._drop(key)
        rows = _rows(held.value)
        if rows > self.MOST_ROWS:
            return
        while len(self._kept) >= self.MOST or self._rows + rows > self.MOST_ROWS:
            self._drop(next(iter(self._kept)))
        self._kept[key] = held
        self._rows += rows
        for table in held.tables:
            self._of.setdefault(table, set()).add(key)

    def _drop(self, key: Hashable) -> None:
        held = self._kept.pop(key, None)
        if held is not None:
            self._rows -= _rows(held.value)
            for table in held.tables:
                self._of[table].discard(key)

    def touched(self, tables: Tables) -> None:
        """A row of one of these changes in the write that is going on; may be called in its thread."""
        if tables & NOT_KNOWN:
            self._let_go = self._moment + 1
            return
        for table in tables - self._open:
            self._written[table] = inf
            self._open.add(table)

    def settled(self) -> None:
        """The write is over. What it may have changed is forgotten."""
        if self._let_go > self._moment:
            self.forget()
        self._moment += 1
        for table in self._open:
            self._written[table] = self._moment
            for key in tuple(self._of.get(table, ())):
                self._drop(key)
        self._open.clear()

    def forget(self) -> None:
        """Lets go of everything, also of what views that are under way would keep yet."""
        self._moment += 1
        self._let_go = self._moment
        self._kept.clear()
        self._of.clear()
        self._rows = 0


def _rows(value: object) -> int:
    return len(value) if isinstance(value, list | tuple | dict) else 1
