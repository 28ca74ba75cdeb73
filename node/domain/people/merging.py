"""Two records of one person, made one and parted again: which words, state and standing each holds, as rules."""

from dataclasses import fields, replace
from typing import Any

from node.domain.person import PersonDetails, PersonState
from node.domain.volunteer import VolunteerState

_JOINED = ("safe_to_ring", "notes")
"""Free words that both hold: losing either could do harm, so both stand there, one under the other."""


def merged(kept: PersonDetails, gone: PersonDetails) -> PersonDetails:
    """What the one record holds: the kept one's words, the other's where it said nothing, both of what warns."""
    values: dict[str, Any] = {}
    for field in fields(PersonDetails):
        ours, theirs = getattr(kept, field.name), getattr(gone, field.name)
        if field.name in _JOINED and ours and theirs and ours != theirs:
            values[field.name] = f"{ours}\n{theirs}"
        elif field.name == "languages":
            values[field.name] = tuple(dict.fromkeys((*ours, *theirs)))
        else:
            values[field.name] = ours or theirs
    return PersonDetails(**values)


def parted(before: PersonDetails, one: PersonDetails, now: PersonDetails) -> PersonDetails:
    """What the kept record holds after parting: what was changed since stays, all else is as it was before.

    ``before``: what it held by itself; ``one``: what both held as one; ``now``: what stands there now.
    """
    names = [field.name for field in fields(PersonDetails)]
    changed = {name: getattr(now, name) for name in names if getattr(now, name) != getattr(one, name)}
    return replace(before, **changed)


def stricter(kept: PersonState, gone: PersonState) -> PersonState:
    """Kept away in either record is kept away."""
    return PersonState.BARRED if PersonState.BARRED in (kept, gone) else PersonState.ACTIVE


def parted_state(before: PersonState, one: PersonState, now: PersonState) -> PersonState:
    """Whoever was barred (or let back) while both were one stays so: nobody knows which of the two was meant."""
    return before if now is one else now


def stricter_helper(kept: VolunteerState, gone: VolunteerState) -> VolunteerState:
    """Suspended in either record is suspended; all else is as the kept record says."""
    return VolunteerState.SUSPENDED if VolunteerState.SUSPENDED in (kept, gone) else kept
