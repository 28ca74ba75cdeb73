"""``mutualaid`` and ``python -m node``: the only place where the process as a whole is set up."""

import mimetypes
import os

from node import logs
from node.cli import cli


def main() -> None:
    """Sets logging and file types once, then hands over to the command line."""
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
