"""What is written down while a need is followed up: calls, call-backs, how it went, what was corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from node.domain.ids import AssignmentId, NeedId


class ContactKind(StrEnum):
    """How somebody tried to reach the one who asked for help; one key each on the page."""

    NO_ANSWER = "no_answer"
    SPOKE = "spoke"
    LEFT_MESSAGE = "left_message"
    TEXT_SENT = "text_sent"
    VISITED = "visited"
    OTHER = "other"


UNREACHED = frozenset({ContactKind.NO_ANSWER, ContactKind.LEFT_MESSAGE})
"""After these somebody has to ring again, so a day is set."""

REACHED = frozenset({ContactKind.SPOKE, ContactKind.VISITED})
"""These keep the promise to ring again, if its day had come."""

RING_AGAIN_DAYS = 1
"""No answer and no other day said: tomorrow."""

MAX_NOTE = 1_000
"""Characters of a note about a call."""


class Answer(StrEnum):
    """How it went, in three words that also fit on the phone."""

    WELL = "well"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One entry of a need's contact log. ``at``: Unix seconds."""

    id: str
    need_id: NeedId
    kind: ContactKind
    at: int
    by_staff: str
    note_sealed: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Somebody promised to ring on that day; or something happened, and it is to be rung about."""

    need_id: NeedId
    day: date
    at: int
    by_staff: str
    note_sealed: bytes | None = None
    by_itself: bool = False
    """Nobody promised that day: it came up because of what happened at ``at``."""
    promised: date | None = None
    """The later day that somebody had promised, where it came up ``by_itself``; the note is that promise's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """How it went: by one helper, or (``assignment_id`` None) by the one who asked."""

    id: str
    need_id: NeedId
    assignment_id: AssignmentId | None
    answer: Answer
    at: int
    by_actor: str
    note_sealed: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was changed of a need; ``sealed`` holds each field as it was and as it became."""

    id: str
    need_id: NeedId
    at: int
    by_staff: str
    fields: tuple[str, ...]
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """One line of the log. ``by``: a staff handle. ``note`` is empty while locked."""

    kind: ContactKind
    at: int
    by: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackView:
    """The day to ring again, why, and who promised it."""

    day: date
    why: str
    by: str
    due: bool
    """The day has come."""
    promised: date | None = None
    """As ``CallBack.promised``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackView:
    """One answer. ``helper``: the volunteer's name, None for the one who asked."""

    answer: Answer
    at: int
    helper: str | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """One correction: per field what it was and what it became; empty while locked."""

    at: int
    by: str
    fields: tuple[str, ...]
    changes: Mapping[str, tuple[str, str]]


def pulled_forward(
    held: CallBack | None, need_id: NeedId, by_staff: str, today: date, now: int
) -> CallBack | None:
    """To be rung today, because of what happened now; the promise of a later day is kept beside it. None: its day has
    come anyway."""
    if held is None:
        return CallBack(need_id=need_id, day=today, at=now, by_staff=by_staff, by_itself=True)
    if held.day <= today:
        return None
    return replace(
        held, day=today, at=now, by_itself=True, promised=held.promised if held.by_itself else held.day
    )


def not_reached(held: CallBack, fresh: CallBack) -> CallBack:
    """After a call in vain, to be rung again as ``fresh`` says: a later promise stays, with its note."""
    if held.promised is None:
        return replace(fresh, by_itself=held.by_itself)
    if fresh.day >= held.promised:
        return as_promised(held) or fresh
    return replace(held, day=fresh.day, at=fresh.at)


def as_promised(held: CallBack) -> CallBack | None:
    """How it was before it came up by itself; None: there was nothing."""
    if not held.by_itself:
        return held
    return replace(held, day=held.promised, by_itself=False, promised=None) if held.promised else None


def once_rung(held: CallBack, today: date) -> CallBack | None:
    """What is left when somebody rang about it: the promise of a later day."""
    left = as_promised(held) if held.by_itself else None
    return left if left is not None and left.day > today else None


def ring_again(kind: ContactKind, said: date | None, today: date) -> date | None:
    """The day to ring again after that entry; None: none is set by it."""
    if said is not None:
        return said
    return today + timedelta(days=RING_AGAIN_DAYS) if kind in UNREACHED else None
