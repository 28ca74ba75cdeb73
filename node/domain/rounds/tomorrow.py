"""What is on tomorrow, on one sheet of paper: for a morning without power, or a kitchen table."""

from dataclasses import dataclass
from datetime import date

from node.domain.ids import NeedId
from node.domain.need import NeedState, PartOfDay
from node.domain.rounds.run_views import RunLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How somebody is reached; only after a recorded look."""

    name: str
    phone: str
    safe_to_ring: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TomorrowLine:
    """One request that is due by tomorrow. ``helpers``: who is confirmed, by name."""

    need_id: NeedId
    reference: str
    category: str
    """Exact."""
    cell: str | None
    state: NeedState
    due_day: date | None
    part_of_day: PartOfDay | None
    told: bool
    """The person was told who comes."""
    ring: bool
    """Somebody promised to ring them by then."""
    helpers: tuple[str, ...]
    asker: Reach | None = None
    coming: tuple[Reach, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TomorrowSheet:
    """The lines, the most pressing first, and the rounds of that day."""

    lines: tuple[TomorrowLine, ...]
    rounds: tuple[RunLine, ...]
    revealed: bool
