"""A visit by somebody alone: when she went, when we expect her back, and what to do if she is not.

Times are Unix seconds. Nothing here needs a telephone of hers: a coordinator ticks for whoever has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from node.domain.ids import AssignmentId, NeedId, PersonId
from node.errors import N_, Conflict, Invalid

MINUTES = (30, 60, 120, 240)
"""What a page offers; the usual first task of an evening fits into the second."""
USUAL_MINUTES = 60
MORE_MINUTES = 15
"""What one more tap gives, and a talk on the phone."""
MOST_MINUTES = 12 * 60
"""Longer than this nobody waits before they begin to worry."""
RINGS = 2
"""So many rings without an answer, and it is time to send somebody."""


class Ended(StrEnum):
    """How a visit was over."""

    BACK = "back"
    """She, or somebody for her, said so."""
    TASK = "task"
    """Her task was over, or taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit. ``rung``: how often we rang without an answer since she was expected; ``rung_at``: the last time."""

    id: str
    assignment_id: AssignmentId
    need_id: NeedId
    person_id: PersonId
    started_at: int
    expected_at: int
    rung: int = 0
    rung_at: int | None = None
    ended_at: int | None = None
    ended: Ended | None = None

    def overdue(self, now: int) -> bool:
        """Whether she should have been back."""
        return self.ended_at is None and now > self.expected_at

    def late_minutes(self, now: int) -> int:
        """Whole minutes since she should have been back; 0 before."""
        return max(0, now - self.expected_at) // 60

    @property
    def send_somebody(self) -> bool:
        """Whether ringing has been tried often enough."""
        return self.rung >= RINGS


def minutes_of(text: str) -> int:
    """What was typed or chosen. Raises ``Invalid`` (field ``minutes``) unless it is 5 to ``MOST_MINUTES``."""
    problem = N_("Say for how many minutes, between 5 and 720.")
    if not text.isdecimal() or len(text) > 4 or not 5 <= int(text) <= MOST_MINUTES:
        raise Invalid("visit", problem, fields={"minutes": problem})
    return int(text)


def expected(visit: Visit, at: int) -> Visit:
    """She comes back then; whatever was rung before counts no more. At most ``MOST_MINUTES`` after she went.

    Raises ``Conflict("visit_over")`` for a visit that is over.
    """
    _must_go_on(visit)
    latest = max(visit.expected_at, visit.started_at + MOST_MINUTES * 60)
    return replace(visit, expected_at=min(at, latest), rung=0, rung_at=None)


def more(visit: Visit, minutes: int, now: int) -> Visit:
    """So many minutes more, from when she was expected or from now, whichever is later."""
    return expected(visit, max(visit.expected_at, now) + minutes * 60)


def no_answer(visit: Visit, now: int) -> Visit:
    """We rang and nobody answered. She stays overdue."""
    _must_go_on(visit)
    return replace(visit, rung=visit.rung + 1, rung_at=now)


def over(visit: Visit, now: int, how: Ended) -> Visit:
    """She is back. Saying it twice changes nothing."""
    if visit.ended_at is not None:
        return visit
    return replace(visit, ended_at=now, ended=how)


def red_first(visits: Iterable[Visit], now: int) -> list[Visit]:
    """Overdue ones before all others, whoever is late longest at the top; then by when they are expected."""
    return sorted(visits, key=lambda each: (not each.overdue(now), each.expected_at, each.id))


def _must_go_on(visit: Visit) -> None:
    if visit.ended_at is not None:
        raise Conflict("visit_over", N_("They are back already."))
