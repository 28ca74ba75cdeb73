"""Whether somebody who said "On my way" is on her way, or said it days before."""

from node.domain.assignment import Assignment, AssignmentState
from node.domain.need import Need
from node.domain.zone import Zone

ON_THE_WAY = 12 * 3600
"""So long, in seconds, that word holds: longer than any errand takes."""


def on_the_way(task: Assignment, need: Need, now: int, zone: Zone) -> bool:
    """Whether she set out for today. Said before the first day of the request, it was a promise. ``now``: Unix
    seconds."""
    early = need.window is not None and need.window.first > zone.day(now)
    return task.state is AssignmentState.CONTACTED and not early and now - task.changed_at < ON_THE_WAY
