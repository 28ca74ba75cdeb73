"""A volunteer as the people page types her in, before she is checked and stored."""

from dataclasses import dataclass, field
from datetime import date

from node.domain.answers import Answer
from node.domain.catalogue import Catalogue, CheckLevel
from node.domain.hours import ALL_HOURS, Hours, in_order
from node.domain.ids import PersonId
from node.domain.intake.intake import MAX_LINE, MAX_TEXT, NewPerson
from node.domain.need import Point
from node.domain.person import PersonKind
from node.domain.reach import is_email, is_phone
from node.domain.volunteer import (
    DEFAULT_RADIUS_KM,
    MAX_RADIUS_KM,
    MAX_REST_DAYS,
    Cleared,
    Stage,
    Transport,
    Volunteer,
)
from node.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolunteer:
    """Abilities are exact category codes; with ``known_person`` somebody we know becomes a volunteer too."""

    person: NewPerson = field(default_factory=NewPerson)
    known_person: PersonId | None = None
    kind: PersonKind = PersonKind.PERSON
    contact_name: str = ""
    """Of an organisation: whom to ask for."""
    about: str = ""
    """Of an organisation: what it does, and how much it can take."""
    stage: Stage = Stage.ACTIVE
    """How well we know her: whom a coordinator types in, unless she says otherwise, she knows."""
    point: Point | None = None
    abilities: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    transport: Transport = Transport.FOOT
    radius_km: float = DEFAULT_RADIUS_KM
    max_per_week: int | None = None
    hours: Hours = ALL_HOURS
    days_off: tuple[str, ...] = ()
    rest_days: int = 0
    cleared: tuple[Cleared, ...] = ()
    answers: tuple[Answer, ...] = ()
    """To the group's own questions."""


_CHECKS = frozenset(level.value for level in CheckLevel)


def problems(new: NewVolunteer, catalogue: Catalogue) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    person = new.person
    if new.known_person is None and not person.name.strip():
        found["name"] = N_("Write a name.")
    if new.known_person is None and not (person.phone.strip() or person.email.strip()):
        found["phone"] = N_("Write a phone number or an e-mail address.")
    if person.phone.strip() and not is_phone(person.phone):
        found["phone"] = N_("This does not look like a phone number.")
    if person.email.strip() and not is_email(person.email):
        found["email"] = N_("This does not look like an e-mail address.")
    if not new.abilities:
        found["abilities"] = N_("Choose at least one kind of help.")
    elif any(code not in catalogue for code in new.abilities):
        found["abilities"] = N_("Choose kinds of help from the list.")
    if not 0 < new.radius_km <= MAX_RADIUS_KM:
        found["radius_km"] = N_("Choose between 0 and 200 kilometres.")
    if new.max_per_week is not None and not 1 <= new.max_per_week <= 50:
        found["max_per_week"] = N_("Choose between 1 and 50 tasks.")
    if any(not _is_day(day) for day in new.days_off):
        found["days_off"] = N_("Write days off as dates.")
    if in_order(new.hours) != tuple(dict.fromkeys(new.hours)):
        found["hours"] = N_("Choose hours from the table.")
    if not 0 <= new.rest_days <= MAX_REST_DAYS:
        found["rest_days"] = N_("Choose between 0 and 14 days.")
    if any(cleared.check not in _CHECKS for cleared in new.cleared):
        found["cleared"] = N_("Choose a safety check from the list.")
    for name in ("name", "phone", "email", "address", "safe_to_ring"):
        if len(getattr(person, name)) > MAX_LINE:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    for name, text, limit in (("contact_name", new.contact_name, MAX_LINE), ("about", new.about, MAX_TEXT)):
        if len(text) > limit:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    return found


def volunteer_of(new: NewVolunteer, person_id: PersonId) -> Volunteer:
    """The clear part to store."""
    return Volunteer(
        person_id=person_id,
        stage=new.stage,
        abilities=tuple(dict.fromkeys(new.abilities)),
        takes=tuple(dict.fromkeys(new.takes)),
        languages=tuple(dict.fromkeys(new.languages or new.person.languages)),
        transport=new.transport,
        radius_km=new.radius_km,
        max_per_week=new.max_per_week,
        hours=in_order(new.hours),
        days_off=new.days_off,
        rest_days=new.rest_days,
        cleared=new.cleared,
    )


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
