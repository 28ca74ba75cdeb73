"""The merge rules: what we hold, plus what comes in, gives a verdict. Pure, and the same on every node.

``(epoch, seq)`` alone decides which version of a thing counts - no clock, no order of arrival. The clock
only decides what is refused for now (too far ahead, expired), and such a line may come again later. So
whatever order, repetition and loss deliveries go through, two nodes that were repaired with the same lines
hold the same lines.

All functions expect a line that was read (:mod:`protocol.codec`), whose origin is allowed and whose
signature was verified - a keys line under the root key, everything else under the op key of the held keys
line.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from protocol.codec import Signed
from protocol.errors import LocalProtocolError
from protocol.limits import (
    ASOF_AHEAD_DAYS,
    EPOCH_AHEAD_SECONDS,
    EPOCH_FLOOR_AHEAD_SECONDS,
    EXPIRES_AHEAD_DAYS,
    POSTED_AHEAD_DAYS,
)
from protocol.statements import Head, Keys, Profile, Register, Summary, Withdrawal
from protocol.trust import Farewell


class Verdict(StrEnum):
    """What to do with an incoming line."""

    ACCEPT = "accept"
    """It replaces what is held."""
    KEEP_HIDDEN = "keep_hidden"
    """The same, and it counts in the digest, but it is not shown; the reason says why."""
    SAME = "same"
    """Held byte for byte."""
    OLDER = "older"
    """Something newer is held."""
    LOWER_EPOCH = "lower_epoch"
    """From before the origin's current epoch: it counts no more, for ever."""
    WAITS = "waits"
    """It will count when something else has come: a head of its epoch, or newer keys. Not kept."""
    EXPIRED = "expired"
    """Its time is over. Not kept."""
    REFUSED = "refused"
    """Against the rules as of now. Not kept."""
    FORKED = "forked"
    """The same place, another line: keep both as proof, hold what is held, mark the origin: see
    :func:`with_contradiction`."""


REASONS: Final[dict[str, str]] = {
    "unknown_crit": "names in crit that this version does not understand",
    "date_not_yet": "posted later than tomorrow; shown when its day comes",
    "after_withdrawal": "a summary under an id that was withdrawn before",
    "set_changed": "the id stood in the other set before",
    "expired_today": "expired by today's date, but counted by the held head",
    "epoch_ahead": "no head of this epoch was accepted yet",
    "keys_ahead": "made under a newer keys line than the one held",
    "expires_too_far": "expires more than 61 days ahead",
    "epoch_too_far": "an epoch more than a day ahead, and above epoch_floor",
    "asof_too_far": "a head as of a day later than tomorrow",
    "epoch_floor_too_far": "an epoch_floor more than two days ahead",
    "other_origin": "the line belongs to another origin than the state it is judged against",
    "rolled_back": "a head below the one held: a relay is behind, or wants us to be",
}
"""Every ``reason`` a judgement can carry, with its meaning. docs/protocol.md holds the same table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict; ``reason`` is a key of :data:`REASONS`, or empty where the verdict says it all."""

    verdict: Verdict
    reason: str = ""

    @property
    def kept(self) -> bool:
        """Whether the line is to be stored in place of what is held."""
        return self.verdict in _KEPT


_KEPT: Final = (Verdict.ACCEPT, Verdict.KEEP_HIDDEN)
_ACCEPT: Final = Judgement(verdict=Verdict.ACCEPT)
"""The answer to nearly every line, made once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held in one place: a register of an origin, or (kind ``profile``, set empty) its profile."""

    epoch: int
    seq: int
    sha: bytes
    set: str
    kind: str
    """summary, withdrawal, vouch, advice, profile or farewell."""
    reason: str = ""
    """Why it is not shown, as judged when it was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldHead:
    """The head held for one (origin, set)."""

    epoch: int
    seq: int
    sha: bytes
    asof: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginState:
    """What is known of one origin as a whole."""

    origin: str
    keys_rev: int
    keys_sha: bytes
    epoch_floor: int
    epoch: int
    """The current epoch: the highest of epoch_floor and the accepted heads'."""
    op_key: str
    forked_epoch: int = 0
    """The highest epoch of this op key in which it signed two lines for one place; 0: in none."""
    forked_rev: int = 0
    """The highest rev of which two keys lines came; 0: of none."""

    @property
    def forked(self) -> bool:
        """Whether what counts now is contradicted. A higher epoch, or for keys a higher rev, leaves it behind: who
        comes only then never sees the contradiction, and both readers are to end in the same state."""
        return self.forked_epoch >= self.epoch or self.forked_rev >= self.keys_rev


