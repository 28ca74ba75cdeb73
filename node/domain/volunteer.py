"""A volunteer's standing readiness: what, where and how much. Clear on disk, but for the place (sealed)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.ids import PersonId


class VolunteerState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    LEFT = "left"


class Transport(StrEnum):
    FOOT = "foot"
    BIKE = "bike"
    PUBLIC = "public"
    CAR = "car"
    VAN = "van"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

DEFAULT_RADIUS_KM = 5.0
MAX_RADIUS_KM = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A safety check that was seen: level (``met``, ``id``, ``criminal_record``), last day it holds."""

    check: str
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    """Abilities and limits. ``days_off``: weekday names (``mon``...) and single days (``2026-05-04``)."""

    person_id: PersonId
    state: VolunteerState = VolunteerState.ACTIVE
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
    days_off: tuple[str, ...] = ()
    cleared: tuple[Cleared, ...] = ()


def off_on(volunteer: Volunteer, day: date) -> bool:
    """Whether that day is one of her days off."""
    return WEEKDAYS[day.weekday()] in volunteer.days_off or day.isoformat() in volunteer.days_off


def paused_on(volunteer: Volunteer, day: date) -> bool:
    """Whether she is on a pause that day."""
    if volunteer.state is not VolunteerState.PAUSED:
        return False
    return volunteer.paused_until is None or day < volunteer.paused_until
