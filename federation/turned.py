"""Requests that were turned down: how often and when last, for each peer in whose name they came and each code.

In memory, since this process began: a flood costs no writing. Only peers on our list have a row, and codes are few, so
nobody makes it grow. Who really sent what was not signed is not known: it is in the peer's name and no more.
"""

from collections.abc import Mapping
from typing import NamedTuple

from federation.ports import Clock, Peers

LIST_SECONDS = 60
"""So old the list may be against which names are held."""


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
        self._listed: frozenset[str] = frozenset()
        self._read_at = -LIST_SECONDS

    async def note(self, origin: str, code: str) -> None:
        """One more, if ``origin`` is on our list. That is read once a minute, whoever asks: a flood in made-up names
        costs no reading either, and nobody learns from how long it takes who is on it."""
        now = int(self._clock.now().timestamp())
        if not 0 <= now - self._read_at < LIST_SECONDS:
            self._read_at = now
            self._listed = frozenset(peer.origin for peer in await self._peers.list())
        if origin not in self._listed:
            return
        codes = self._by_peer.setdefault(origin, {})
        before = codes.get(code, TurnedDown(0, 0))
        codes[code] = TurnedDown(before.times + 1, now)

    def of(self, origin: str) -> Mapping[str, TurnedDown]:
        """By code."""
        return dict(self._by_peer.get(origin, {}))
