"""A volunteer of ours who puts herself forward for another group's need, until a coordinator says whether she is
offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.assignment import AssignmentState as S
from node.domain.catalogue import Catalogue
from node.domain.exchange.away_task import AwayTask, Hindered, Seen, hindered
from node.domain.ids import PersonId
from node.domain.matching.matching import WEEK_SECONDS, Gate, Helper, this_week


class AskState(StrEnum):
    """What became of it; a yes makes it an ``AwayTask`` and takes it away."""

    WAITING = "waiting"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayAsk:
    """One row. Times are Unix seconds."""

    id: str
    peer: str
    public_id: str
    person_id: PersonId
    seen: Seen
    wording: str
    """Which words she said yes to, and when: ``created_at``."""
    device_hash: bytes
    """Where she said it: there the details will open."""
    state: AskState = AskState.WAITING
    created_at: int
    changed_at: int


_COUNTS = frozenset({S.APPROVED, S.CONTACTED, S.DONE})


def shut(
    helper: Helper,
    seen: Seen,
    catalogue: Catalogue,
    *,
    today: date,
    now: int,
    elsewhere: Sequence[AwayTask],
    unseen: frozenset[PersonId],
) -> Hindered | Gate | None:
    """The first gate that is shut for whoever offers herself; None if all are open.

    Those of ``hindered``, and what a coordinator may overrule at home and nobody overrules alone: somebody whom we have
    not met, a rest, a full week. ``elsewhere``: her tasks for other groups, which count for the week as those at home.
    """
    if (why := hindered(helper, seen, catalogue, today, unseen)) is not None:
        return why
    day = max(today, date.fromisoformat(seen.window[0])) if seen.window else today
    if helper.new_here and not seen.remote:
        return Gate.NEWCOMER
    if helper.rests_until is not None and day < helper.rests_until:
        return Gate.RESTING
    had = this_week(helper, day) + sum(
        each.state in _COUNTS and each.changed_at > now - WEEK_SECONDS for each in elsewhere
    )
    most = helper.volunteer.max_per_week
    return Gate.WEEK_FULL if most is not None and had >= most else None
