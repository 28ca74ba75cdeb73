"""Whether somebody new looks like somebody we keep away: a hint for a person, never a decision of ours.

Two people may have one name, and a flat has several; a birth day is never asked for, so none can be compared.
"""

from enum import StrEnum

from node.domain.folded import folded, only_digits
from node.domain.person import PersonDetails

SHORTEST_NAME = 2
"""Words: a first name alone is everybody's."""


class Alike(StrEnum):
    """By what they look alike, the strongest first."""

    REACHED = "reached"
    """The same number or e-mail address."""
    NAME_AND_DOOR = "name_and_door"
    NAME = "name"
    DOOR = "door"


def alike(one: PersonDetails, other: PersonDetails) -> Alike | None:
    """By what, or None. Small letters, accents, commas and the order of names do not matter."""
    if _numbers(one) & _numbers(other) or (one.email and folded(one.email) == folded(other.email)):
        return Alike.REACHED
    name = _name(one) == _name(other) and len(_name(one)) >= SHORTEST_NAME
    door = bool(_door(one)) and _door(one) == _door(other)
    if name:
        return Alike.NAME_AND_DOOR if door else Alike.NAME
    return Alike.DOOR if door else None


def _name(person: PersonDetails) -> tuple[str, ...]:
    return tuple(sorted(folded(person.name).split()))


def _door(person: PersonDetails) -> str:
    """Her address, if it names a house: a street alone is a whole neighbourhood."""
    return folded(person.address) if only_digits(person.address) else ""


def _numbers(person: PersonDetails) -> set[str]:
    """The last nine digits of each: with or without a country in front it is the same."""
    said = (phone.number for phone in (person.door, person.screen) if phone is not None)
    return {digits[-9:] for digits in map(only_digits, said) if len(digits) >= 5}
