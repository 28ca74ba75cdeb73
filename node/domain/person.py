"""A person the group knows: asks, helps, or both. All that names or finds her is sealed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from node.domain.ids import PersonId
from node.domain.need import Point


class PersonState(StrEnum):
    ACTIVE = "active"
    BARRED = "barred"


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
    """The clear part: a random id, a state, two days."""

    id: PersonId
    state: PersonState
    created_day: date
    updated_day: date


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
    notes: str = ""

    @property
    def first_name(self) -> str:
        """The first word of the name."""
        return self.name.split(maxsplit=1)[0] if self.name.strip() else ""

    @property
    def best_phone(self) -> str:
        """The number to ring: of the door, else the one that rang in; may be empty."""
        for phone in (self.door, self.screen):
            if phone is not None and phone.number:
                return phone.number
        return ""
