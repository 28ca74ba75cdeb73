"""What the pages about people are given: values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from node.domain.assignment import AssignmentState
from node.domain.board.views import HistoryRow
from node.domain.catalogue import CheckLevel
from node.domain.consents import Consent
from node.domain.ids import NeedId, PersonId
from node.domain.need import Need
from node.domain.people.journey import JourneyMove, Standing
from node.domain.people.resemblance import Alike
from node.domain.person import Person, PersonDetails, PersonKind
from node.domain.volunteer import Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerRow:
    """One line of the list "New volunteers"."""

    person_id: PersonId
    name: str
    standing: Standing
    since: date
    volunteer: Volunteer
    vouched: int
    """How many answer for her."""
    lacks: CheckLevel | None
    """The strongest safety check that something she wants to do takes and she has not shown; None: none."""
    known_number: bool
    """Somebody else we know has the same telephone number."""
    unseen: bool
    """She may be somebody we know: nobody asks her until somebody has said whether it is one person."""
    looks_like: PersonId | None
    """Somebody whom we keep away; a person decides whether it is the same one."""
    alike: Alike | None
    """By what."""
    moves: tuple[JourneyMove, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VouchView:
    """Somebody answers for her: a person we know, or a member of staff. ``at``: Unix seconds."""

    by: str
    at: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One task of a volunteer. ``at``: Unix seconds of the last change."""

    need_id: NeedId
    category: str
    """Exact."""
    state: AssignmentState
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedLine:
    """One need she asked for, with its exact category."""

    need: Need
    category: str
    for_all: bool
    """For the whole household."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody of the same household, or of the same address."""

    person_id: PersonId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdOf:
    """On the page of a request: how many live there, and whether it is for all of them."""

    people: int
    for_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One hit of the search. ``roles``: ``asks``, ``helps``, ``organisation``, ``barred``, in that order."""

    person_id: PersonId
    name: str
    address: str
    kind: PersonKind
    roles: tuple[str, ...]
    open_needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Somebody who said no to being kept: erased on that day, by itself."""

    person_id: PersonId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """One person with all her roles, after a recorded look."""

    person: Person
    details: PersonDetails
    volunteer: Volunteer | None
    standing: Standing | None
    """Of the volunteer."""
    moves: tuple[JourneyMove, ...]
    needs: tuple[Need, ...]
    asked: tuple[NeedLine, ...]
    tasks: tuple[TaskLine, ...]
    """Newest first."""
    household: tuple[Member, ...]
    same_address: tuple[Member, ...]
    """Who lives at the same address and is not of her household yet."""
    vouches: tuple[VouchView, ...]
    consents: tuple[Consent, ...]
    keeps: bool | None
    """Her last word on "keep my details"; None: not asked."""
    removal: date | None
    """The day on which she is erased by herself, because she said no."""
    history: tuple[HistoryRow, ...]
    teams: Mapping[str, str]
    """Her teams, id to name."""
