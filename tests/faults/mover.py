"""``mutualaid`` that kills itself just before the n-th row is stored: python -m tests.faults.mover STORE.VERB N ..."""

import os
import signal
import sys
from typing import Any

from node.cli import cli
from node.store import imports, portable

STORES = {"imports": imports, "portable": portable}


def main(named: str, at: int, words: list[str]) -> None:
    """Runs the command; ``named`` is the verb of a store that is called once a row."""
    store, _, verb = named.partition(".")
    real, seen = getattr(STORES[store], verb), 0

    async def put(*given: Any, **more: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        await real(*given, **more)

    setattr(STORES[store], verb, put)
    cli(words)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
