"""What the services hand to pages, commands and jobs: values, never rows."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from node.domain.assignment import AssignmentState, Fallen
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.exchange_views import PeerOfferView
from node.domain.consents import Consent
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import Need, NeedDetails, NeedState, PartOfDay, Urgency, Window
from node.domain.need_lifecycle import NeedMove, PublishedAs
from node.domain.person import PersonDetails
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
    CALL_BACK = "call_back"
    """Somebody promised to ring today or earlier, or a hold is over."""
    QUIET = "quiet"
    """A helper of whom nothing was heard for too long: somebody should ask before the task ends by itself."""
    HAPPENED = "happened"
    """Help should have come by now, or a helper says it did: somebody should ask the one it was for."""
    OLDEST = "oldest"
    """Everything that is not closed, whatever its state, the oldest first: nothing falls out of this one."""
    CLOSED = "closed"
    PRACTICE = "practice"
    """Made-up calls, which are in no other list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlsoOpen:
    """Another request that may be the same one, asked twice: of one person, household or number, and of one kind."""

    need_id: NeedId
    reference: str
    category: str
    urgency: Urgency
    state: NeedState


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class QueueRow:
    """One line of the board. ``category`` is exact while unlocked, else as on disk (group or ``private``).

    The board gives the same object for as long as nothing of it changes, and lets go of it when the records are closed.
    """

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
    promised_at: int | None
    """Until then (Unix seconds) somebody of ours rings back."""
    late_call: bool
    """That moment is past."""
    practice: bool
    call_back: date | None
    """Somebody promised to ring again on that day."""
    unread: int
    """Messages of volunteers that nobody here has seen."""
    changed_at: int


class HistoryRow(NamedTuple):
    """One line of a need's or person's history: who, when (Unix seconds), what, why."""

    at: int
    actor: str
    """A staff handle where one is known, else the audit's label (``volunteer:...``, ``system``)."""
    action: str
    codes: dict[str, str]
    why: str
    """The note, empty when there is none or while locked."""
    times: int = 1
    """How many looks the line stands for (``history.folded``)."""


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
    offer: PeerOfferView | None = None
    """What another group says of its volunteer; None for one of our own."""


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
    speaks: tuple[str, ...]
    """Languages in which the person is told things; none while locked."""
    reached_by: str
    """A code of ``ContactBy``: how she likes to be told; empty for no matter how, and while locked."""
    barred: bool
    locked: bool
    asker_told: PersonId | None = None
    """Of whoever asked for another, the record by which messages go to her; None where none go."""
    unreachable: bool = False
    """Nothing that we hold says where to find or how to reach them (``reachable``); False while locked."""
    helper_lacks: bool = False
    """We can reach them, and whoever helps is told neither a number nor an address; False while locked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why (or why not) a volunteer fits: a code and its values, put into words by the page.

    Codes and args are listed in ``node.domain.matching.matching``.
    """

    code: str
    args: dict[str, str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one factor (``node.domain.matching.scoring``) gave to a score, and the most it can give."""

    factor: str
    points: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One volunteer that passed every gate. ``distance_km`` only where it is honest to say it."""

    person_id: PersonId
    name: str
    score: float
    parts: tuple[Part, ...]
    """What the score is made of."""
    reasons: tuple[Reason, ...]
    distance_km: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerRow:
    """One line of the people page."""

    person_id: PersonId
    name: str
    volunteer: Volunteer
    this_week: int
    """Tasks confirmed or done in the last seven days."""
    organisation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAway:
    """Somebody on the list of those who are kept away. ``since``: None for a volunteer who is stopped for now."""

    person_id: PersonId
    name: str
    since: date | None


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
    """All that is told, the things wanted among it."""
    languages: tuple[str, ...]
    things: tuple[str, ...] = ()
    """The things wanted, to be ticked off; of a neighbour's request they stand in ``notes`` alone."""
    beside_things: str = ""
    """``notes`` without them."""


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
    group: str = ""
    """The neighbouring group whose need it is; empty for one of our own."""
    undo: bool = False
    """What she pressed last can still be taken back."""
    others_go: bool = False
    """She is asked or waits for a yes, and every place is filled by others."""
    heard: bool = False
    """It was to end by itself within a day, as nothing was heard of it. Now that she opened it, it stays hers."""
    fallen: Fallen | None = None
    """What her yes was given for holds no longer: the door is closed until she has rung us."""
