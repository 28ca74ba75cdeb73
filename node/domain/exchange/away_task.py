"""One of our volunteers on another group's need: offered, confirmed there, done. The other group decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from node.domain.assignment import AssignmentState as S
from node.domain.assignment_lifecycle import ENDED
from node.domain.catalogue import Catalogue
from node.domain.exchange.handover import KEEP_DAYS
from node.domain.hours import days_wanted, free_on
from node.domain.ids import PersonId
from node.domain.matching.matching import CHECK_ORDER, DEMANDING_TAGS, Helper
from node.domain.need import PartOfDay, Urgency, Window, due_day
from node.domain.peer_offer import Stated
from node.domain.volunteer import Cleared, VolunteerState, paused_on
from protocol.cells import span_from_point
from protocol.limits import DAY_SECONDS
from protocol.statements import Summary

WAIT_DAYS = 14
"""An offer that nobody answered for so long is over."""
LATE_DAYS = 14
"""Details of a task that nobody reported as done: kept for so long after the last day that the other group named."""
UNDATED_DAYS = 30
"""The same where it named no day: for so long since they came."""
MOST_DAYS = 60
"""And never longer than this since they first came, whatever was named."""


class Held(StrEnum):
    """Where the details of the one who asked are."""

    NONE = "none"
    HELD = "held"
    DELETED = "deleted"


class Tell(StrEnum):
    """The messages that we owe the other group."""

    RECEIPT = "receipt"
    OUTCOME = "outcome"
    DELETED = "deleted"
    STATE = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the other group had published of its need when we offered: the task before the yes."""

    category: str
    cell: str
    urgency: str
    window: tuple[str, str] | None = None
    """First and last day, ISO."""
    part_of_day: str | None = None
    effort: str | None = None
    helpers: str = "1"
    remote: bool = False
    requires: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def first_day(self) -> str | None:
        """The first of its days, ISO; None where it has none."""
        return self.window[0] if self.window else None

    def text(self) -> str:
        """As it is stored."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "Seen":
        """As it was stored."""
        found: dict[str, Any] = json.loads(text)
        for name in ("requires", "tags"):
            found[name] = tuple(found[name])
        found["window"] = tuple(found["window"]) if found["window"] else None
        return cls(**found)


def seen_of(summary: Summary) -> Seen:
    """Out of the statement."""
    window = summary.window
    return Seen(
        category=summary.category,
        cell=summary.cell,
        urgency=str(summary.urgency),
        window=(window.from_.isoformat(), window.to.isoformat()) if window else None,
        part_of_day=summary.part_of_day,
        effort=summary.effort,
        helpers=str(summary.helpers),
        remote=bool(summary.remote),
        requires=tuple(summary.requires or ()),
        tags=tuple(summary.tags or ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayTask:
    """One row. Times are Unix seconds; ``sealed`` is what was handed over, None when there is nothing (any more)."""

    id: str
    peer: str
    public_id: str
    person_id: PersonId | None
    """None once she was erased here."""
    helper: str
    """What that group calls her."""
    state: S
    answer: str | None = None
    """yes, no, taken or revoke: the last word of the other group."""
    seen: Seen
    span: tuple[int, int] | None = None
    """Kilometres, as the other group told it."""
    held: Held = Held.NONE
    sealed: bytes | None = None
    told_state: str | None = None
    """The last outcome that we sent."""
    told_held: Held = Held.NONE
    """What we last told about the details."""
    asked: bool = False
    """The other group asks how it stands."""
    re: str | None = None
    """Id of its latest letter about it, which our next one answers."""
    held_at: int | None = None
    """When its details first came."""
    keep_days: int | None = None
    """For how many days after done it lets us keep them; never longer than ``KEEP_DAYS``."""
    doubted: bool = False
    """A backup brought the details back, and the other group has not said yet that they are still ours: they stay
    shut."""
    by_staff: str | None = None
    link_hash: bytes | None = None
    link_expires: int | None = None
    device_hash: bytes | None = None
    created_at: int
    changed_at: int


OUTCOMES = frozenset({S.CONTACTED, S.DONE, S.RELEASED, S.EXPIRED})
"""States that are ours to tell. ``declined`` and ``withdrawn`` are the other group's own doing."""


def owed(task: AwayTask) -> tuple[Tell, ...]:
    """What has to be told now, in this order; each message is sent until it is noted as told."""
    found = []
    if task.held is Held.HELD and task.told_held is Held.NONE:
        found.append(Tell.RECEIPT)
    if task.state in OUTCOMES and task.told_state != str(task.state):
        found.append(Tell.OUTCOME)
    if task.held is Held.DELETED and task.told_held is not Held.DELETED:
        found.append(Tell.DELETED)
    if task.asked:
        found.append(Tell.STATE)
    return tuple(found)


_ANSWERED: Mapping[tuple[S, str], S] = {
    (S.INTERESTED, "yes"): S.APPROVED,
    (S.INTERESTED, "no"): S.DECLINED,
    (S.INTERESTED, "taken"): S.DECLINED,
    (S.INTERESTED, "revoke"): S.WITHDRAWN,
    (S.APPROVED, "revoke"): S.WITHDRAWN,
    (S.CONTACTED, "revoke"): S.WITHDRAWN,
    # After a restore, theirs or ours: they know of no yes.
    (S.APPROVED, "no"): S.WITHDRAWN,
    (S.APPROVED, "taken"): S.WITHDRAWN,
    (S.CONTACTED, "no"): S.WITHDRAWN,
    (S.CONTACTED, "taken"): S.WITHDRAWN,
}
"""What the other group's word makes of our task; anything else changes no state (late, twice, after an end)."""


def answered(state: S, word: str) -> S:
    """The state after the other group's word."""
    return _ANSWERED.get((state, word), state)


