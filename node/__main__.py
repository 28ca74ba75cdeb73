"""``mutualaid`` and ``python -m node``: the only place where the process as a whole is set up."""

import gc
import mimetypes

from node import logs
from node.cli import cli


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


def main() -> None:
    """Sets logging, file types and the collector once, then hands over to the command line."""
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
