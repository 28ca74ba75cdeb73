"""What time it is at other nodes, as they sign it with every answer."""

from collections.abc import Mapping

from node.clock import Clock
from node.domain.sharing.trusted_clock import TimeSaid

MOST = 1_000
"""Origins remembered; the oldest word is forgotten first."""


class TimesTold:
    """Implements ``node.ports.NeighbourTimes``: the last word of each, in memory, for as long as the process runs
    (the running clock, which it is held against, begins anew with it)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._said: dict[str, TimeSaid] = {}

    def heard(self, origin: str, at: int) -> None:
        """``origin`` answered a request of ours and signed ``at`` (Unix seconds) as its time."""
        self._said.pop(origin, None)
        self._said[origin] = TimeSaid(at=at, monotonic=self._clock.monotonic())
        while len(self._said) > MOST:
            del self._said[next(iter(self._said))]

    def said(self) -> Mapping[str, TimeSaid]:
        return self._said
