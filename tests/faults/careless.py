"""The node as it would be if it did not wait for the disk: ``synchronous=NORMAL``. Only to show that tests notice.

Usage: python -m tests.faults.careless run --data DIR ...
"""

import sqlite3
from pathlib import Path

from node.__main__ import main
from node.store import files

_careful = files.connect


def _careless(
    path: Path, *, read_only: bool = False, synchronous: files.Synchronous = "FULL"
) -> sqlite3.Connection:
    return _careful(path, read_only=read_only, synchronous="NORMAL")


if __name__ == "__main__":
    files.connect = _careless
    main()
