"""Requests that were turned down: how often and when last, for each peer in whose name they came, each code, and
whether they were proved to be that peer's.

In memory, since this process began: a flood costs no writing. Only peers on our list have a row, and codes are few, so
nobody makes it grow. Anybody may ask in anybody's name, so what was not proved is counted apart and says nothing of the
peer.
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
        self._by_peer: dict[str, dict[tuple[str, bool], TurnedDown]] = {}
        self._listed: frozenset[str] = frozenset()
        self._read_at = -LIST_SECONDS

    async def note(self, origin: str, code: str, *, proved: bool) -> None:
        """One more, if ``origin`` is on our list; ``proved``: signed with the key that we hold of it. The list is read
        once a minute, whoever asks: a flood in made-up names costs no reading either, and nobody learns from how long
        it takes who is on it."""
        now = int(self._clock.now().timestamp())
        if not 0 <= now - self._read_at < LIST_SECONDS:
            self._read_at = now
            self._listed = frozenset(peer.origin for peer in await self._peers.list())
        if origin not in self._listed:
            return
        codes = self._by_peer.setdefault(origin, {})
        before = codes.get((code, proved), TurnedDown(0, 0))
        codes[code, proved] = TurnedDown(before.times + 1, now)

    def of(self, origin: str) -> Mapping[tuple[str, bool], TurnedDown]:
        """By code, and whether it was proved to be theirs."""
        return dict(self._by_peer.get(origin, {}))
