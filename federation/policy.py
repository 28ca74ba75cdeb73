"""Whose statements come in, how many of them, and what is passed on: rules as values."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from federation.ports import Peer
from protocol.limits import SET_LIVE, SET_WITHDRAWALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much of one other origin is held. Our own lines know no quota."""

    live: int = SET_LIVE
    """Summaries shown; what is above is kept hidden."""
    withdrawals: int = SET_WITHDRAWALS
    hidden: int = 4 * SET_LIVE
    """Registers kept hidden, for whatever reason; what is above is refused."""


REFUSALS = {
    "origin_unknown": "the origin is not on our list",
    "origin_paused": "the origin is paused by our operators",
    "origin_blocked": "the origin is blocked by our operators",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """The peers' states at one moment, with ourselves."""

    own: str
    active: frozenset[str]
    paused: frozenset[str]
    blocked: frozenset[str]

    @classmethod
    def of(cls, own: str, peers: Iterable[Peer]) -> "AllowList":
        """From the host's list."""
        states: dict[str, set[str]] = {"active": set(), "paused": set(), "blocked": set()}
        for peer in peers:
            if peer.origin != own:
                states[peer.state].add(peer.origin)
        return cls(
            own=own,
            active=frozenset(states["active"]),
            paused=frozenset(states["paused"]),
            blocked=frozenset(states["blocked"]),
        )

    def refusal(self, origin: str) -> str | None:
        """Why nothing of this origin comes in now (a key of REFUSALS); None if it may, whoever carries it."""
        if origin == self.own or origin in self.active:
            return None
        if origin in self.blocked:
            return "origin_blocked"
        return "origin_paused" if origin in self.paused else "origin_unknown"

    @property
    def served(self) -> frozenset[str]:
        """Origins whose set ``public`` we pass on to active peers. Set ``peers`` goes out for ourselves
        only."""
        return self.active | {self.own}

    @property
    def fingerprint(self) -> str:
        """Changes whenever other origins may come in or go out: a cursor holds for one such list only."""
        return hashlib.sha256("\n".join(sorted(self.served)).encode()).hexdigest()[:12]
