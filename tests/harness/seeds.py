"""The seeds of tests that do random things in any order: a few that are always the same, or as many as you like.

``SEEDS=100-299`` or ``SEEDS=7,121`` in the environment takes the place of the usual ones in every such test.
"""

import os

GIVEN = os.environ.get("SEEDS", "")
"""Not empty: then chance may leave a rare act out, and a test asks only whether the rules hold."""


def seeds(*usual: int) -> tuple[int, ...]:
    """``usual``, or those of the environment: numbers and ranges (both ends count), parted by commas. Raises
    ``ValueError``."""
    found: list[int] = []
    for part in GIVEN.split(",") if GIVEN else ():
        first, _, last = part.partition("-")
        found += range(int(first), int(last or first) + 1)
    return tuple(found) or usual
