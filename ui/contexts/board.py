"""The lists of the board, and what other parts of the house put there: one frozen dataclass each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from node.domain.board.views import NeedView, QueueRow
from ui.contexts.desk import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One saved filter of the board."""

    code: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchFilter:
    """The street teams whose patch the board can be narrowed to, id to name, and the one that it is."""

    teams: Mapping[str, str]
    chosen: str

    @property
    def query(self) -> str:
        """What an address carries so that the board stays narrowed."""
        return f"&team={self.chosen}" if self.chosen else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardList:
    """The lists of `/board`: all of what changes in place."""

    filters: Sequence[Filter]
    chosen: str
    rows: Sequence[QueueRow]
    mark: str
    """Up to where the list is known to whoever reads it (``domain.board.news``)."""
    areas: Mapping[str, str]
    """Where areas are, in words, as far as that is known."""
    made_up: Sequence[QueueRow] = ()
    """A practice call, where there is nothing real to see yet."""
    patch: PatchFilter | None = None
    more: str = ""
    """The address of the rest of a long list; empty if this is all."""
    from_neighbours: int = 0
    """Open requests of neighbouring groups."""
    rules: Rules | None = None
    """The group's own rules, beside what is to be sorted."""
    need: NeedView | None = None
    today: date
