"""Whose statements come in, how many of them, and what is passed on: rules as values."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import get_args

from federation.ports import Peer, PeerState
from protocol import b64
from protocol.limits import SET_CHANGES_PER_DAY, SET_LIVE, SET_WITHDRAWALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much of one other origin is held. Our own lines know no quota."""

    live: int = SET_LIVE
    """Summaries shown; what is above is kept hidden."""
    withdrawals: int = SET_WITHDRAWALS
    changes: int = SET_CHANGES_PER_DAY
    """Summaries of one set that may change in a day by our clock; what is above is kept hidden until there is room
    again. Withdrawals are not counted."""
    hidden: int = 4 * SET_LIVE
    """Registers kept hidden, for whatever reason; what is above is refused."""


REFUSALS = {
    "origin_unknown": "the origin is not on our list",
    "origin_paused": "the origin is paused by our operators",
    "origin_blocked": "the origin is blocked by our operators",
    "origin_left": "the origin said farewell",
    "origin_reader": "the origin may read here and brings nothing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """The peers' states at one moment, with ourselves.

    What our operators decided about an origin stands before any vouch. A row that only asked to join is no
    decision.
    """

    own: str
    active: frozenset[str]
    """Peers and hubs that we talk with."""
    paused: frozenset[str]
    blocked: frozenset[str]
    left: frozenset[str] = frozenset()
    ended: frozenset[str] = frozenset()
    """Those of ``left`` whose farewell is held: of them nothing is held but that and their keys."""
    readers: frozenset[str] = frozenset()
    """They may ask, and bring nothing."""
    vouched: Mapping[str, str] = field(default_factory=dict)
    """Origin -> the hub of ours that vouches for it. None of them is in any of the sets above."""
    members: frozenset[str] = frozenset()
    """Those of ``active`` whose hub we are."""
    gives: Mapping[str, str] = field(default_factory=dict)
    """What a peer gets of our own sets, where that is not both."""

    @classmethod
    def of(
        cls,
        own: str,
        peers: Iterable[Peer],
        vouched: Mapping[str, str] | None = None,
        farewells: Collection[str] = (),
    ) -> "AllowList":
        """From the host's list, whom active hubs vouch for, and whose farewell is held."""
        groups: dict[str, set[str]] = {name: set() for name in (*get_args(PeerState), "reader")}
        rows = [peer for peer in peers if peer.origin != own]
        for peer in rows:
            reads = peer.state == "active" and peer.role == "reader"
            groups["reader" if reads else peer.state].add(peer.origin)
        decided = {own}.union(*(each for name, each in groups.items() if name != "asked"))
        brought = {origin: by for origin, by in (vouched or {}).items() if origin not in decided}
        active, still = groups["active"], groups["paused"]
        return cls(
            own=own,
            active=frozenset(active),
            paused=frozenset(still | {origin for origin, by in brought.items() if by in still}),
            blocked=frozenset(groups["blocked"]),
            left=frozenset(groups["left"]),
            ended=frozenset(groups["left"] & set(farewells)),
            readers=frozenset(groups["reader"]),
            vouched={origin: by for origin, by in brought.items() if by in active},
            members=frozenset(peer.origin for peer in rows if peer.vouched and peer.origin in active),
            gives={peer.origin: peer.gives for peer in rows if peer.gives != "both"},
        )

    def refusal(self, origin: str) -> str | None:
        """Why nothing of this origin comes in now (a key of REFUSALS); None if it may, whoever carries it."""
        if origin == self.own or origin in self.active or origin in self.vouched:
            return None
        named = {
            "origin_blocked": self.blocked,
            "origin_paused": self.paused,
            "origin_left": self.left,
            "origin_reader": self.readers,
        }
        return next((code for code, group in named.items() if origin in group), "origin_unknown")

    @property
    def served(self) -> frozenset[str]:
        """Origins whose lines come in, and whose set ``public`` we pass on."""
        return self.active | {self.own} | frozenset(self.vouched)

    @property
    def told_of(self) -> frozenset[str]:
        """``served``, and who closed for good: whoever knows that group by us alone would show its needs on."""
        return self.served | self.ended

    @property
    def visible(self) -> frozenset[str]:
        """Origins whose lines are shown as far as they are held; all others are hidden, whatever way they came."""
        return self.served | self.paused

    def sets_for(self, asker: str) -> tuple[frozenset[str], frozenset[str]]:
        """(origins whose set ``public``, origins whose set ``peers``) an approved asker gets of us.

        Set ``peers`` is our own, and for a member whose hub we are also that of our other members. What the
        asker itself published goes back to it in any case: so it finds its own lines again after a loss. Of who
        closed for good there is the farewell.
        """
        gives = self.gives.get(asker, "both")
        public = self.told_of if gives != "nothing" else self.told_of - {self.own}
        own = frozenset({asker}) & self.served
        if gives != "both":
            return public, own
        return public, own | {self.own} | (self.members if asker in self.members else frozenset())

    @property
    def fingerprint(self) -> str:
        """Changes whenever other origins may come in: a cursor that we were given holds for one such list only."""
        return _hashed(("", self.served))

    def fingerprint_for(self, asker: str) -> str:
        """Changes whenever this asker may get other lines: a cursor that we gave it holds for one such list."""
        public, peers = self.sets_for(asker)
        return _hashed(("public ", public), ("peers ", peers))


@lru_cache(maxsize=256)
def _hashed(*groups: tuple[str, frozenset[str]]) -> str:
    """Of names, each with what stands before it. Remembered: it is asked for with every request."""
    names = sorted(f"{before}{each}" for before, group in groups for each in group)
    return b64.encode(hashlib.sha256("\n".join(names).encode()).digest()[:6])
