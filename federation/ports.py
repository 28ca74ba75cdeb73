"""What the network side needs of its host. The host implements these; nothing here knows how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

PeerState = Literal["active", "paused", "blocked"]


class Clock(Protocol):
    """Time, passed in so that tests can move it."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, from an arbitrary start."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another group's node, as our operators entered it.

    ``active``: we talk and accept its statements. ``paused``: what we hold of it stays visible, nothing new
    comes in. ``blocked``: what we hold of it is hidden at once, whatever way it came.
    """

    origin: str
    """did:key of its root key."""
    url: str | None
    """``https://...`` without ``/mac/v1``; None for a node that only calls us."""
    name: str
    state: PeerState
    allow_private: bool
    """The operator allows addresses of private networks for this peer."""


class Peers(Protocol):
    """The allow list."""

    async def list(self) -> Sequence[Peer]:
        """Every peer ever added, blocked ones too; never ourselves."""
        ...

    async def get(self, origin: str) -> Peer | None:
        """One of them."""
        ...


class Signer(Protocol):
    """Our own identity on the wire."""

    @property
    def origin(self) -> str:
        """did:key of our root key."""
        ...

    @property
    def did(self) -> str:
        """did:key of our op key, which signs statements and HTTP messages."""
        ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes, Ed25519 by the op key."""
        ...

    async def own_keys_lines(self) -> list[bytes]:
        """Our keys line and our profile line, in this order; what ``GET node`` answers."""
        ...
