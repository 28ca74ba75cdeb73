"""Requests that were turned down: how often and when last, for each peer in whose name they came and each code.

In memory, since this process began: a flood costs no writing. Only peers on our list have a row, and codes are few, so
nobody makes it grow. Who really sent what was not signed is not known: it is in the peer's name and no more.
"""

from collections.abc import Mapping
from typing import NamedTuple

from federation.ports import Clock, Peers


class TurnedDown(NamedTuple):
    """How often, and when last (Unix seconds)."""

    times: int
    last: int


class Turned:
    """Counts what a node answers with a refusal."""

    def __init__(self, peers: Peers, clock: Clock) -> None:
        self._peers = peers
        self._clock = clock
        self._by_peer: dict[str, dict[str, TurnedDown]] = {}

    async def note(self, origin: str, code: str) -> None:
        """One more, if ``origin`` is on our list."""
        if origin not in self._by_peer and await self._peers.get(origin) is None:
            return
        codes = self._by_peer.setdefault(origin, {})
        before = codes.get(code, TurnedDown(0, 0))
        codes[code] = TurnedDown(before.times + 1, int(self._clock.now().timestamp()))

    def of(self, origin: str) -> Mapping[str, TurnedDown]:
        """By code."""
        return dict(self._by_peer.get(origin, {}))
