"""What pages say of a place where the group does not go."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.words.phonebook import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Who answers there; ``entries`` is empty where nobody does."""

    entries: Sequence[Entry]
    takes: str
    """Id of the group to which a request can be given from here; empty for none."""
    name: str
    may: str
    """The sentence ticked by whoever lets us, in the group's words."""
    wording: str
    """Its version."""
