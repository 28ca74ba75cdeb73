"""How a volunteer's offer to another group stands, in her words: one table over what the rows say."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from node.domain.assignment import AssignmentState as S
from node.domain.exchange.away_task import AwayTask, Seen

FOLLOWED_SECONDS = 7 * 24 * 3600
"""What came to an end stays on her page for so long."""


class Stands(StrEnum):
    """What she reads."""

    ASKED = "asked"
    """Our coordinators say first whether she may be named."""
    NOT_OFFERED = "not_offered"
    WAITING = "waiting"
    """That group has to say."""
    YES = "yes"
    ON_WAY = "on_way"
    DONE = "done"
    QUICKER = "quicker"
    NO = "no"
    OVER = "over"
    """It was met, or taken back."""
    UNANSWERED = "unanswered"


GOING_ON = frozenset({Stands.ASKED, Stands.WAITING, Stands.YES, Stands.ON_WAY})

_BY_STATE: Mapping[S, Stands] = {
    S.INTERESTED: Stands.WAITING,
    S.APPROVED: Stands.YES,
    S.CONTACTED: Stands.ON_WAY,
    S.DONE: Stands.DONE,
    S.DECLINED: Stands.NO,
    S.WITHDRAWN: Stands.OVER,
    S.EXPIRED: Stands.UNANSWERED,
}


def stands(task: AwayTask, *, kept_back: bool) -> Stands | None:
    """None for what she gave back herself, or we for her: that is no news.

    ``kept_back``: what came is not for her; until a coordinator took her back she waits, as before it came.
    """
    if kept_back:
        return Stands.WAITING
    if task.state in (S.DECLINED, S.WITHDRAWN) and task.answer == "taken":
        return Stands.QUICKER
    return _BY_STATE.get(task.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayRow:
    """One of hers: what that group told everybody, and how it stands. ``id``: of the task, or of what waits here."""

    id: str
    stands: Stands
    group: str
    seen: Seen
    changed_at: int
    elsewhere: bool = False
    """Its details open on another device."""
