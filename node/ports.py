"""What the services need of the network side; bound to ``federation`` in ``node.app`` and nowhere else.

The values that cross are protocol dataclasses or the small frozen ones below.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from node.domain.sharing.trusted_clock import TimeSaid
from node.errors import N_
from protocol.statements import Profile, Summary, Withdrawal
from protocol.trust import Advice, Farewell


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
class TurnedDown:
    """Requests in one group's name that this node answered with a refusal, since it was started."""

    code: str
    times: int
    last: int
    """Unix seconds."""
    proved: bool
    """They were signed by that group; else anybody may have sent them."""


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
    visible: bool = True
    """Whether what it published is shown; False for who is blocked or left, or whose hub is."""
    voucher: str | None = None
    """The hub that vouches for it, if we decided nothing about it ourselves."""
    error_code: str | None = None
    """A key of ``federation.errors.CODES`` while the last talk failed."""
    tries: int = 0
    """Failed talks in a row."""
    behind: bool = False
    """The last talk ended before the peer had no more to send."""
    hidden: int = 0
    """Lines of it that are held but not shown: too many, or of a day that has not come."""
    issued: int | None = None
    """When its newest head was signed, Unix seconds."""
    next_by: int | None = None
    """By when it said that the next one would come."""
    rollbacks: int = 0
    """Heads older than the ones we held that it ever told us, of any group: it is behind, or wants us to be."""
    last_rollback: int | None = None
    omissions: int = 0
    """Sets of which it ever left something out, and did not bring it when asked."""
    last_omission: int | None = None
    contradictions: int = 0
    """How often it signed two different things at once. A new beginning lifts the mark ``forked``, not this."""
    contradicted: int | None = None
    """When that was seen last, Unix seconds."""
    turned_down: tuple[TurnedDown, ...] = ()
    """By code; what was not proved to be its own is in its name only."""

    def silent_since(self, now: int) -> int | None:
        """When it was last heard from, Unix seconds, if it let the time go by at which it said it would speak again."""
        return self.issued if self.next_by is not None and self.next_by < now else None


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
        kind: str = "need",
        limit: int = 1000,
    ) -> Sequence[SeenNeed]:
        """Live summaries of ``kind`` (need or offer), nearest label first when ``near`` is given."""
        ...

    async def origins(self) -> Sequence[SeenOrigin]:
        """Every origin known or allowed, ours first."""
        ...

    async def advice(self) -> Sequence[Advice]:
        """What groups advise against, as far as it counts today. Nothing follows from it by itself."""
        ...

    async def farewells(self) -> Sequence[Farewell]:
        """Of every group that closed for good and did not come back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How many peers were asked, and how many answered."""

    asked: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnStanding:
    """Where we stand by what the neighbourhood store holds of ours, whoever brought it."""

    position: tuple[int, int] | None
    """The highest (epoch, seq)."""
    keys_rev: int
    contradicted: bool
    """Two lines of ours with one number are held, of the epoch that counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHeld:
    """Everything that the neighbourhood store holds of ours."""

    position: tuple[int, int] | None
    items: Sequence[Summary | Withdrawal]
    """Of the epoch that counts; what is over is not among them."""
    whole: frozenset[str]
    """The sets that agree with their heads."""
    heard: int | None
    """When the newest of those heads was issued, Unix seconds."""


class OwnStatements(Protocol):
    """Hands our own signed lines to the neighbourhood store, through the one way in."""

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        """Idempotent: lines already held are skipped."""
        ...

    async def fetch_back(self) -> Asked:
        """After a restore: asks every peer what it holds of ours. Peers that do not answer are passed over."""
        ...

    async def own_standing(self) -> OwnStanding:
        """Where we stand by what is held of ours."""
        ...

    async def own_held(self) -> OwnHeld:
        """Everything that is held of ours."""
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
    profile: Profile | None = None
    """What it says of itself; None if it has not published a profile yet."""


class Discovery(Protocol):
    """Asks a URL who lives there."""

    async def ask(self, url: str, *, allow_private: bool) -> Discovered:
        """Raises ``node.errors.Unreachable`` with the reason in words."""
        ...

    async def introduce(
        self, url: str, origin: str, *, secret: str, own_url: str | None, allow_private: bool
    ) -> str:
        """Asks the node ``origin`` at ``url`` to let us join, with an invitation's secret: ``asked`` (its people
        decide now) or ``active``. Raises ``Unreachable``; its hint is ``invite_unknown`` if that is over."""
        ...


class NeighbourTimes(Protocol):
    """What time it is elsewhere."""

    def said(self) -> Mapping[str, TimeSaid]:
        """By origin, what each that answered us signed last as its time; of anybody, on our list or not."""
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
    code: str | None = None
    """What went wrong, of ``federation.errors.CODES``."""
    found: str | None = None
    """With the code ``other_node``: the id of who lives at that address now."""
    rolled_back: int = 0
    """Groups of which it told an older state than we hold."""
    omitted: int = 0
    """Groups of whose news it left some out."""
    not_taken: int = 0
    """Lines of ours that it refused when we last brought it some."""
    not_held: int = 0
    """Sets of ours that it did not hold whole after that."""
    notice: str | None = None
    """Both in words, for the operator."""


class Rounds(Protocol):
    """Talks with peers now."""

    async def sync(self, origins: Collection[str] | None = None) -> Sequence[Round]:
        """One pull round with each active peer (or those named)."""
        ...

    async def list_changed(self) -> None:
        """The list of peers changed: what is blocked now is out of sight when this returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One set of a file that is not held whole after it was read in."""

    origin: str
    name: str
    """What the group calls itself, else its id."""
    set_name: str
    why: str
    """``writer_behind``, ``left_out``, ``not_yet``; ``no_list`` of the group as a whole, with an empty ``set_name``."""
    held: int
    """Lines held of it."""
    counted: int
    """Lines that the group says there are."""

    @property
    def words(self) -> str:
        """The reason as a msgid with ``%(name)s``, ``%(held)s`` and ``%(counted)s``."""
        return MISSING[self.why]


MISSING: Mapping[str, str] = {
    "writer_behind": N_(
        "%(name)s: %(held)s of %(counted)s. Whoever wrote the file did not have the rest either."
    ),
    "left_out": N_("%(name)s: %(held)s of %(counted)s. The rest was left out of the file."),
    "not_yet": N_("%(name)s: %(held)s of %(counted)s. The rest comes with the next news of them."),
    "no_list": N_(
        "%(name)s: the file has no list of what it should hold. It may have been cut off: ask for it again."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a file that was brought by hand. Counts of lines."""

    ok: bool
    """No line was refused for what it is."""
    received: int
    """New to us."""
    same: int
    """Held already."""
    refused: int
    passed_over: int
    """Of groups that are not on our list."""
    error: str | None
    """The first refusals in words."""
    missing: tuple[Missing, ...]
    stopped: bool = False
    """So many lines could not be read that the rest was left alone."""