def may_hold(state: S) -> bool:
    """Whether details that arrive now are kept: for a task that goes on, and for no other."""
    return state not in ENDED


NOT_OURS = frozenset({"no", "taken", "revoke"})
"""Words of the other group after which nothing that it handed over is kept, whatever our task's state."""


_KEPT_BACK = "kept_back"


def kept_back(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is sealed in place of details that our volunteer must not get: as long as they were, so that nobody sees
    from outside which it is."""
    more = _length(record) - _length({_KEPT_BACK: ""})
    return {_KEPT_BACK: " " * max(0, more)}


def _length(record: Mapping[str, Any]) -> int:
    return len(json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode())


def is_kept_back(record: Mapping[str, Any]) -> bool:
    """Whether an opened record is such a one."""
    return _KEPT_BACK in record


def kept_days(task: AwayTask) -> int:
    """For how many days after done details are kept."""
    return KEEP_DAYS if task.keep_days is None else min(task.keep_days, KEEP_DAYS)


def details_until(task: AwayTask) -> int | None:
    """Unix seconds when what we hold is deleted at the latest, however silent the other group is; None where nothing
    is held.

    ``KEEP_DAYS`` after done, or fewer if that group said so. Not reported: ``LATE_DAYS`` after the last day named, or
    ``UNDATED_DAYS`` after they came where none was. But never later than ``MOST_DAYS`` after that.
    """
    if task.held is not Held.HELD:
        return None
    came = task.changed_at if task.held_at is None else task.held_at
    most = came + MOST_DAYS * DAY_SECONDS
    if task.state is S.DONE:
        return min(task.changed_at + kept_days(task) * DAY_SECONDS, most)
    if task.seen.window is None:
        return came + UNDATED_DAYS * DAY_SECONDS
    last = datetime.combine(date.fromisoformat(task.seen.window[1]), time(), UTC)
    late = max(int(last.timestamp()) + DAY_SECONDS, came) + LATE_DAYS * DAY_SECONDS
    return min(late, most)


class Hindered(StrEnum):
    """Why one of our volunteers is not offered to another group."""

    LEFT = "left"
    NOT_SUITABLE = "not_suitable"
    PAUSED = "paused"
    OFF = "off_today"
    NOT_THIS_KIND = "not_this_kind"
    LACKS_CHECK = "lacks_check"
    LACKS = "lacks"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayCandidate:
    """One of our volunteers who could do what another group needs."""

    person_id: PersonId
    name: str
    span: tuple[int, int] | None
    this_week: int
    hindered: Hindered | None = None


def hindered(
    helper: Helper, seen: Seen, catalogue: Catalogue, today: date, unseen: frozenset[PersonId] = frozenset()
) -> Hindered | None:
    """The first thing against offering her; None if she fits what the other group published. ``unseen``: who signed up
    and may be somebody we know.

    A broad group (class B) fits whoever helps with any kind in it and has the check of that kind.
    """
    volunteer = helper.volunteer
    if volunteer.state is VolunteerState.LEFT:
        return Hindered.LEFT
    kept_away = helper.barred or volunteer.state is VolunteerState.SUSPENDED
    if kept_away or helper.person_id in unseen:
        return Hindered.NOT_SUITABLE
    day = max(today, date.fromisoformat(seen.window[0])) if seen.window else today
    if paused_on(volunteer, day):
        return Hindered.PAUSED
    if not any(
        free_on(volunteer.hours, volunteer.days_off, each, _part(seen)) for each in _days(seen, today)
    ):
        return Hindered.OFF
    kinds = [
        each for each in catalogue.categories if each.wire == seen.category and each.code in helper.abilities
    ]
    if not kinds:
        return Hindered.NOT_THIS_KIND
    if all(_unchecked(helper, CHECK_ORDER.index(each.check), day) for each in kinds):
        return Hindered.LACKS_CHECK
    if not _demanding(seen) <= helper.manages:
        return Hindered.LACKS
    span = reach(helper, seen)
    if span is not None and span[0] > volunteer.radius_km:
        return Hindered.TOO_FAR
    return None


def _days(seen: Seen, today: date) -> tuple[date, ...]:
    """Every day on which help could come, as for a need of our own; it was published today at the latest."""
    first, last = map(date.fromisoformat, seen.window) if seen.window else (today, today)
    window = Window(first=first, last=last) if seen.window else None
    return days_wanted(due_day(Urgency(seen.urgency), window, today), window, today)


def _part(seen: Seen) -> PartOfDay | None:
    return PartOfDay(seen.part_of_day) if seen.part_of_day else None


def _unchecked(helper: Helper, level: int, day: date) -> bool:
    check = CHECK_ORDER[level]
    if check not in helper.checks:
        return True
    until = helper.checks[check]
    return until is not None and until < day


def _demanding(seen: Seen) -> frozenset[str]:
    return frozenset(seen.requires) | (frozenset(seen.tags) & DEMANDING_TAGS)


def reach(helper: Helper, seen: Seen) -> tuple[int, int] | None:
    """Kilometres from her place to the need's area; None where that means nothing."""
    if seen.remote or helper.point is None:
        return None
    return span_from_point(helper.point.lat, helper.point.lon, seen.cell)


def stated_of(helper: Helper, *, cell: str | None, since: int | None) -> Stated:
    """What we say of her to another group: codes, and her place as a label of our map."""
    volunteer = helper.volunteer
    return Stated(
        since=since,
        checks=tuple(Cleared(check=each.check, until=each.until) for each in volunteer.cleared)[:4],
        cell=cell,
        reach_km=round(volunteer.radius_km),
        languages=tuple(sorted(helper.languages))[:8],
        manages=tuple(sorted(helper.manages))[:12],
    )
