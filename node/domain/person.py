"""A person the group knows: asks, helps, or both. All that names or finds her is sealed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.answers import Answer
from node.domain.ids import PersonId
from node.domain.need import Point


class PersonState(StrEnum):
    ACTIVE = "active"
    BARRED = "barred"


class PersonKind(StrEnum):
    """Whom a row stands for: an organisation helps (and asks) like a person, through its contact."""

    PERSON = "person"
    ORGANISATION = "organisation"


class ContactBy(StrEnum):
    """How somebody likes to be reached."""

    PHONE = "phone"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


class PhoneKind(StrEnum):
    """Whose number it is; the last two have no digits."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    NONE = "none"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A number as it was said, and whose it is."""

    number: str = ""
    kind: PhoneKind = PhoneKind.OWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The clear part: a random id, whom it stands for, a state, two days."""

    id: PersonId
    state: PersonState
    kind: PersonKind = PersonKind.PERSON
    created_day: date
    updated_day: date
    merged_into: PersonId | None = None
    """This row and that one are the same person; everything is held there."""
    practice: bool = False
    """Made up, for practice calls."""


TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "sister", "brother"),
        *("sr", "sra", "srta", "señor", "señora", "señorita", "doña", "dra"),
        *(
            "السيد",
            "السيدة",
            "الآنسة",
            "الأستاذ",
            "الأستاذة",
            "الدكتور",
            "الدكتورة",
            "د",
            "أ",
            "الحاج",
            "الحاجة",
        ),
    }
)
"""Words before a name by which nobody is called alone: of the pages' languages, those that are no first names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """The sealed part of a person."""

    name: str = ""
    screen: Phone | None = None
    """The number on the screen: the one that rang in."""
    door: Phone | None = None
    """The number of the door: the one that reaches the person."""
    email: str = ""
    address: str = ""
    point: Point | None = None
    safe_to_ring: str = ""
    """When and how it is safe to reach them; stands above the number wherever that is shown."""
    languages: tuple[str, ...] = ()
    contact_by: str = ""
    """A code of ``ContactBy``; imported people may have free words here."""
    contact_name: str = ""
    """Of an organisation: whom to ask for."""
    about: str = ""
    """Of an organisation: what it does, and how much it can take."""
    notes: str = ""
    answers: tuple[Answer, ...] = ()
    """To the group's own questions, when she said that she would like to help."""

    @property
    def first_name(self) -> str:
        """What somebody is called at the door: the first word of the name, with the next one where that is a title."""
        first, *more = self.name.split(maxsplit=2) or [""]
        return f"{first} {more[0]}" if more and first.rstrip(".").casefold() in TITLES else first

    @property
    def best_phone(self) -> str:
        """The number to ring: of the door, else the one that rang in; may be empty."""
        phone = self._best
        return phone.number if phone is not None else ""

    @property
    def own_phone(self) -> str:
        """The same if it is her own and not a neighbour's; may be empty."""
        phone = self._best
        return phone.number if phone is not None and phone.kind is PhoneKind.OWN else ""

    @property
    def best_phone_kind(self) -> PhoneKind:
        """Whose that is."""
        return self._best.kind if self._best is not None else PhoneKind.NONE

    @property
    def _best(self) -> Phone | None:
        return next((phone for phone in (self.door, self.screen) if phone is not None and phone.number), None)
