"""What about somebody's task is told by itself, as one table; and what a person has to ring about."""

from collections.abc import Mapping
from enum import StrEnum

from node.domain.assignment import Assignment, AssignmentState
from node.domain.notices.notice import DAY, MINUTE, Kind

SETTLES = 2 * MINUTE
"""Seconds after a change before it is told: whoever mis-clicked has taken it back by then."""
TELLS: Mapping[AssignmentState, Kind] = {
    AssignmentState.PROPOSED: Kind.ASKED,
    AssignmentState.APPROVED: Kind.CONFIRMED,
    AssignmentState.WITHDRAWN: Kind.CALLED_OFF,
    AssignmentState.EXPIRED: Kind.RETURNED,
}
"""State -> what its volunteer is told. Everything else she did herself."""
OFF = frozenset({Kind.CALLED_OFF, Kind.RETURNED})
"""What she hears of a task that is hers no more."""
ABOUT_TASKS = frozenset({*TELLS.values(), Kind.MOVED, Kind.HELD, Kind.STALE, Kind.REMINDER, Kind.WROTE})
"""Messages that carry one task, and go only while it stands as they say."""


class Changed(StrEnum):
    """What is another of a task that is hers (``Kind.MOVED``)."""

    WHEN = "when"
    """Its day, or its time."""
    WHERE = "where"
    BOTH = "both"


def task_thing(task_id: str, kind: Kind) -> str:
    """How that is named as something that was told."""
    return f"task:{task_id}:{kind}"


def line_thing(task_id: str, message_id: str) -> str:
    """The same of one line that a coordinator wrote."""
    return f"{task_thing(task_id, Kind.WROTE)}-{message_id}"


def stale_thing(task_id: str, heard_at: int) -> str:
    """The same of nothing having been heard since; a word of hers begins it anew."""
    return f"{task_thing(task_id, Kind.STALE)}-{heard_at}"


def moved_thing(task_id: str, at: int) -> str:
    """The same of its day, time or place, changed at ``at`` (Unix seconds); changed again, it is another thing."""
    return f"{task_thing(task_id, Kind.MOVED)}-{at}"


def held_thing(task_id: str, at: int) -> str:
    """The same of her not being to go, since ``at`` (Unix seconds); once it stood again, it is another thing."""
    return f"{task_thing(task_id, Kind.HELD)}-{at}"


def stands_thing(task_id: str, at: int) -> str:
    """The same of her being to go after all, who was told at ``at`` (as in ``held_thing``) that she is not."""
    return f"{task_thing(task_id, Kind.CONFIRMED)}-{at}"


def task_of(thing: str) -> str | None:
    """The task that a thing names; None for any other."""
    kind, _, rest = thing.partition(":")
    return rest.rpartition(":")[0] if kind == "task" else None


def tells(task: Assignment, *, knows: bool) -> Kind | None:
    """What she should hear about her task as it stands; None: nothing. ``knows``: that it is hers, by a message
    or by herself.

    Her own yes that was enough is no news to her, and what she never heard of is neither called off nor gone.
    """
    kind = TELLS.get(task.state)
    if kind is Kind.CONFIRMED and task.approved_by is None:
        return None
    if kind is Kind.ASKED and task.link_hash is not None:
        return None  # somebody made her link, and told her
    return kind if kind not in OFF or knows else None


def tells_away(state: AssignmentState, answer: str | None, *, knows: bool) -> Kind | None:
    """What she should hear of her offer to another group, from how it stands here and that group's last word; None:
    nothing. A no before she was confirmed stands on her page: nobody waits at home for it."""
    if state is AssignmentState.APPROVED and answer == "yes":
        return Kind.CONFIRMED
    ended = state in (AssignmentState.WITHDRAWN, AssignmentState.DECLINED, AssignmentState.EXPIRED)
    return Kind.CALLED_OFF if ended and knows else None


def to_ring(task: Assignment, now: int, *, knows: bool) -> Kind | None:
    """What somebody has to be told by a person, where no message reaches her: asked or confirmed, and nobody made her a
    link or heard from her since; or hers no more, though she ``knows`` that it was. None: nothing."""
    if task.changed_at > now - SETTLES:
        return None
    kind = tells(task, knows=knows)
    return kind if kind in OFF or task.link_hash is None else None


def to_ring_away(
    state: AssignmentState, answer: str | None, changed_at: int, now: int, *, linked: bool, knows: bool
) -> Kind | None:
    """The same of what she offered to another group: confirmed there and no link opened or made (``linked``), or called
    off though she ``knows`` that it was hers."""
    if changed_at > now - SETTLES:
        return None
    kind = tells_away(state, answer, knows=knows)
    return kind if kind is Kind.CALLED_OFF or not linked else None


def rung_thing(task_id: str, kind: Kind) -> str:
    """How it is named that somebody rang her about that in vain, last."""
    return f"rung:{task_id}:{kind}"


def is_fresh(changed_at: int, now: int) -> bool:
    """Whether it changed long enough ago to be meant, and not so long that it is no news."""
    return now - DAY < changed_at <= now - SETTLES
