"""The difference between what is out and what should be out: which statements a slot has to sign. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.need import Urgency
from node.domain.sharing.publication import Content, is_urgent, renewal_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """One public id that is out, as far as planning needs it."""

    public_id: str
    need_id: str
    set_name: str
    kind: str
    """summary or withdrawal."""
    content: Content | None
    """None for a withdrawal."""
    expires: date
    max_expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What should be out for one need."""

    need_id: str
    set_name: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to sign and what to forget. The order says nothing yet: it is shuffled when signed."""

    withdraw: tuple[Out, ...]
    renew: tuple[tuple[Out, Content], ...]
    """The id stays; content or expiry change."""
    add: tuple[Wanted, ...]
    """Gets a fresh id."""
    forget: tuple[Out, ...]
    """Over everywhere by itself: rows to delete, nothing to sign."""
    crowded_out: int
    """Needs that wait because a set may hold no more."""

    @property
    def statements(self) -> int:
        """How many statements are to be signed."""
        return len(self.withdraw) + len(self.renew) + len(self.add)


_ORDER = {str(urgency): rank for rank, urgency in enumerate(Urgency)}


def plan(
    out: Iterable[Out], wanted: Mapping[str, Wanted], *, today: date, everything: bool, most: int
) -> Plan:
    """What this slot has to sign.

    ``wanted`` by need id. ``everything``: a full hour (or by hand); in between only withdrawals and what is
    urgent go out. ``most``: summaries that a set may hold.
    """
    live: dict[str, Out] = {}
    withdraw: list[Out] = []
    renew: list[tuple[Out, Content]] = []
    forget: list[Out] = []
    for each in out:
        if each.max_expires <= today and (each.kind == "withdrawal" or each.need_id not in wanted):
            forget.append(each)
        elif each.kind == "summary":
            live[each.need_id] = each
    for need_id, each in live.items():
        want = wanted.get(need_id)
        if want is None or want.set_name != each.set_name:
            withdraw.append(each)
        elif _changes(each, want, today) and (everything or is_urgent(want.content)):
            renew.append((each, want.content))
    staying = {need_id for need_id, each in live.items() if each not in withdraw}
    room = {
        name: most - sum(live[need_id].set_name == name for need_id in staying)
        for name in {want.set_name for want in wanted.values()}
    }
    add: list[Wanted] = []
    crowded_out = 0
    for want in _most_urgent_first([want for want in wanted.values() if want.need_id not in staying]):
        if not everything and not is_urgent(want.content):
            continue
        if room[want.set_name] <= 0:
            crowded_out += 1
            continue
        room[want.set_name] -= 1
        add.append(want)
    return Plan(
        withdraw=tuple(withdraw),
        renew=tuple(renew),
        add=tuple(add),
        forget=tuple(forget),
        crowded_out=crowded_out,
    )


def _changes(out: Out, want: Wanted, today: date) -> bool:
    if out.content != want.content:
        return True
    return want.content.status == "open" and renewal_due(out.expires, today)


def _most_urgent_first(wanted: Sequence[Wanted]) -> list[Wanted]:
    return sorted(wanted, key=lambda want: (_ORDER[want.content.urgency], want.content.posted, want.need_id))
