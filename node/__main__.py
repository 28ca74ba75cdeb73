"""``mutualaid`` and ``python -m node``: the only place where the process as a whole is set up."""

import ctypes
import gc
import mimetypes
from typing import Final

from node import logs
from node.cli import cli

_ARENA_MAX: Final = -8
"""``M_ARENA_MAX`` of malloc.h."""


def tune_collector() -> None:
    """Makes Python look less often, and at less, for garbage that refers to itself.

    A page of a pull makes a few thousand small objects that all live until the page is written. With Python's own
    settings (700, 10, 10) the collector walks through them, and at times through everything that was ever
    imported, and finds nothing: up to a fifth of the time of an ingest. What there is to find comes from closed
    connections, and may lie a little longer.
    """
    gc.collect()
    gc.freeze()  # what is imported by now stays for good
    gc.set_threshold(10_000, 10, 10)


def tune_memory() -> None:
    """One arena for all threads, where the C library is glibc: it gives each thread its own, of which most stays
    unused (some 3 MB). Ours mostly wait for SQLite or for each other. mallopt(3)
    """
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_ARENA_MAX, 1)


def main() -> None:
    """Sets memory, logging, file types and the collector once, then hands over to the command line."""
    tune_memory()
    tune_collector()
    logs.set_up()
    for ending, kind in {
        ".woff2": "font/woff2",
        ".geojson": "application/geo+json",
        ".ics": "text/calendar",
    }.items():
        mimetypes.add_type(kind, ending)
    cli()


if __name__ == "__main__":
    main()
