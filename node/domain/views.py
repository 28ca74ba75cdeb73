"""What the services hand to pages, commands and jobs: values, never rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.consents import Consent
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Need, NeedDetails, NeedState, PartOfDay, Urgency, Window
from node.domain.need_lifecycle import NeedMove, PublishedAs
from node.domain.person import Person, PersonDetails
from node.domain.volunteer import Volunteer


class QueueFilter(StrEnum):
    """The saved filters of the board."""

    TO_TRIAGE = "to_triage"
    UNASSIGNED = "unassigned"
    DUE_TODAY = "due_today"
    WAITING = "waiting"
    """Somebody was asked or offered, and nobody has said the last word yet."""
    OVERDUE = "overdue"
    MINE = "mine"
    ALL_OPEN = "all_open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One line of the board. ``category`` is exact while unlocked, else as on disk (group or ``private``)."""

    need_id: NeedId
    reference: str
    state: NeedState
    category: str
    cell: str | None
    place: str
    """The place as it was said (of the need only, not the person's address); empty while locked."""
    urgency: Urgency
    due_day: date | None
    overdue: bool
    posted_day: date
    hold_until: date | None
    helpers: int
    filled: int
    """Places with a confirmed helper."""
    waiting: int
    """Asked or offered, not yet confirmed."""
    keep_here: bool
    to_check: bool
    told_by_phone: bool
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One line of a need's or person's history: who, when (Unix seconds), what, why."""

    at: int
    actor: str
    """A staff handle where one is known, else the audit's label (``volunteer:...``, ``system``)."""
    action: str
    codes: dict[str, str]
    why: str
    """The note, empty when there is none or while locked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentView:
    """One volunteer on the need as the board shows it; ``name`` is empty while locked."""

    id: AssignmentId
    person_id: PersonId
    name: str
    state: AssignmentState
    moves: tuple[AssignmentMove, ...]
    created_at: int
    changed_at: int
    approved_by: str
    """The handle of who confirmed, empty before."""
    has_link: bool
    """A private link is out and has not run out."""
    confirmed_device: bool
    """The link was confirmed on some device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedView:
    """One need as the right half of the board shows it."""

    need: Need
    category: str
    """Exact while unlocked."""
    details: NeedDetails | None
    """None while locked."""
    moves: tuple[NeedMove, ...]
    assignments: tuple[AssignmentView, ...]
    history: tuple[HistoryRow, ...]
    consents: tuple[Consent, ...]
    published_as: PublishedAs | None
    """What the state says is to be told to others, if all three said yes."""
    person_name: str | None
    """Only after a recorded look."""
    person: PersonDetails | None
    """Only after a recorded look."""
    safe_to_ring: str
    """Shown above any number; with ``person`` only."""
    barred: bool
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why (or why not) a volunteer fits: a code and its values, put into words by the page.

    Codes and args are listed in ``node.domain.matching``.
    """

    code: str
    args: dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One volunteer that passed every gate. ``distance_km`` only where it is honest to say it."""

    person_id: PersonId
    name: str
    score: float
    reasons: tuple[Reason, ...]
    distance_km: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRow:
    """One line of the people page."""

    person_id: PersonId
    name: str
    volunteer: Volunteer
    barred: bool
    this_week: int
    """Tasks confirmed or done in the last seven days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person, after a recorded look."""

    person: Person
    details: PersonDetails
    volunteer: Volunteer | None
    needs: tuple[Need, ...]
    consents: tuple[Consent, ...]
    history: tuple[HistoryRow, ...]


class TaskStage(StrEnum):
    """What the page behind a private link shows."""

    ASKED = "asked"
    """Kind, rough area, when, how long: "I can help" or "not this time"."""
    WAITING = "waiting"
    """She said yes; a coordinator has to confirm."""
    CONFIRM_HERE = "confirm_here"
    """Confirmed; one tap opens the details on this device, and from then on only here."""
    OTHER_DEVICE = "other_device"
    """Confirmed on another device: nothing is shown here."""
    OPEN = "open"
    """Details shown: on my way, done, problem."""
    DONE = "done"
    """Done; details shown until the link runs out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetails:
    """What the task needs, and no more; only for the confirmed helper on her device."""

    first_name: str
    safe_to_ring: str
    """Stands above the phone."""
    phone: str
    phone_kind: str
    address: str
    doorstep_word: str
    notes: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    """A task as its helper sees it. Before the yes: only what could be on a map."""

    stage: TaskStage
    assignment_id: AssignmentId
    state: AssignmentState
    reference: str
    category: str
    """Exact for class A; the broad group or ``private`` before the yes otherwise."""
    cell: str | None
    urgency: Urgency
    window: Window | None
    part_of_day: PartOfDay | None
    effort: str | None
    helpers: int
    remote: bool
    requires: tuple[str, ...]
    tags: tuple[str, ...]
    told_by_phone: bool
    moves: tuple[AssignmentMove, ...]
    """What she may do now: interest, decline, contact, done, release."""
    details: TaskDetails | None
    locked: bool
    """Details would be shown, but a coordinator has to sign in first."""
    expires_at: int | None
    """Unix seconds when the link runs out."""
