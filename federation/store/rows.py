"""The values that cross the neighbourhood store's interface. Times are Unix seconds, days
``date.toordinal()``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from protocol.head import Entry
from protocol.register import OriginState
from protocol.statements import Head, Profile, Summary

Key = tuple[str, bytes]
"""(origin, slot): what a line is the current version of. See ``schema`` for the slots of keys, profile and
heads."""


class Totals(NamedTuple):
    """How many registers of an origin are held in one of its sets."""

    live: int = 0
    """Summaries that are not hidden."""
    withdrawn: int = 0
    """All else that is not hidden: withdrawals, vouches, advice."""
    hidden: int = 0
    """Those with a reason not to show them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOrigin:
    """What is known of an origin itself. ``number`` is 0 for one never seen."""

    origin: str
    number: int = 0
    keys_rev: int = 0
    keys_sha: bytes | None = None
    epoch_floor: int = 0
    op_key: str | None = None
    epoch: int = 0
    forked_epoch: int = 0
    forked_rev: int = 0
    blocked: bool = False
    totals: Mapping[str, Totals] = field(default_factory=dict)
    """By set, for those of which something is or was held."""

    @property
    def hides(self) -> bool:
        """Whether a register of it is held and not shown."""
        return any(each.hidden for each in self.totals.values())

    @property
    def registers(self) -> int:
        """How many are held in all."""
        return sum(map(sum, self.totals.values()))

    @property
    def state(self) -> OriginState | None:
        """The same for the merge rules; None while no keys line is held."""
        if self.op_key is None or self.keys_sha is None:
            return None
        return OriginState(
            origin=self.origin,
            keys_rev=self.keys_rev,
            keys_sha=self.keys_sha,
            epoch_floor=self.epoch_floor,
            epoch=self.epoch,
            op_key=self.op_key,
            forked_epoch=self.forked_epoch,
            forked_rev=self.forked_rev,
        )


class HeldLine(NamedTuple):
    """The current line of a slot. (A NamedTuple: one for every line of a page.)"""

    kind: int
    set: str
    """Empty for keys and profile."""
    epoch: int
    seq: int
    sha: bytes
    hidden: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldHead:
    """A head as held, with what was last found about its set."""

    origin: str
    head: Head
    sha: bytes
    state: str
    """catching_up, pending, complete or incomplete; staleness and forks are told when reading."""
    beyond_repair: bool
    """A line that this head counts was found to be falsely signed: nobody can bring a better one."""


class Allowance(NamedTuple):
    """How many more summaries an origin may change in one of its sets; see ``federation.allowances``."""

    origin: str
    set: str
    day: int
    """As of which day; ``date.toordinal()`` by our clock."""
    room: int
    whole_day: int
    """The last day on which a whole set was allowed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """Everything that judging one page needs, from one snapshot."""

    origins: Mapping[str, HeldOrigin]
    """Every origin that was asked for, known or not."""
    lines: Mapping[Key, HeldLine]
    heads: Mapping[tuple[str, str], HeldHead]
    """By (origin, set), for every origin asked for."""
    sets: Mapping[tuple[str, str], Sequence[Entry]] = field(default_factory=dict)
    """Registers held, by (origin, set): of the sets that were asked for."""
    allowances: Mapping[tuple[str, str], Allowance] = field(default_factory=dict)
    """By (origin, set), for every origin asked for."""


class NewLine(NamedTuple):
    """A verified line to keep as the current one of its slot. (A NamedTuple: one for every line of a
    page.)"""

    origin: str
    slot: bytes
    kind: int
    set: str
    epoch: int
    seq: int
    sha: bytes
    line: bytes
    replaces: bool
    hidden: str | None
    """Why it is kept but not shown: over_quota, or a reason of ``protocol.register``; it counts in the
    digest."""
    expires: int | None = None
    need: bool | None = None
    place: int | None = None
    category: str | None = None
    status: int | None = None
    checked: bool = True
    """Its own signature was verified; otherwise it came with its whole set under a head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A refused line: kept by its hash, so that the same nonsense is one row however often it comes."""

    sha: bytes
    raw: bytes
    code: str
    detail: str
    via: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Two lines signed by one key for one place in its order: the origin contradicts itself, and anybody can
    check."""

    origin: str
    slot: bytes
    first: bytes
    second: bytes
    seen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far we have read a peer's feed, and for which list of allowed origins that holds."""

    peer: str
    cursor: str
    allowed: str


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one page comes to. Applied in one transaction or not at all."""

    origins: list[OriginState] = field(default_factory=list)
    """Origins whose keys, epoch or forked mark changed."""
    heard: set[str] = field(default_factory=set)
    """Origins of whom a new head came."""
    drop_below: dict[str, int] = field(default_factory=dict)
    """Origin -> epoch: everything it published under a lower one goes."""
    lines: list[NewLine] = field(default_factory=list)
    heads: list[HeldHead] = field(default_factory=list)
    bad: list[BadLine] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)
    position: Position | None = None

    def __bool__(self) -> bool:
        return bool(
            self.origins
            or self.drop_below
            or self.lines
            or self.heads
            or self.bad
            or self.proofs
            or self.allowances
            or self.position
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHeld:
    """One (origin, set) as its head's digest sees it."""

    head: HeldHead
    entries: Sequence[Entry]