def held_of(signed: Signed, judgement: Judgement) -> Held:
    """What is held after ``signed`` (a summary, withdrawal or profile) was kept."""
    statement = signed.statement
    if isinstance(statement, Keys | Head):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no register")
    return Held(
        epoch=statement.epoch,
        seq=statement.seq,
        sha=signed.sha,
        set=statement.set if isinstance(statement, Register) else "",
        kind=statement.type,
        reason=judgement.reason,
    )


def _place(held: Held | HeldHead | None, epoch: int, seq: int, sha: bytes) -> Verdict:
    """Where (epoch, seq) stands against what is held in the same place. ACCEPT: it is newer."""
    if held is None or (epoch, seq) > (held.epoch, held.seq):
        return Verdict.ACCEPT
    if (epoch, seq) < (held.epoch, held.seq):
        return Verdict.OLDER
    return Verdict.SAME if sha == held.sha else Verdict.FORKED


def judge_register(
    held: Held | None, incoming: Signed, *, epoch: int, today: date, asof: date | None = None
) -> Judgement:
    """The verdict on a register: a summary, withdrawal, vouch or advice.

    ``held`` is what is held under the same (origin, id); ``epoch`` the origin's current one; ``asof`` the
    day of the held head of the line's set, if there is one: what that head counts is kept even if it expired
    since, or the digest could never agree. Cases, the first that fits:

    1.  epoch below the current one: LOWER_EPOCH; above it: WAITS (epoch_ahead)
    2.  held has the same (epoch, seq): SAME or FORKED; a higher seq: OLDER
    3.  expires more than 61 days ahead: REFUSED (expires_too_far)
    4.  expired by today, and by asof if there is one: EXPIRED
    5.  otherwise it is kept: hidden with the first reason of unknown_crit, set_changed, after_withdrawal,
        date_not_yet, expired_today that applies, else ACCEPT
    """
    statement = incoming.statement
    if not isinstance(statement, Register):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no register")
    if statement.epoch != epoch:
        if statement.epoch < epoch:
            return Judgement(verdict=Verdict.LOWER_EPOCH)
        return Judgement(verdict=Verdict.WAITS, reason="epoch_ahead")
    if held is not None and held.epoch < epoch:
        held = None  # of an epoch that counts no more
    if held is not None:
        place = _place(held, statement.epoch, statement.seq, incoming.sha)
        if place is not Verdict.ACCEPT:
            return Judgement(verdict=place)
    if statement.expires > _after(today, EXPIRES_AHEAD_DAYS):
        return Judgement(verdict=Verdict.REFUSED, reason="expires_too_far")
    if statement.expires <= today and (asof is None or statement.expires <= asof):
        return Judgement(verdict=Verdict.EXPIRED)
    reason = hidden_reason(incoming, held, today=today)
    return Judgement(verdict=Verdict.KEEP_HIDDEN, reason=reason) if reason else _ACCEPT


@lru_cache(maxsize=16)
def _after(today: date, days: int) -> date:
    """The day that is so many days ahead; the last one there is where the calendar ends before."""
    return date.fromordinal(min(today.toordinal() + days, date.max.toordinal()))


def hidden_reason(signed: Signed, held: Held | None = None, *, today: date) -> str:
    """Why a register that is kept is not shown; empty if it is.

    ``held`` is what it replaces. Ask again when the day changes: date_not_yet passes, expired_today comes.
    """
    statement = signed.statement
    if signed.unknown_crit:
        return "unknown_crit"
    if not isinstance(statement, Register) or isinstance(statement, Withdrawal):
        return ""
    if held is not None:
        # seq alone decides what is held, so that all nodes agree; an origin that breaks its word about ids is
        # simply not shown.
        if held.set and held.set != statement.set:
            return "set_changed"
        if held.kind == "withdrawal":
            return "after_withdrawal"
        if held.reason in ("set_changed", "after_withdrawal"):
            return held.reason
    if isinstance(statement, Summary) and statement.posted > _after(today, POSTED_AHEAD_DAYS):
        return "date_not_yet"
    if statement.expires <= today:
        return "expired_today"
    return ""


