"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Implements ``node.clock.Clock`` and ``federation.ports.Clock``."""

    def __init__(self, start: datetime = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def synchronised(self) -> bool:
        return False

    def zone_name(self) -> str:
        return "UTC"

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Moves both clocks forward together, as time does."""
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        self._now += step
        self._monotonic += step.total_seconds()

    def jump(self, *, days: float = 0, seconds: float = 0) -> None:
        """Moves the wall clock alone, as a wrong clock does."""
        self._now += timedelta(days=days, seconds=seconds)
