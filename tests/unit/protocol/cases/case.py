"""One case of the merge rules: what is held, what comes in, the verdict and its reason."""

from dataclasses import dataclass
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
    judge_farewell,
    judge_head,
    judge_keys,
    judge_profile,
    judge_register,
)
from protocol.statements import Keys, Profile, Register
from protocol.trust import Farewell
from tests.unit.protocol.makers import EPOCH, NOW, TODAY, a_keys, signed

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
        if isinstance(statement, Register):
            return judge_register(self._held(), self.incoming, epoch=self.epoch, today=TODAY, asof=self.asof)
        assert state is not None
        if isinstance(statement, Profile):
            return judge_profile(self._held(), self.incoming, state=state, now=NOW)
        if isinstance(statement, Farewell):
            return judge_farewell(self._held(), self.incoming, state=state, now=NOW)
        return judge_head(self._held_head(), self.incoming, state=state, now=NOW)

    def _held(self) -> Held | None:
        if self.held is None:
            return None
        kept = Verdict.KEEP_HIDDEN if self.held_reason else Verdict.ACCEPT
        return held_of(self.held, Judgement(verdict=kept, reason=self.held_reason))

    def _held_head(self) -> HeldHead | None:
        return None if self.held is None else held_head_of(self.held)


def in_days(days: int) -> date:
    """So many days after the cases' own today."""
    return TODAY + timedelta(days=days)
