"""What a volunteer is told of a task that came to nothing, and not by her: one table over how it ended."""

from collections.abc import Mapping
from enum import StrEnum

from node.domain.assignment import AssignmentState as S

TOLD_SECONDS = 7 * 24 * 3600
"""So long it stands on her page; as long as what she offered to another group."""


class Over(StrEnum):
    """What she reads. Why stands nowhere: that somebody else goes and that nobody may meet whom read alike."""

    NOT_NEEDED = "not_needed"
    """Our no, taken back by us, or the request ended."""
    NO_WORD = "no_word"
    """Its time ran out, whoever did not answer."""


_BY_STATE: Mapping[S, Over] = {S.WITHDRAWN: Over.NOT_NEEDED, S.EXPIRED: Over.NO_WORD}


def over(state: S, *, declined_by_us: bool) -> Over | None:
    """None for what goes on, what was done, and her own no: that is no news to her. ``declined_by_us``: of what was
    declined, that it was our answer to her offer."""
    if state is S.DECLINED:
        return Over.NOT_NEEDED if declined_by_us else None
    return _BY_STATE.get(state)
