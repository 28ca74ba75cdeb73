"""How long what is held: one table of what goes by itself, each by a rule of the group that the law asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from node.domain.ids import GiftId, HoldId, NeedId, PersonId


class Kept(StrEnum):
    """What goes."""

    REQUEST = "request"
    """What was asked and said about a closed request; its states and days stay for the count."""
    GIFT = "gift"
    """What somebody offered, once it was given, is gone, or its last day is past."""
    ASKER = "asker"
    """Somebody who asked for help, or offered something, and for whom nothing is open any more."""
    LEFT = "left"
    """Somebody who helped and left, or offered to and never began."""
    NOT_KEPT = "not_kept"
    """Somebody who said no to being kept: by ``FIXED``, not by a rule of the group."""


FIXED: Mapping[str, int] = {
    "draft": 1,
    "shift_note": 14,
    "not_kept": 15,
}
"""What goes by itself after so many days whatever the group decides: half-typed calls, notes of a shift, people who
said no to being kept (after the last of their requests was closed)."""


NOTICE_DAYS = 7
"""So long a rule that is new here, or stricter than before, only shows what it will take: an upgrade, a preset or a
slip of the keyboard must not be the end of anybody's record before somebody could look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A rule as it was last seen. Nothing goes by it before ``since``."""

    days: int
    since: date


def noticed(known: Notice | None, days: int, today: date) -> Notice:
    """The rule of today. One that keeps for longer takes less, so it needs no notice."""
    if known is None or days < known.days:
        return Notice(days=days, since=today + timedelta(days=NOTICE_DAYS))
    return Notice(days=days, since=known.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that goes on ``on`` by itself, unless it is held."""

    kept: Kept
    on: date
    person_id: PersonId | None = None
    need_id: NeedId | None = None
    reference: str = ""
    """Of a request."""
    gift_id: GiftId | None = None
    held: bool = False
    """Somebody holds the person's record, or that of somebody they met on a request: it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldWith:
    """What stays because the record of ``held`` does: a request that they asked for or were to come to, and with it the
    other one of it; without a request, who rang whom to hear how they are."""

    held: PersonId
    person_id: PersonId
    need_id: NeedId | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A record that must not go yet. ``reason`` is empty while locked; ``by`` a handle."""

    id: HoldId
    person_id: PersonId
    review_day: date
    """On that day somebody looks whether it is still right; it ends only when somebody ends it."""
    by: str
    at: int
    reason: str
    to_review: bool
    """The day has come."""
    with_it: Sequence[HeldWith] = ()
    """What stays with it, by reference."""


def due_on(last: date, days: int) -> date:
    """The day on which what last mattered on ``last`` goes."""
    return last + timedelta(days=days + 1)
