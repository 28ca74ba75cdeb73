"""``mutualaid`` and ``python -m node``: the only place where the process as a whole is set up."""

import gc
import mimetypes
import os

from node import logs
from node.cli import cli

GC_THRESHOLDS = (10_000, 10, 10)
"""When Python looks for garbage that refers to itself (its own default: 700, 10, 10).

A page of a pull makes a few thousand small objects that all live until the page is written; with the default the
collector walks through them, and at times through everything else, again and again and finds nothing. That took a
tenth of the time of an ingest. What it has to find comes from closed connections, and may lie a little longer.
"""


def main() -> None:
    """Sets logging, file types and the collector once, then hands over to the command line."""
    gc.set_threshold(*GC_THRESHOLDS)
    logs.set_up(os.environ.get("MUTUALAID_LOG_LEVEL", "info"))
    for ending, kind in {
        ".woff2": "font/woff2",
        ".geojson": "application/geo+json",
        ".ics": "text/calendar",
    }.items():
        mimetypes.add_type(kind, ending)
    cli()


if __name__ == "__main__":
    main()
