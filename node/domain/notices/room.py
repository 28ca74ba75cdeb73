"""The group's own chat room: what it may be told of requests, which is codes only, and what one message says."""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import NeedId
from node.domain.need import PRIVATE_CATEGORY, Need, NeedState
from node.domain.notices.notice import DAY, MINUTE, State

SETTLES = MINUTE
"""Seconds in which whoever pressed can still take it back."""
LASTS = DAY // 4
"""So long, in seconds, it is worth saying: then most rooms have moved on."""
MOST_AT_ONCE = 12
"""Requests in one message."""
WAITS_IN = frozenset({NeedState.OPEN, NeedState.OFFERED})


class Blocked(StrEnum):
    """Why a request is not for the room."""

    NOBODY_LOOKED_FOR = "nobody_looked_for"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One request as the room is told of it. Times are Unix seconds."""

    need_id: NeedId
    round: int
    """Reopened, it is another one."""
    state: State
    due: int
    ends: int
    created_at: int
    tries: int = 0
    answer: str = ""
    """A code: what the last try ended in."""


def blocked(need: Need) -> Blocked | None:
    """Why the room is not told of that request; None if it may be. Private kinds stay with us."""
    if need.category == PRIVATE_CATEGORY:
        return Blocked.PRIVATE
    if need.state not in WAITS_IN or need.to_check or need.practice:
        return Blocked.NOBODY_LOOKED_FOR
    return None
