"""The merge rules as a table: what is held, what comes in, the verdict and its reason.

The unit tests run it, and the public vectors (schemas/vectors/judgements.v1.json) are written from it, so
that another implementation can run the same cases.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from protocol.codec import Signed
from protocol.register import (
    Held,
    HeldHead,
    Judgement,
    OriginState,
    Verdict,
    held_head_of,
    held_of,
    judge_head,
    judge_keys,
    judge_profile,
    judge_register,
)
from protocol.statements import Keys, Profile, Summary, Withdrawal

from .makers import (
    EPOCH,
    NEXT_OP,
    NOW,
    STRANGER,
    TODAY,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_withdrawal,
    signed,
)

DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row. ``held`` is the line in the same place, with the reason it was hidden for, if it was."""

    name: str
    held: Signed | None = None
    held_reason: str = ""
    incoming: Signed
    verdict: Verdict
    reason: str = ""
    epoch: int = EPOCH
    """The origin's current epoch."""
    epoch_floor: int = EPOCH
    known: bool = True
    """False: nothing at all is known of the origin yet."""
    keys: Signed | None = None
    """The keys line held, where the case is about another than ``a_keys()``."""
    asof: date | None = None
    """Of the head held for the set of an incoming register, if there is one."""

    def state(self) -> OriginState | None:
        """What is known of the origin before the line comes in."""
        keys = self.keys or signed(a_keys())
        statement = keys.statement
        assert isinstance(statement, Keys)
        if not self.known:
            return None
        return OriginState(
            origin=statement.origin,
            keys_rev=statement.rev,
            keys_sha=keys.sha,
            epoch_floor=self.epoch_floor,
            epoch=self.epoch,
            op_key=statement.op_key,
        )

    def judge(self) -> Judgement:
        """Runs the rule that the incoming line's type calls for."""
        statement = self.incoming.statement
        state = self.state()
        if isinstance(statement, Keys):
            return judge_keys(state, self.incoming, now=NOW)
        if isinstance(statement, Summary | Withdrawal):
            return judge_register(self._held(), self.incoming, epoch=self.epoch, today=TODAY, asof=self.asof)
        assert state is not None
        if isinstance(statement, Profile):
            return judge_profile(self._held(), self.incoming, state=state, now=NOW)
        return judge_head(self._held_head(), self.incoming, state=state, now=NOW)

    def _held(self) -> Held | None:
        if self.held is None:
            return None
        kept = Verdict.KEEP_HIDDEN if self.held_reason else Verdict.ACCEPT
        return held_of(self.held, Judgement(verdict=kept, reason=self.held_reason))

    def _held_head(self) -> HeldHead | None:
        return None if self.held is None else held_head_of(self.held)


def _in(days: int) -> date:
    return TODAY + timedelta(days=days)


SUMMARY = signed(a_summary())
TAKEN = signed(a_summary(status="taken"))
HEAD = signed(a_head())
PROFILE = signed(a_profile())
KEYS = signed(a_keys())

V = Verdict

