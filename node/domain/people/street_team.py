"""Street teams: a name, a captain, who belongs to it, and a patch - the streets, postcodes and areas it looks after."""

from dataclasses import dataclass
from datetime import date

from node.domain.folded import folded
from node.domain.ids import PersonId
from node.domain.need import NeedState, Urgency
from node.errors import N_

MAX_NAME = 80
MAX_STREETS = 60
MAX_STREET = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """What a team looks after. Streets and postcodes as they were typed; cells are labels of the map."""

    streets: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetTeam:
    """One team. The captain is a volunteer or a member of staff, or nobody yet."""

    id: str
    name: str
    patch: Patch
    captain_person: PersonId | None = None
    captain_staff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    """One team with the names that belong to it."""

    team: StreetTeam
    captain: str
    """Her name or sign-in name; empty while there is none."""
    members: tuple[tuple[PersonId, str], ...]
    waiting: int
    """Open requests in its patch that nobody is confirmed for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """One line of a captain's list: codes and days only, nothing that names or finds anybody."""

    reference: str
    category: str
    """As others could see it: the exact code of class A, a broad group, or ``private``."""
    urgency: Urgency
    due_day: date | None
    state: NeedState
    cell: str | None


class Finder:
    """Tells what is in a patch, with its streets made ready once for many addresses."""

    def __init__(self, patch: Patch) -> None:
        self._cells = frozenset(patch.cells)
        self._streets = tuple(f" {words} " for words in map(folded, patch.streets) if words)

    def has(self, cell: str | None, ready: str) -> bool:
        """Whether that area, or that address (``made_ready``), is in the patch.

        A street or postcode is in an address if its words stand there side by side: ``BS4`` is in ``7 High Street, BS4
        1AA`` and not in ``BS41 9AA``.
        """
        return (cell is not None and cell in self._cells) or any(street in ready for street in self._streets)


def made_ready(address: str) -> str:
    """An address as ``Finder`` compares it."""
    return f" {folded(address)} "


def street_lines(text: str) -> tuple[str, ...]:
    """Streets as they are typed, one a line or with commas between them, each once."""
    lines = (" ".join(line.split()) for line in text.replace(",", "\n").splitlines())
    return tuple({folded(line): line for line in lines if folded(line)}.values())


def problems(name: str, patch: Patch) -> dict[str, str]:
    """Every field that does not fit (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    if not 1 <= len(name.strip()) <= MAX_NAME:
        found["name"] = N_("Please give it a name of at most 80 letters.")
    if not patch.streets and not patch.cells:
        found["streets"] = N_("Write at least one street or postcode, or choose an area.")
    if len(patch.streets) > MAX_STREETS or any(len(street) > MAX_STREET for street in patch.streets):
        found["streets"] = N_("That is too long. Write at most 60 streets, one a line.")
    return found
