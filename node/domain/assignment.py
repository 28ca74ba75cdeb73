"""An assignment: one volunteer on one need, from interest to done."""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import AssignmentId, NeedId, PersonId


class AssignmentState(StrEnum):
    """Where an assignment stands; ``assignment_lifecycle`` has the moves."""

    PROPOSED = "proposed"
    INTERESTED = "interested"
    APPROVED = "approved"
    CONTACTED = "contacted"
    DONE = "done"
    DECLINED = "declined"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One volunteer on one need. Times are Unix seconds; only hashes of link and device are kept."""

    id: AssignmentId
    need_id: NeedId
    person_id: PersonId
    state: AssignmentState
    created_at: int
    changed_at: int
    round: int = 0
    """The need's round in which it was made."""
    by_staff: str | None = None
    """The staff id that last moved it; None when the volunteer did."""
    approved_by: str | None = None
    """The staff id whose yes it was."""
    link_hash: bytes | None = None
    link_expires: int | None = None
    device_hash: bytes | None = None
    """Of the device that first confirmed; details open on no other."""


class Fallen(StrEnum):
    """What a yes was given for, and holds no longer when somebody wants to set out; the codes of ``Conflict``."""

    ALONE = "alone_and_new"
    """Nobody of us has met her, and as things are nobody goes with her."""
    CHECK_OVER = "check_over"
    """The safety check that this takes has ended."""
