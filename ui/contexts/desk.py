"""What the parts of triage and follow-up are given: one frozen dataclass a part of a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.board.figures import Figures
from node.domain.board.shifts import ShiftNoteView
from node.domain.calls.call_views import NotRungLine, TaskLine
from node.domain.dispatch.follow_up import CallBackView, ContactView, FeedbackView
from node.services.board.shifts import Rota
from node.services.board.watch import Raised
from node.services.safety.visits import VisitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls about one request."""

    entries: tuple[ContactView, ...]
    """Newest first."""
    call_back: CallBackView | None
    tomorrow: date
    """What the page proposes when nobody answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HowItWent:
    """Whether to ask, and what was said."""

    due: bool
    """Help should have come by now."""
    said: Sequence[FeedbackView]


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """What every coordinator sees first."""

    raised: Sequence[Raised]
    """Decisions that wait too long, the longest waiting first."""
    notes: Sequence[ShiftNoteView]
    """Of earlier shifts, not read by whoever looks."""
    on_now: Sequence[str]
    """Handles."""
    out: Sequence[VisitRow] = ()
    """Who is out alone, overdue ones first."""
    calls: Sequence[TaskLine] = ()
    """What waits because of calls, worries first."""
    not_rung: Sequence[NotRungLine] = ()
    """Friendly calls that nobody made."""
    checks_due: int = 0
    """Safety checks that end soon, and nobody has spoken to the volunteer; 0 for whoever may not note checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The group's own written rules for sorting."""

    urgent: str
    decides: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPage:
    """`/board/shift`"""

    rota: Rota
    weeks: Sequence[Sequence[date]]
    today: date
    who: str
    """The staff id whose week can be changed below."""
    week: date
    """Its Monday."""
    on: frozenset[tuple[date, str]]
    """When that person is on: day and part of day."""
    table: Mapping[tuple[date, str], Sequence[str]]
    """Handles by day and part of day."""
    notes: Sequence[ShiftNoteView]
    on_now: Sequence[str]
    problem: str = ""
    text: str = ""
    """A note that could not be saved, as it was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """`/figures`"""

    figures: Figures
    outside: bool
    """As others may have it, without small numbers."""
    today: date
    money: Callable[[int], str]
