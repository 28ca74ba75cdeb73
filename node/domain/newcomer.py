"""A volunteer as the people page types her in, before she is checked and stored."""

from dataclasses import dataclass, field
from datetime import date

from node.domain.catalogue import Catalogue, CheckLevel
from node.domain.ids import PersonId
from node.domain.intake import MAX_LINE, NewPerson
from node.domain.need import Point
from node.domain.reach import is_email, is_phone
from node.domain.volunteer import DEFAULT_RADIUS_KM, MAX_RADIUS_KM, WEEKDAYS, Cleared, Transport, Volunteer
from node.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolunteer:
    """Abilities are exact category codes; with ``known_person`` somebody we know becomes a volunteer too."""

    person: NewPerson = field(default_factory=NewPerson)
    known_person: PersonId | None = None
    point: Point | None = None
    abilities: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    transport: Transport = Transport.FOOT
    radius_km: float = DEFAULT_RADIUS_KM
    max_per_week: int | None = None
    days_off: tuple[str, ...] = ()
    cleared: tuple[Cleared, ...] = ()


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
        found["days_off"] = N_("Write days as a weekday or as a date.")
    if any(cleared.check not in _CHECKS for cleared in new.cleared):
        found["cleared"] = N_("Choose a safety check from the list.")
    for name in ("name", "phone", "email", "address", "safe_to_ring"):
        if len(getattr(person, name)) > MAX_LINE:
            found.setdefault(name, N_("This is too long. Shorten it, please."))
    return found


def volunteer_of(new: NewVolunteer, person_id: PersonId) -> Volunteer:
    """The clear part to store."""
    return Volunteer(
        person_id=person_id,
        abilities=tuple(dict.fromkeys(new.abilities)),
        takes=tuple(dict.fromkeys(new.takes)),
        languages=tuple(dict.fromkeys(new.languages or new.person.languages)),
        transport=new.transport,
        radius_km=new.radius_km,
        max_per_week=new.max_per_week,
        days_off=new.days_off,
        cleared=new.cleared,
    )


def _is_day(text: str) -> bool:
    if text in WEEKDAYS:
        return True
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
