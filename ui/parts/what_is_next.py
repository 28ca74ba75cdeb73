"""In which order a volunteer's tasks stand on her page, ours and those of neighbouring groups among each other."""

from collections.abc import Mapping, Sequence

from node.domain.assignment import AssignmentState
from node.domain.exchange.followed import AwayRow, Stands
from node.domain.need import Urgency
from node.domain.own.views import OwnTaskRow
from ui.contexts.own import Followed, OwnCard

_OURS: Mapping[AssignmentState, int] = {
    AssignmentState.CONTACTED: 0,
    AssignmentState.APPROVED: 1,
    AssignmentState.PROPOSED: 2,
    AssignmentState.INTERESTED: 3,
}
_THEIRS: Mapping[Stands, int] = {Stands.ON_WAY: 0, Stands.YES: 1, Stands.WAITING: 3, Stands.ASKED: 3}
"""What she is on, what she is to do, what she is asked, what she waits for; what is over comes last."""
_NOT_WANTED, _OVER = 4, 5


def in_order(tasks: Sequence[OwnTaskRow], followed: Sequence[Followed]) -> list[OwnCard]:
    """All of them, the next first; of one stage by the last day on which it may be, what has none after that."""
    found = [(_of_ours(task), OwnCard(task=task)) for task in tasks]
    found += [(_of_theirs(each.row), OwnCard(away=each)) for each in followed]
    return [card for _, card in sorted(found, key=lambda each: each[0])]


def _of_ours(task: OwnTaskRow) -> tuple[int, str]:
    return _NOT_WANTED if task.others_go else _OURS[task.state], str(task.due_day or "~")


def _of_theirs(row: AwayRow) -> tuple[int, str]:
    if row.stands not in _THEIRS:
        return _OVER, ""  # the newest first, as they came
    if row.seen.window:
        return _THEIRS[row.stands], row.seen.window[1]
    # Of theirs we know no day on which they were asked: "today" comes first.
    return _THEIRS[row.stands], "" if row.seen.urgency == Urgency.TODAY else "~"