REGISTERS = [
    Case(name="the first of its id", incoming=SUMMARY, verdict=V.ACCEPT),
    Case(name="a withdrawal of what was never seen", incoming=signed(a_withdrawal()), verdict=V.ACCEPT),
    Case(name="the same again", held=SUMMARY, incoming=SUMMARY, verdict=V.SAME),
    Case(
        name="a newer version",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9, status="taken")),
        verdict=V.ACCEPT,
    ),
    Case(name="an older version", held=signed(a_summary(seq=9)), incoming=SUMMARY, verdict=V.OLDER),
    Case(name="two lines in one place", held=SUMMARY, incoming=TAKEN, verdict=V.FORKED),
    Case(
        name="a summary and a withdrawal in one place",
        held=SUMMARY,
        incoming=signed(a_withdrawal(seq=2)),
        verdict=V.FORKED,
    ),
    Case(name="withdrawn", held=SUMMARY, incoming=signed(a_withdrawal()), verdict=V.ACCEPT),
    Case(
        name="the summary after its withdrawal arrived",
        held=signed(a_withdrawal()),
        incoming=SUMMARY,
        verdict=V.OLDER,
    ),
    Case(
        name="published again under a withdrawn id",
        held=signed(a_withdrawal()),
        incoming=signed(a_summary(seq=9)),
        verdict=V.KEEP_HIDDEN,
        reason="after_withdrawal",
    ),
    Case(
        name="and once more",
        held=signed(a_summary(seq=9)),
        held_reason="after_withdrawal",
        incoming=signed(a_summary(seq=10)),
        verdict=V.KEEP_HIDDEN,
        reason="after_withdrawal",
    ),
    Case(
        name="moved to the other set",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9, set="peers")),
        verdict=V.KEEP_HIDDEN,
        reason="set_changed",
    ),
    Case(
        name="moved to the other set, and newer there",
        held=signed(a_summary(seq=9, set="peers")),
        held_reason="set_changed",
        incoming=signed(a_summary(seq=10, set="peers")),
        verdict=V.KEEP_HIDDEN,
        reason="set_changed",
    ),
    Case(
        name="withdrawn from the other set",
        held=SUMMARY,
        incoming=signed(a_withdrawal(set="peers")),
        verdict=V.ACCEPT,
    ),
    Case(
        name="a lower epoch", incoming=SUMMARY, epoch=EPOCH + 1, epoch_floor=EPOCH + 1, verdict=V.LOWER_EPOCH
    ),
    Case(
        name="a lower epoch, though newer than what is held there",
        held=SUMMARY,
        incoming=signed(a_summary(seq=9)),
        epoch=EPOCH + 1,
        verdict=V.LOWER_EPOCH,
    ),
    Case(
        name="a higher epoch",
        incoming=signed(a_summary(epoch=EPOCH + 1)),
        verdict=V.WAITS,
        reason="epoch_ahead",
    ),
    Case(
        name="a new epoch starts its own count",
        held=signed(a_summary(seq=900)),
        incoming=signed(a_summary(epoch=EPOCH + 1, seq=1)),
        epoch=EPOCH + 1,
        verdict=V.ACCEPT,
    ),
    Case(
        name="a withdrawn id in a new epoch",
        held=signed(a_withdrawal(seq=900)),
        incoming=signed(a_summary(epoch=EPOCH + 1, seq=1)),
        epoch=EPOCH + 1,
        verdict=V.ACCEPT,
    ),
    Case(name="expires tomorrow", incoming=signed(a_summary(expires=_in(1))), verdict=V.ACCEPT),
    Case(name="expires today", incoming=signed(a_summary(expires=_in(0))), verdict=V.EXPIRED),
    Case(name="a withdrawal expires today", incoming=signed(a_withdrawal(expires=_in(0))), verdict=V.EXPIRED),
    Case(
        name="expires today, and the held head of yesterday counts it",
        incoming=signed(a_summary(expires=_in(0))),
        asof=_in(-1),
        verdict=V.KEEP_HIDDEN,
        reason="expired_today",
    ),
    Case(
        name="a withdrawal expires today, and the held head of yesterday counts it",
        incoming=signed(a_withdrawal(expires=_in(0))),
        asof=_in(-1),
        verdict=V.ACCEPT,
    ),
    Case(
        name="expires today, and the held head of today does not count it",
        incoming=signed(a_summary(expires=_in(0))),
        asof=_in(0),
        verdict=V.EXPIRED,
    ),
    Case(
        name="a head from tomorrow expires nothing early",
        incoming=signed(a_summary(expires=_in(1))),
        asof=_in(1),
        verdict=V.ACCEPT,
    ),
    Case(name="expires in 61 days", incoming=signed(a_summary(expires=_in(61))), verdict=V.ACCEPT),
    Case(
        name="expires in 62 days",
        incoming=signed(a_summary(expires=_in(62))),
        verdict=V.REFUSED,
        reason="expires_too_far",
    ),
    Case(
        name="a withdrawal expires in 62 days",
        held=SUMMARY,
        incoming=signed(a_withdrawal(expires=_in(62))),
        verdict=V.REFUSED,
        reason="expires_too_far",
    ),
    Case(name="posted tomorrow", incoming=signed(a_summary(posted=_in(1))), verdict=V.ACCEPT),
    Case(
        name="posted the day after tomorrow",
        incoming=signed(a_summary(posted=_in(2))),
        verdict=V.KEEP_HIDDEN,
        reason="date_not_yet",
    ),
    Case(
        name="must be understood, and is not",
        incoming=signed(a_summary(), crit=["mood"], mood=1),
        verdict=V.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a withdrawal that must be understood, and is not",
        held=SUMMARY,
        incoming=signed(a_withdrawal(), crit=["mood"]),
        verdict=V.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="not understood comes before the date",
        incoming=signed(a_summary(posted=_in(2)), crit=["mood"]),
        verdict=V.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(name="with a field that nobody knows", incoming=signed(a_summary(), mood=1), verdict=V.ACCEPT),
]

