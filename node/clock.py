"""Time, passed in everywhere so that tests can move it."""

import time
from datetime import UTC, date, datetime
from typing import Protocol


class Clock(Protocol):
    """What the node knows of time."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, from an arbitrary start."""
        ...


class SystemClock:
    """The machine's own clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


def unix(clock: Clock) -> int:
    """Now, as whole Unix seconds."""
    return int(clock.now().timestamp())


def today(clock: Clock) -> date:
    """The UTC calendar day that protocol days are counted in."""
    return clock.now().date()