def judge_profile(held: Held | None, incoming: Signed, *, state: OriginState, now: int) -> Judgement:
    """The verdict on a profile. ``held`` is the one held for the origin, ``now`` in Unix seconds. The first
    that fits:

    1.  another origin: REFUSED (other_origin)
    2.  epoch below the current one: LOWER_EPOCH
    3.  epoch above max(now + 1 day, epoch_floor): REFUSED (epoch_too_far)
    4.  held has the same (epoch, seq): SAME or FORKED; a higher one: OLDER
    5.  crit that is not understood: KEEP_HIDDEN (unknown_crit); else ACCEPT

    A profile may be of a higher epoch than the current one, because it stands before the heads in a bundle;
    it does not raise the epoch.
    """
    statement = incoming.statement
    if not isinstance(statement, Profile):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no profile")
    if statement.origin != state.origin:
        return Judgement(verdict=Verdict.REFUSED, reason="other_origin")
    if statement.epoch < state.epoch:
        return Judgement(verdict=Verdict.LOWER_EPOCH)
    if statement.epoch > max(now + EPOCH_AHEAD_SECONDS, state.epoch_floor):
        return Judgement(verdict=Verdict.REFUSED, reason="epoch_too_far")
    if held is not None and held.epoch < state.epoch:
        held = None
    place = _place(held, statement.epoch, statement.seq, incoming.sha)
    if place is Verdict.ACCEPT and incoming.unknown_crit:
        return Judgement(verdict=Verdict.KEEP_HIDDEN, reason="unknown_crit")
    return Judgement(verdict=place)


def judge_farewell(held: Held | None, incoming: Signed, *, state: OriginState, now: int) -> Judgement:
    """The verdict on a farewell: as on a profile, but ``crit`` that is not understood ends nothing.

    What is kept makes everything else of the origin fall that is of its epoch or a lower one, the keys line
    excepted: see :func:`ended`. It does not raise the epoch; a head of a higher one is the way back.
    """
    statement = incoming.statement
    if not isinstance(statement, Farewell):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no farewell")
    if statement.origin != state.origin:
        return Judgement(verdict=Verdict.REFUSED, reason="other_origin")
    if statement.epoch < state.epoch:
        return Judgement(verdict=Verdict.LOWER_EPOCH)
    if statement.epoch > max(now + EPOCH_AHEAD_SECONDS, state.epoch_floor):
        return Judgement(verdict=Verdict.REFUSED, reason="epoch_too_far")
    if held is not None and held.epoch < state.epoch:
        held = None
    place = _place(held, statement.epoch, statement.seq, incoming.sha)
    if place is Verdict.ACCEPT and incoming.unknown_crit:
        return Judgement(verdict=Verdict.REFUSED, reason="unknown_crit")
    return Judgement(verdict=place)


def ended(farewell: Held | None, epoch: int) -> bool:
    """Whether a profile, head or register of that epoch counts no more because the origin said farewell: then the
    verdict on it is OLDER, whatever its seq."""
    return farewell is not None and epoch <= farewell.epoch


def judge_keys(state: OriginState | None, incoming: Signed, *, now: int) -> Judgement:
    """The verdict on a keys line. ``state`` is what is known of its origin, ``now`` in Unix seconds. The
    first that fits:

    1.  another origin: REFUSED (other_origin)
    2.  the held rev: SAME, or with another line FORKED; a lower one: OLDER
    3.  epoch_floor above now + 2 days: REFUSED (epoch_floor_too_far)
    4.  else ACCEPT, and :func:`with_keys` says what falls with it
    """
    statement = incoming.statement
    if not isinstance(statement, Keys):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no keys line")
    if state is not None:
        if statement.origin != state.origin:
            return Judgement(verdict=Verdict.REFUSED, reason="other_origin")
        if statement.rev == state.keys_rev:
            same = incoming.sha == state.keys_sha
            return Judgement(verdict=Verdict.SAME if same else Verdict.FORKED)
        if statement.rev < state.keys_rev:
            return Judgement(verdict=Verdict.OLDER)
    if statement.epoch_floor > now + EPOCH_FLOOR_AHEAD_SECONDS:
        return Judgement(verdict=Verdict.REFUSED, reason="epoch_floor_too_far")
    return Judgement(verdict=Verdict.ACCEPT)


