"""What the services need of the network side; bound to ``federation`` in ``node.app`` and nowhere else.

The values that cross are protocol dataclasses or the small frozen ones below.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from protocol.statements import Profile, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenNeed:
    """One summary as this node holds it: who published it, in which set, and how fresh its origin is."""

    origin: str
    origin_name: str
    own: bool
    summary: Summary
    origin_state: str
    """complete, catching_up, pending, stale, incomplete or forked."""
    last_heard: int | None
    """Unix seconds of the last accepted head of that origin, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOrigin:
    """What this node knows of one origin and of the last talk with it."""

    origin: str
    name: str
    url: str | None
    state: str
    live: int
    profile: Profile | None
    last_success: int | None
    last_try: int | None
    last_error: str | None
    next_try: int | None


class NeighbourhoodReader(Protocol):
    """Reads what all groups published, ours included."""

    async def needs(
        self,
        *,
        sets: Collection[str],
        today: date,
        near: tuple[float, float] | None = None,
        km: float | None = None,
        categories: Collection[str] | None = None,
        origins: Collection[str] | None = None,
        limit: int = 1000,
    ) -> Sequence[SeenNeed]:
        """Live summaries of kind need, nearest label first when ``near`` is given."""
        ...

    async def origins(self) -> Sequence[SeenOrigin]:
        """Every origin known or allowed, ours first."""
        ...


class OwnStatements(Protocol):
    """Hands our own signed lines to the neighbourhood store, through the one way in."""

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        """Idempotent: lines already held are skipped."""
        ...

    async def fetch_back(self) -> None:
        """After a restore: asks every peer what it holds of ours. Peers that do not answer are passed over."""
        ...

    async def own_position(self) -> tuple[int, int] | None:
        """The highest (epoch, seq) of ours that the neighbourhood store holds."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """What a URL answered when asked who it is; the signature of its keys line was checked."""

    origin: str
    words: tuple[str, ...]
    name: str
    url: str


class Discovery(Protocol):
    """Asks a URL who lives there."""

    async def ask(self, url: str, *, allow_private: bool) -> Discovered:
        """Raises ``node.errors.Unreachable`` with the reason in words."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One talk with one peer."""

    origin: str
    name: str
    ok: bool
    received: int
    refused: int
    """Lines that are not as they should be."""
    passed_over: int
    """Lines of groups that are not on our list: nobody's fault."""
    error: str | None


class Rounds(Protocol):
    """Talks with peers now."""

    async def sync(self, origins: Collection[str] | None = None) -> Sequence[Round]:
        """One pull round with each active peer (or those named)."""
        ...

    async def list_changed(self) -> None:
        """The list of peers changed: what is blocked now is out of sight when this returns."""
        ...


class Carrier(Protocol):
    """Bundles as files: the same bytes that travel by network."""

    async def export(self, sets: Collection[str]) -> bytes:
        """Everything held of those sets, as one bundle."""
        ...

    async def take(self, data: bytes) -> Round:
        """Brings a bundle in; a second time changes nothing."""
        ...