class FeedRow(NamedTuple):
    """One line of the changes feed. (A NamedTuple: one for every line of a page.)"""

    arrival: int
    origin: str
    is_item: bool
    """A summary or withdrawal, as against keys, profile and head."""
    line: bytes
    set: str = ""
    """Empty for what stands in none."""
    unchecked: bool = False
    """Its own signature was not looked at yet (``federation.checks``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRows:
    """A stretch of the feed from one snapshot."""

    rows: Sequence[FeedRow]
    ahead: Sequence[FeedRow]
    """Keys, profiles and heads of the origins in ``rows`` that arrived after the last of them."""
    more: bool
    newest: int
    """The highest arrival number given so far."""
    behind: Sequence[str] = ()
    """Origins in ``rows``, other than our own, of whose set ``public`` we do not hold all that its head counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRows:
    """Where everything stands, from one snapshot."""

    lines: Sequence[bytes]
    """Keys, profiles and heads."""
    newest: int
    """The highest arrival number given so far."""
    behind: Sequence[str]
    """As in ``FeedRows``, of all origins that were asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedNeed:
    """One shown summary, with what a page says beside it."""

    origin: str
    origin_name: str
    origin_state: str
    """complete, catching_up, pending, stale, incomplete, forked or unknown."""
    last_heard: int | None
    id: str
    set: str
    summary: Summary
    received_at: int
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginView:
    """One origin, for the neighbours' page."""

    origin: str
    name: str
    """From its profile; the did:key until there is one."""
    state: str
    head_issued: int | None
    next_by: int | None
    last_heard: int | None
    live: int
    hidden: int
    profile: Profile | None
    blocked: bool
    own: bool
    contradictions: int = 0
    """In how many epochs, and revs of its keys, it contradicted itself so far."""
    contradicted: int | None = None
    """When that was seen last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellCount:
    """How many shown summaries one label holds."""

    cell: str
    category: str
    status: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerTalk:
    """What became of the talks with one peer."""

    peer: str
    last_try: int | None = None
    last_success: int | None = None
    error_code: str | None = None
    last_error: str | None = None
    """In words for the operator; None after a success."""
    tries: int = 0
    """Failures in a row."""
    next_try: int | None = None
    interval: float | None = None
    behind: bool = False
    """The last round ended before the peer had no more to send."""
    rollbacks: int = 0
    """Heads below the ones we held that it ever told: it is behind, or wants us to be."""
    last_rollback: int | None = None
    omissions: int = 0
    """Sets of which it ever left out what their heads count, which it told itself, and did not bring it when asked."""
    last_omission: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """One refused line, for the operator."""

    sha: bytes
    raw: bytes
    code: str
    detail: str
    via: str
    times: int
    last_seen: int