class Carrier(Protocol):
    """Bundles as files: the same bytes that travel by network."""

    async def export(self, sets: Collection[str], *, to: str | None = None) -> bytes:
        """Set ``public`` as held, as one bundle; with ``to``, a peer's id, exactly what that peer may get of these
        sets. Raises ``Conflict`` (``not_active``) for a peer that may get nothing now, and for set ``peers``
        without a peer.
        """
        ...

    async def take(self, data: bytes) -> Brought:
        """Brings a bundle in; a second time changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptProof:
    """Two lines that one key signed for one place: the group contradicts itself, and anybody can check."""

    origin: str
    name: str
    seen: int
    """Unix seconds."""
    bundle: bytes
    """Both lines, and the keys line that says whose they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """One line in quarantine."""

    sha: str
    """SHA-256 of its bytes, in hexadecimal digits."""
    raw: bytes
    """As it came: a stranger's bytes."""
    code: str
    detail: str
    via: str
    """The id of whoever brought it."""
    times: int
    last_seen: int
    """Unix seconds."""


class Evidence(Protocol):
    """What was kept of wrong lines."""

    async def proofs(self, origin: str | None = None) -> Sequence[KeptProof]:
        """Of one group or of all, the oldest first."""
        ...

    async def refused(self, limit: int) -> Sequence[RefusedLine]:
        """The newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Another group, as somebody who writes it letters needs to know it."""

    origin: str
    name: str
    state: str
    """allowed (letters go and are acted on), paused, or why not: blocked, left, reader, unknown."""
    url: str | None
    """Where it is reached; None for one that only calls others."""
    op_key: str | None
    """did:key that signs its letters; None if we never heard of it."""
    box_key: bytes | None
    """X25519 public key that letters to it are sealed to, by its profile."""
    hubs: tuple[str, ...]
    """Hubs that may take letters for it, those that vouch for it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One sealed letter that a hub kept for us."""

    sender: str
    """Who left it there, as the hub says."""
    message: bytes


class NotTaken(Exception):
    """A sealed letter was not taken, here or by another node; ``code`` is stable and machine-readable."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        """Seconds until the other side wants to be asked again, if it said so."""


class Post(Protocol):
    """Carries sealed letters. Whatever the other side does ends in an answer or in :class:`NotTaken`."""

    async def correspondent(self, origin: str) -> Correspondent:
        """What is known of that group; of one never heard of, that."""
        ...

    async def send(self, to: str, message: bytes) -> str:
        """Brings a letter to the group itself: ``taken`` or ``seen``."""
        ...

    async def leave(self, hub: str, message: bytes) -> str:
        """Leaves a letter at a hub for one of its members: ``taken`` or ``seen``."""
        ...

    async def hubs(self) -> Sequence[str]:
        """The hubs that may keep letters for us."""
        ...

    async def fetch(self, hub: str, limit: int) -> Sequence[Mail]:
        """The oldest letters that a hub keeps for us."""
        ...

    async def done(self, hub: str, ids: Sequence[str]) -> None:
        """Tells a hub which of them we have: it forgets them."""
        ...

    async def refresh(self, origin: str) -> None:
        """Asks a group for its present profile; nothing happens if it does not answer."""
        ...


class Misled(Exception):
    """An address that we do not go to: it leads into a private network, or is spelled so that programs differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What an address of a stranger answered to a POST. ``status`` 0: nobody answered, or not in time."""

    status: int
    said: str = ""
    """Its first words; without an answer, why."""
    wait: int = 0
    """Seconds after which it wants to be asked again, if it said so."""


class Outside(Protocol):
    """Brings bytes to an address that somebody outside of the group gave us."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """One request; a redirect is an answer like any other and is not followed. Raises ``Misled``."""
        ...
