"""What the network side needs of its host. The host implements these; nothing here knows how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

PeerState = Literal["asked", "active", "paused", "blocked", "left"]
PeerRole = Literal["peer", "hub", "reader"]
Gives = Literal["both", "public", "nothing"]


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
    """Another group's node, as our operators decided on it.

    ``asked``: it introduced itself and our operators have not approved it: no talks, nothing in, nothing out.
    ``active``: we talk and accept its statements. ``paused``: what we hold of it stays visible, nothing new
    comes in. ``blocked``: what we hold of it is hidden at once, whatever way it came. ``left``: it said
    farewell, or we did: nothing of it is held or comes in.
    """

    origin: str
    """did:key of its root key."""
    url: str | None
    """``https://...`` without ``/mac/v1``; None for a node that only calls us."""
    name: str
    state: PeerState
    allow_private: bool
    """The operator allows addresses of private networks for this peer."""
    role: PeerRole = "peer"
    """What it is to us. ``hub``: those whom it vouches for are allowed too. ``reader``: it may ask for lines,
    and brings none of its own."""
    vouched: bool = False
    """We are its hub: we vouch for it, take mail for it, and serve it the set ``peers`` of our other members."""
    gives: Gives = "both"
    """Which of our own sets it gets."""
    takes: frozenset[str] | None = None
    """Kinds of help (codes as in summaries) of theirs that we show and accept offers for; None: all."""


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


class Introductions(Protocol):
    """Where nodes arrive that bring an invitation. Bound by the host to its operators' decisions."""

    async def is_open(self, secret: str, origin: str) -> bool:
        """Whether an invitation with this secret may be used by that origin: not over, and not used by another."""
        ...

    async def introduce(
        self, origin: str, *, secret: str, url: str | None, keys_line: bytes, profile_line: bytes | None
    ) -> str:
        """Takes note of the node, whose request and lines were verified; ``asked`` or, if our operators had
        added it before, ``active``. The same again changes nothing. Raises ``federation.errors.Refused``."""
        ...


class Inbox(Protocol):
    """Where direct messages to us go."""

    async def take(self, sealed: bytes, *, via: str) -> str:
        """Keeps a message that ``via`` brought: ``taken``, or ``seen`` if it came before. Raises
        :class:`federation.errors.LetterRefused`."""
        ...

    async def still_heard(self, origin: str) -> bool:
        """Whether something that this origin handed over lies here, which it may want deleted, or something that we
        took back lay there, and it did not say yet that it is deleted: then it brings letters though we do not talk
        with it."""
        ...


class Mail(Protocol):
    """Mailboxes of members whose hub we are. Nothing in them can be read here."""

    async def put(self, sealed: bytes, *, via: str) -> str:
        """Keeps a message for one of our members: ``taken`` or ``seen``. Raises LetterRefused."""
        ...

    async def waiting(self, member: str, *, limit: int) -> Sequence[tuple[str, bytes]]:
        """The oldest messages for that member: (who brought it, message). Raises LetterRefused."""
        ...

    async def done(self, member: str, ids: Sequence[str]) -> int:
        """The member has these: they are forgotten. Returns how many."""
        ...
