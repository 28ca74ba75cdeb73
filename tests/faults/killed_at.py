"""The node, which ends without warning just before one statement of a write: the N-th that changes anything, or the
commit, after a file says that it counts from now.

Usage: KILL_AT=N KILL_ARMED=FILE python -m tests.faults.killed_at run --data DIR ...
"""

import os
import signal
import sqlite3
from itertools import count
from pathlib import Path

from node.__main__ import main
from node.store import files

_connect = files.connect
_CHANGES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "REPLACE")


def _watched(
    path: Path, *, read_only: bool = False, synchronous: files.Synchronous = "FULL"
) -> sqlite3.Connection:
    connection = _connect(path, read_only=read_only, synchronous=synchronous)
    if path.name == "group.db" and not read_only:
        connection.set_trace_callback(_before)
    return connection


_at, _armed, _counted = int(os.environ["KILL_AT"]), Path(os.environ["KILL_ARMED"]), count(1)


def _before(statement: str) -> None:
    if statement.lstrip().upper().startswith(_CHANGES) and _armed.exists() and next(_counted) == _at:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    files.connect = _watched
    main()
