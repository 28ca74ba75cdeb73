"""How often a peer may ask, and how much is answered at once: so that none is served at the cost of others."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

BURST = 600
"""Requests that a peer may make at once after a pause: 300,000 lines in full pages."""
PER_SECOND = 2.0
"""Requests a second for as long as it likes."""
REST = 60
"""Seconds after which one who asked too much may go on: with ``REST * PER_SECOND`` requests in hand."""
AT_ONCE = 32
"""Requests answered at the same time; one peer may have a quarter of them."""
RETRY_BUSY = 30
"""Seconds after which to try again where too many came at once."""


class Pace:
    """A bucket for each peer that fills with time. ``at`` is a running clock, in seconds."""

    def __init__(self, *, burst: int = BURST, per_second: float = PER_SECOND) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, peer: str, *, at: float) -> int | None:
        """None if the peer may ask now; else after how many seconds (1 or more) it may."""
        left, since = self._buckets.get(peer, (self._burst, at))
        left = min(self._burst, left + max(0.0, at - since) * self._per_second)
        if left >= 1.0:
            self._buckets[peer] = (left - 1.0, at)
            return None
        self._buckets[peer] = (left, at)
        enough = min(self._burst, REST * self._per_second)
        return max(1, math.ceil((enough - left) / self._per_second))


class Places:
    """Requests that are being answered."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._taken: dict[str, int] = {}

    @contextmanager
    def one(self, peer: str) -> Iterator[bool]:
        """Whether there is a place; it is kept until the context ends."""
        mine = self._taken.get(peer, 0)
        free = mine < max(1, self._at_once // 4) and sum(self._taken.values()) < self._at_once
        if not free:
            yield False
            return
        self._taken[peer] = mine + 1
        try:
            yield True
        finally:
            self._taken[peer] -= 1
            if not self._taken[peer]:
                del self._taken[peer]
