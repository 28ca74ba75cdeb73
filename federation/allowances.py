"""How much of an origin is held, and how fast it may change: counted along while a page is judged."""

from collections.abc import Mapping

from federation.policy import Quota
from federation.store.counting import total_of
from federation.store.rows import Allowance, HeldLine, HeldPage, Totals
from federation.store.schema import SETS, SUMMARY
from protocol.register import Judgement, Verdict

OVER_CHANGES = "over_changes"
"""Why a summary is hidden that came when the allowance of its set was used up."""

Pair = tuple[str, str]
"""(origin, set)."""


def as_of(held: Allowance | None, pair: Pair, quota: Quota, today: int) -> Allowance:
    """The allowance on this day. What was never heard of may bring a whole set; each day adds a day's changes, so that
    days without a talk are made up for, and never more than a whole set comes together."""
    whole = quota.live + quota.changes
    if held is None:
        return Allowance(origin=pair[0], set=pair[1], day=today, room=whole, whole_day=today)
    # A day that lies ahead was counted by a clock that ran ahead: from now on it counts as today.
    days = max(0, today - held.day)
    return held._replace(
        day=today,
        room=min(whole, held.room + days * quota.changes),
        whole_day=min(held.whole_day, today),
    )


def begun_anew(held: Allowance, quota: Quota) -> Allowance:
    """With a new epoch the whole set may come once more, once a day."""
    if held.whole_day == held.day:
        return held
    return held._replace(room=quota.live + quota.changes, whole_day=held.day)


class Allowances:
    """The totals of the origins of one page by their sets, and what each of these may still change. ``own`` knows no
    quota; ``today`` is ``date.toordinal()`` by our clock."""

    def __init__(self, held: HeldPage, quota: Quota, own: str, *, today: int) -> None:
        self._quota = quota
        self._own = own
        self._today = today
        self._totals = {
            (name, of): held.origins[name].totals.get(of, Totals())._asdict()
            for name in held.origins
            for of in SETS
        }
        self._before: Mapping[Pair, Allowance] = held.allowances
        self._now: dict[Pair, Allowance] = {}
        self._used: dict[Pair, int] = {}
        """Changes taken off since; an allowance made anew for each would cost more than all the rest of this."""

    def judge(self, pair: Pair, kind: int, held: HeldLine | None, judgement: Judgement) -> Judgement:
        """The judgement of a register that is to be kept, now with regard to how much there is; counts it."""
        origin = pair[0]
        totals = self._totals[pair]
        if held is not None:
            self._totals[(origin, held.set)][total_of(held.kind, held.hidden)] -= 1
        total = total_of(kind, None)
        if origin != self._own:
            if kind == SUMMARY and judgement.verdict is Verdict.ACCEPT and not self._change(pair):
                judgement = Judgement(verdict=Verdict.KEEP_HIDDEN, reason=OVER_CHANGES)
            room = self._quota.live if total == "live" else self._quota.withdrawals
            if judgement.verdict is Verdict.ACCEPT and totals[total] >= room:
                judgement = Judgement(verdict=Verdict.KEEP_HIDDEN, reason="over_quota")
            # What replaces a held line takes no more room, and a withdrawal must never be lost to a quota.
            if judgement.reason and held is None and self._hidden(origin) >= self._quota.hidden:
                return Judgement(verdict=Verdict.REFUSED, reason="over_quota")
        totals["hidden" if judgement.reason else total] += 1
        return judgement

    def fell(self, origin: str) -> None:
        """Nothing of it is held any more."""
        for of in SETS:
            self._totals[(origin, of)] = Totals()._asdict()
        for pair in {*self._before, *self._now}:
            if pair[0] == origin:
                self._now[pair] = begun_anew(self._left(pair), self._quota)
                self._used.pop(pair, None)

    @property
    def changed(self) -> list[Allowance]:
        """What is to be remembered."""
        now = {pair: self._left(pair) for pair in self._now}
        return [each for pair, each in now.items() if each != self._before.get(pair)]

    def _of(self, pair: Pair) -> Allowance:
        """As it stood before what was used of it."""
        return self._now.get(pair) or as_of(self._before.get(pair), pair, self._quota, self._today)

    def _left(self, pair: Pair) -> Allowance:
        """As it stands now."""
        of = self._of(pair)
        return of._replace(room=of.room - self._used.get(pair, 0))

    def _hidden(self, origin: str) -> int:
        """In all its sets: together they are to have an end."""
        return sum(self._totals[(origin, of)]["hidden"] for of in SETS)

    def _change(self, pair: Pair) -> bool:
        """Takes one change off the allowance, if there is one left."""
        now = self._now.get(pair)
        if now is None:
            now = self._of(pair)
        used = self._used.get(pair, 0)
        if now.room <= used:
            return False
        self._now[pair] = now
        self._used[pair] = used + 1
        return True
