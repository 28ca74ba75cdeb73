"""Which tasks somebody is reminded of: the day before, once, and never of what is over."""

from datetime import date, timedelta

from node.domain.assignment import Assignment, AssignmentState
from node.domain.need import Need, NeedState
from node.domain.notices.notice import Kind
from node.domain.notices.tasks import task_thing
from node.domain.zone import Zone

HERS = frozenset({AssignmentState.APPROVED, AssignmentState.CONTACTED})
STANDS = frozenset({NeedState.OPEN, NeedState.OFFERED, NeedState.ASSIGNED, NeedState.IN_PROGRESS})
"""Of a request for several helpers some may still be looked for."""


def reminder_thing(task_id: str, day: date) -> str:
    """How it is named as something that was told. On another day it is another one: she has to know of that."""
    return f"{task_thing(task_id, Kind.REMINDER)}-{day.isoformat()}"


def reminds(task: Assignment, need: Need, now: int, zone: Zone) -> date | None:
    """The day to remind her of, which is tomorrow; None: nothing to say.

    A day is one that somebody named (``window``), not the end of "this week". Whoever was confirmed or spoken to today
    knows it. ``now``: Unix seconds.
    """
    tomorrow = zone.day(now) + timedelta(days=1)
    if need.window is None or need.window.first != tomorrow:
        return None
    stands = task.state in HERS and need.state in STANDS and task.round == need.round and not need.practice
    return tomorrow if stands and zone.day(task.changed_at) < zone.day(now) else None


def reminds_away(
    state: AssignmentState, first: str | None, changed_at: int, now: int, zone: Zone
) -> date | None:
    """The same of a task for another group, whose ``first`` day (ISO) is the one that it told everybody."""
    tomorrow = zone.day(now) + timedelta(days=1)
    if first is None or date.fromisoformat(first) != tomorrow:
        return None
    return tomorrow if state in HERS and zone.day(changed_at) < zone.day(now) else None
