"""What pages show of help across groups."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.ids import PersonId
from node.domain.peer_offer import Details, Shut, Stated


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOfferView:
    """A neighbouring group's volunteer on one of our needs."""

    group: str
    peer: str
    stated: Stated
    counts: bool
    """Whether what this group states about checks counts here."""
    span: tuple[int, int] | None
    """Kilometres between both areas."""
    shut: Shut | None
    """What stands against a yes before the requester is asked."""
    consent: bool | None
    rang: bool
    details: Details
    details_at: int | None
    over: bool
    """Nothing goes on with that group any more: the talks are over, or it is blocked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayTaskView:
    """One of our volunteers on another group's need, as our board shows it. ``name`` is empty while locked."""

    id: str
    peer: str
    group: str
    public_id: str
    person_id: PersonId | None
    name: str
    category: str
    state: AssignmentState
    answer: str | None
    span: tuple[int, int] | None
    moves: tuple[AssignmentMove, ...]
    """What our coordinator may note when it was told by phone."""
    holds_details: bool
    kept_back: bool
    """What came is not for this volunteer: a coordinator takes her back. Known only while the records are open."""
    doubted: bool
    """A backup brought the details back: shut until the other group has answered."""
    until: date | None
    """The day on which what is held is deleted at the latest."""
    deleted: bool
    has_link: bool
    created_at: int
    changed_at: int
    changed_day: date


class NoBell(StrEnum):
    """Why nobody can be rung about a need now."""

    LATER = "later"
    """It is not for today, or nobody is looked for."""
    NO_NEIGHBOURS = "no_neighbours"
    SENSITIVE = "sensitive"
    """Of a kind that never leaves."""
    ONLY_US = "only_us"
    """The group does not share this kind."""
    KEPT_HERE = "kept_here"
    NO_CONSENT = "no_consent"
    """The owner was not asked, or said no."""
    NOT_GIVEN = "not_given"
    """By what was agreed, none of the neighbours gets it."""
    NOT_YET = "not_yet"
    """It goes out with the next slot."""
    RUNG = "rung"
    """Everybody was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupName:
    """A neighbouring group, to choose from."""

    origin: str
    name: str
