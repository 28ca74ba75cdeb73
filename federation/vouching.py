"""Whom our hubs vouch for, counted in slowly: rules as values.

A hub is a peer that our operators gave the role. Those whom it vouches for are allowed without a decision of their
own, and no further: what *they* vouch for counts for nothing. A hub that was taken over can thus bring at most so
many strangers a day, and is closed by one decision.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from federation.ports import Peer
from federation.store.groups import Admission
from protocol.limits import NEW_ORIGINS_A_DAY
from protocol.trust import Vouch


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What the vouches of one moment come to."""

    vouched: Mapping[str, str]
    """Origin -> the hub that it came by; the one that was first, if several vouch."""
    new: tuple[Admission, ...]
    """To be remembered: counted in from now on."""
    gone: tuple[Admission, ...]
    """To be forgotten: their vouch is over, or their hub is none any more."""
    waiting: int
    """Vouches that count on a later day, because their hub brought enough today."""


def hubs_of(peers: Iterable[Peer]) -> frozenset[str]:
    """The peers whose vouches count now; what a paused one brought stays visible, like its own."""
    return frozenset(
        peer.origin for peer in peers if peer.role == "hub" and peer.state in ("active", "paused")
    )


def door(
    hubs: Collection[str], vouches: Iterable[Vouch], admitted: Iterable[Admission], *, today: date
) -> Door:
    """Who comes in. ``vouches``: those held and not over, the oldest first; ``admitted``: as remembered.

    A vouch counted in before stays so while it lasts, renewals included. Of others, each hub brings at most
    NEW_ORIGINS_A_DAY a day.
    """
    known = {(each.voucher, each.subject): each for each in admitted}
    spent = Counter(each.voucher for each in known.values() if each.day == today.toordinal())
    held: dict[tuple[str, str], Admission] = {}
    new: list[Admission] = []
    waiting = 0
    for vouch in vouches:
        pair = (vouch.origin, vouch.subject)
        if vouch.origin not in hubs or vouch.subject == vouch.origin or pair in held:
            continue
        if pair in known:
            held[pair] = known[pair]
        elif spent[vouch.origin] < NEW_ORIGINS_A_DAY:
            spent[vouch.origin] += 1
            held[pair] = Admission(*pair, today.toordinal())
            new.append(held[pair])
        else:
            waiting += 1
    ours: dict[str, Admission] = {}
    for each in held.values():
        first = ours.get(each.subject)
        if first is None or (each.day, each.voucher) < (first.day, first.voucher):
            ours[each.subject] = each
    return Door(
        vouched={subject: each.voucher for subject, each in ours.items()},
        new=tuple(new),
        # A vouch that was ended today and given again must not count twice: forgotten only when the day is over.
        gone=tuple(each for pair, each in known.items() if pair not in held and each.day < today.toordinal()),
        waiting=waiting,
    )
