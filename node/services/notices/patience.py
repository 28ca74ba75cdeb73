"""How a server that takes messages is waited for: for every outbox in the same way."""

from collections.abc import Callable

from node.domain.notices.answers import LONGEST_RETRY, Refusal, next_try

LONGEST_SILENCE = 900
"""Seconds: a server that came back is found within a quarter of an hour."""


class Patience:
    """What is known of one server since this process began. ``random``: that many bytes."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._failures = 0
        self._until = 0

    @property
    def lost(self) -> bool:
        """Whether it did not answer, or would have nothing of us, at the last turn."""
        return self._failures > 0

    def waits(self, now: int) -> bool:
        """Whether it is left alone at that moment (Unix seconds)."""
        return now < self._until

    def ends(self) -> None:
        """Somebody changed something: it is asked at the next turn."""
        self._until = 0

    def refused(self, now: int) -> None:
        """It took nothing: it is left alone, longer each time."""
        self._failures += 1
        self._until = min(next_try(now, self._failures, self._spread()), now + LONGEST_SILENCE)

    def answered(self) -> None:
        """It is there."""
        self._failures, self._until = 0, 0

    def again_at(self, now: int, tries: int, refusal: Refusal) -> int:
        """When one message that it did not take now is tried again; ``tries`` before this one."""
        at = next_try(now, tries + 1, self._spread())
        return max(at, now + min(refusal.wait, LONGEST_RETRY))

    def _spread(self) -> float:
        return self._random(1)[0] / 256