def with_keys(state: OriginState | None, incoming: Signed) -> tuple[OriginState, int | None]:
    """The state after an accepted keys line, and what falls: every line of the origin below that epoch.

    The second value is None when nothing falls, and ``2**63 - 1`` when the op key changed: then nothing
    signed by the old key stays - whatever its epoch - and the epoch starts again from the new floor, so that
    nodes which never saw the old key's lines end in the same state. (An owner who changes the op key sets
    the floor above every epoch used.)
    """
    keys = incoming.statement
    if not isinstance(keys, Keys):
        raise LocalProtocolError("unknown_type", f"{keys.type} is no keys line")
    kept_key = state is not None and state.op_key == keys.op_key
    epoch = max(keys.epoch_floor, state.epoch) if state is not None and kept_key else keys.epoch_floor
    new = OriginState(
        origin=keys.origin,
        keys_rev=keys.rev,
        keys_sha=incoming.sha,
        epoch_floor=keys.epoch_floor,
        epoch=epoch,
        op_key=keys.op_key,
        forked_epoch=state.forked_epoch if state is not None and kept_key else 0,
        forked_rev=state.forked_rev if state is not None else 0,
    )
    if state is None:
        return new, None
    if not kept_key:
        return new, ALL_EPOCHS
    return new, epoch if epoch > state.epoch else None


ALL_EPOCHS: Final = 2**63 - 1
"""Above every epoch: "everything falls" in the answer of :func:`with_keys`."""


def judge_head(held: HeldHead | None, incoming: Signed, *, state: OriginState, now: int) -> Judgement:
    """The verdict on a head. ``held`` is the head held for its (origin, set), ``now`` in Unix seconds. The
    first that fits:

    1.  another origin: REFUSED (other_origin)
    2.  epoch below the current one: LOWER_EPOCH (rolled_back)
    3.  held has the same (epoch, seq): SAME or FORKED; a higher one: OLDER (rolled_back)
    4.  keys_rev above the held keys line's: WAITS (keys_ahead)
    5.  epoch above max(now + 1 day, epoch_floor): REFUSED (epoch_too_far)
    6.  asof after tomorrow: REFUSED (asof_too_far)
    7.  crit that is not understood: KEEP_HIDDEN (unknown_crit): it raises nothing and judges nothing, the held
        head stays; else ACCEPT, and :func:`with_head` says what falls
    """
    statement = incoming.statement
    if not isinstance(statement, Head):
        raise LocalProtocolError("unknown_type", f"{statement.type} is no head")
    if statement.origin != state.origin:
        return Judgement(verdict=Verdict.REFUSED, reason="other_origin")
    if statement.epoch < state.epoch:
        return Judgement(verdict=Verdict.LOWER_EPOCH, reason="rolled_back")
    if held is not None and held.epoch < state.epoch:
        held = None
    place = _place(held, statement.epoch, statement.seq, incoming.sha)
    if place is not Verdict.ACCEPT:
        return Judgement(verdict=place, reason="rolled_back" if place is Verdict.OLDER else "")
    if statement.keys_rev > state.keys_rev:
        return Judgement(verdict=Verdict.WAITS, reason="keys_ahead")
    if statement.epoch > max(now + EPOCH_AHEAD_SECONDS, state.epoch_floor):
        return Judgement(verdict=Verdict.REFUSED, reason="epoch_too_far")
    if statement.asof > _after(datetime.fromtimestamp(now, UTC).date(), ASOF_AHEAD_DAYS):
        return Judgement(verdict=Verdict.REFUSED, reason="asof_too_far")
    if incoming.unknown_crit:
        return Judgement(verdict=Verdict.KEEP_HIDDEN, reason="unknown_crit")
    return Judgement(verdict=Verdict.ACCEPT)


def with_head(state: OriginState, incoming: Signed) -> tuple[OriginState, int | None]:
    """The state after an accepted head, and what falls: every register, head and profile below that epoch
    (or None).
    """
    head = incoming.statement
    if not isinstance(head, Head):
        raise LocalProtocolError("unknown_type", f"{head.type} is no head")
    if head.epoch <= state.epoch:
        return state, None
    return replace(state, epoch=head.epoch), head.epoch


def with_contradiction(state: OriginState, incoming: Signed) -> OriginState:
    """The state after a line that was judged FORKED."""
    statement = incoming.statement
    if isinstance(statement, Keys):
        return replace(state, forked_rev=max(state.forked_rev, statement.rev))
    return replace(state, forked_epoch=max(state.forked_epoch, statement.epoch))


def held_head_of(signed: Signed) -> HeldHead:
    """What is held after a head was kept."""
    head = signed.statement
    if not isinstance(head, Head):
        raise LocalProtocolError("unknown_type", f"{head.type} is no head")
    return HeldHead(epoch=head.epoch, seq=head.seq, sha=signed.sha, asof=head.asof)
