"""A private thread: what a coordinator and one volunteer write to each other about one task."""

from dataclasses import dataclass

from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import SHOWS_DETAILS
from node.domain.ids import AssignmentId, NeedId

MAX_MESSAGE = 500
"""Characters: a few sentences. Whatever is longer is better said on the phone."""

MOST = 200
"""Messages of one task; nobody needs as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message. ``by_staff``: None when the volunteer wrote it; ``sealed`` holds the words."""

    id: str
    need_id: NeedId
    assignment_id: AssignmentId
    by_staff: str | None
    at: int
    seen_at: int | None
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """The same on a page. ``by``: a staff handle, None for the volunteer; ``text``: empty while locked."""

    at: int
    by: str | None
    text: str
    new: bool
    """Written by the volunteer, and nobody here has said that they have seen it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """Everything written about one task, oldest first."""

    assignment_id: AssignmentId
    messages: tuple[MessageView, ...]
    open: bool
    """It can be written to; shut when the details shut."""
    locked: bool


def is_open(task: Assignment, now: int) -> bool:
    """Exactly as long as the details are: confirmed, with a link that has not run out."""
    alive = task.link_hash is not None and task.link_expires is not None and task.link_expires > now
    return alive and task.state in SHOWS_DETAILS