HEADS = [
    Case(name="the first head", incoming=HEAD, verdict=V.ACCEPT),
    Case(name="the same head again", held=HEAD, incoming=HEAD, verdict=V.SAME),
    Case(name="a newer head", held=HEAD, incoming=signed(a_head(seq=9)), verdict=V.ACCEPT),
    Case(
        name="an older head",
        held=signed(a_head(seq=9)),
        incoming=HEAD,
        verdict=V.OLDER,
        reason="rolled_back",
    ),
    Case(
        name="two heads in one place",
        held=HEAD,
        incoming=signed(a_head(next_by=NOW + 5 * DAY)),
        verdict=V.FORKED,
    ),
    Case(
        name="a head of a lower epoch",
        incoming=signed(a_head(seq=99)),
        epoch=EPOCH + 1,
        verdict=V.LOWER_EPOCH,
        reason="rolled_back",
    ),
    Case(
        name="a head of a higher epoch",
        held=HEAD,
        incoming=signed(a_head(epoch=EPOCH + 1, seq=1)),
        verdict=V.ACCEPT,
    ),
    Case(name="an epoch one day ahead", incoming=signed(a_head(epoch=NOW + DAY)), verdict=V.ACCEPT),
    Case(
        name="an epoch more than a day ahead",
        incoming=signed(a_head(epoch=NOW + DAY + 1)),
        verdict=V.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="an epoch more than a day ahead, at the floor that the root key set",
        incoming=signed(a_head(epoch=NOW + 2 * DAY)),
        epoch=NOW + 2 * DAY,
        epoch_floor=NOW + 2 * DAY,
        verdict=V.ACCEPT,
    ),
    Case(
        name="made under keys that we have not",
        incoming=signed(a_head(keys_rev=2)),
        verdict=V.WAITS,
        reason="keys_ahead",
    ),
    Case(
        name="asof that goes back changes nothing: seq decides",
        held=HEAD,
        incoming=signed(a_head(seq=9, asof=_in(-1))),
        verdict=V.ACCEPT,
    ),
    Case(
        name="a head that must be understood, and is not",
        incoming=signed(a_head(), crit=["mood"]),
        verdict=V.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a head of another origin",
        incoming=signed(a_head(origin=STRANGER.did)),
        verdict=V.REFUSED,
        reason="other_origin",
    ),
]

PROFILES = [
    Case(name="the first profile", incoming=PROFILE, verdict=V.ACCEPT),
    Case(name="the same profile again", held=PROFILE, incoming=PROFILE, verdict=V.SAME),
    Case(name="a newer profile", held=PROFILE, incoming=signed(a_profile(seq=9)), verdict=V.ACCEPT),
    Case(name="an older profile", held=signed(a_profile(seq=9)), incoming=PROFILE, verdict=V.OLDER),
    Case(
        name="two profiles in one place",
        held=PROFILE,
        incoming=signed(a_profile(name="Others")),
        verdict=V.FORKED,
    ),
    Case(name="a profile of a lower epoch", incoming=PROFILE, epoch=EPOCH + 1, verdict=V.LOWER_EPOCH),
    Case(
        name="a profile of a higher epoch, before its heads",
        held=signed(a_profile(seq=900)),
        incoming=signed(a_profile(epoch=EPOCH + 1)),
        verdict=V.ACCEPT,
    ),
    Case(
        name="a profile more than a day ahead",
        incoming=signed(a_profile(epoch=NOW + DAY + 1)),
        verdict=V.REFUSED,
        reason="epoch_too_far",
    ),
    Case(
        name="a profile that must be understood, and is not",
        incoming=signed(a_profile(), crit=["mood"]),
        verdict=V.KEEP_HIDDEN,
        reason="unknown_crit",
    ),
    Case(
        name="a profile of another origin",
        incoming=signed(a_profile(origin=STRANGER.did)),
        verdict=V.REFUSED,
        reason="other_origin",
    ),
]

KEYS_LINES = [
    Case(name="the first keys line", known=False, incoming=KEYS, verdict=V.ACCEPT),
    Case(name="the same keys line again", incoming=KEYS, verdict=V.SAME),
    Case(
        name="a higher rev with another op key",
        incoming=signed(a_keys(rev=2, op_key=NEXT_OP.did, epoch_floor=EPOCH + 1)),
        verdict=V.ACCEPT,
    ),
    Case(name="a lower rev", keys=signed(a_keys(rev=3)), incoming=KEYS, verdict=V.OLDER),
    Case(
        name="two keys lines of one rev",
        incoming=signed(a_keys(op_key=NEXT_OP.did)),
        verdict=V.FORKED,
    ),
    Case(
        name="a floor two days ahead",
        incoming=signed(a_keys(rev=2, epoch_floor=NOW + 2 * DAY)),
        verdict=V.ACCEPT,
    ),
    Case(
        name="a floor more than two days ahead",
        incoming=signed(a_keys(rev=2, epoch_floor=NOW + 2 * DAY + 1)),
        verdict=V.REFUSED,
        reason="epoch_floor_too_far",
    ),
    Case(
        name="a first keys line with a floor more than two days ahead",
        known=False,
        incoming=signed(a_keys(epoch_floor=NOW + 2 * DAY + 1)),
        verdict=V.REFUSED,
        reason="epoch_floor_too_far",
    ),
    Case(
        name="keys of another origin",
        incoming=signed(replace(a_keys(), origin=STRANGER.did), STRANGER),
        verdict=V.REFUSED,
        reason="other_origin",
    ),
]

ALL = [*REGISTERS, *HEADS, *PROFILES, *KEYS_LINES]
