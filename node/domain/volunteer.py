"""A volunteer's standing readiness: what, where and how much. Clear on disk, but for the place (sealed)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.hours import ALL_HOURS, Hours
from node.domain.ids import PersonId


class VolunteerState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    LEFT = "left"


class Stage(StrEnum):
    """How far a volunteer came on her way to us; ``journey`` has the moves."""

    APPLIED = "applied"
    MET = "met"
    CHECKED = "checked"
    ACTIVE = "active"


class Transport(StrEnum):
    FOOT = "foot"
    BIKE = "bike"
    PUBLIC = "public"
    CAR = "car"
    VAN = "van"


DEFAULT_RADIUS_KM = 5.0
MAX_RADIUS_KM = 200.0
MAX_REST_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A safety check that was seen: level (``met``, ``id``, ``criminal_record``), last day it holds."""

    check: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """Abilities and limits."""

    person_id: PersonId
    state: VolunteerState = VolunteerState.ACTIVE
    stage: Stage = Stage.ACTIVE
    paused_until: date | None = None
    """The first day back; None with state paused: until further notice."""
    abilities: tuple[str, ...] = ()
    """Exact category codes she helps with."""
    takes: tuple[str, ...] = ()
    """Tags and requirement codes she can manage (heavy, stairs, pets...)."""
    languages: tuple[str, ...] = ()
    transport: Transport = Transport.FOOT
    radius_km: float = DEFAULT_RADIUS_KM
    max_per_week: int | None = None
    hours: Hours = ALL_HOURS
    """When she can in an ordinary week (``hours``)."""
    days_off: tuple[str, ...] = ()
    """Single days, ``2026-05-04``."""
    rest_days: int = 0
    """So many days after a hard task she is not asked."""
    cleared: tuple[Cleared, ...] = ()


def new_here(volunteer: Volunteer) -> bool:
    """Whether nobody of us has met her yet: no check was seen, not even her face."""
    return volunteer.stage is Stage.APPLIED and not volunteer.cleared


def paused_on(volunteer: Volunteer, day: date) -> bool:
    """Whether she is on a pause that day."""
    if volunteer.state is not VolunteerState.PAUSED:
        return False
    return volunteer.paused_until is None or day < volunteer.paused_until
