"""What neighbouring groups read out of the phone book about us: values and pure rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

STATES = ("open", "full", "resting")
KINDS = ("group", "hub", "council")
"""What a node is: of helpers; a go-between that sends nobody itself; a council or district that looks at the whole."""
MOST_LANGUAGES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCard:
    """Our line in the neighbours' phone book; goes out with the profile at the next slot."""

    name: str
    phone: str
    hours: str
    state: str
    """open, full or resting."""
    until: date | None
    """Last day of that state; None: until somebody changes it."""
    headings: tuple[str, ...]
    """Headings of help that the group takes; empty: all."""
    kind: str = "group"
    """One of ``KINDS``."""
    languages: tuple[str, ...] = ()
    """In which the group answers; its own comes first."""


def answered_in(own: str, others: Sequence[str]) -> tuple[str, ...]:
    """Languages in which a group answers: its own first, the others by code."""
    return tuple(dict.fromkeys((own, *sorted(others))))[:MOST_LANGUAGES]


def standing_today(state: str, until: str | None, today: date) -> tuple[str, date | None]:
    """The state that holds today, and its last day: what is over by itself is open again."""
    last = date.fromisoformat(until) if until else None
    if state == "open" or (last is not None and last < today):
        return "open", None
    return state, last
