"""What the pages of incidents are given."""

from dataclasses import dataclass

from node.domain.board.exchange_views import GroupName
from node.domain.safety.incidents import KEPT_AT_LEAST, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One line of the list, without a name."""

    id: str
    open: bool
    report: Part
    alone: bool
    """Sealed to named people, of whom nobody else works here any more."""
    to_take: bool
    """Told before there were closed records, to whom they are closed now; about nobody who works here."""
    ending: tuple[tuple[str, str], ...] = ()
    """(staff id, handle) of whose own copies end when it is taken in: they hold none of the closed records."""
    lacking: bool = False
    """There is a note that another reader has and this one lacks: it cannot be taken in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident after a recorded look. Handles stand where the parts hold ids."""

    id: str
    open: bool
    parts: tuple[Part, ...]
    handles: dict[str, str]
    readers: tuple[str, ...]
    """Handles of everybody who can read it."""
    groups: dict[str, GroupName]
    """Of the people it is about: the neighbouring group that sent them."""
    askers: frozenset[str]
    """Of the people it is about: who asked for what the task was."""
    alone: bool
    """Sealed to named people, of whom nobody else works here any more."""
    others: tuple[tuple[str, str], ...]
    """(staff id, handle) of whom it could be sealed to as well; nobody for one in the closed records."""

    @property
    def may_go_at(self) -> int:
        """From when on it may be removed, once closed (Unix seconds), as far as this reader's notes tell."""
        return max(part.at for part in self.parts) + KEPT_AT_LEAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A copy that the reader had and that is gone. ``by``: the handle of who took it in; ``at``: Unix seconds."""

    by: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What one member of staff can read."""

    begun: bool
    """Whether the compartment exists."""
    holders: tuple[str, ...]
    """Handles."""
    rows: tuple[IncidentRow, ...]
    ended: tuple[Ended, ...] = ()
    """The latest first; empty for holders, who read them in the closed records."""

    @property
    def ending(self) -> dict[str, str]:
        """Staff id -> handle of everybody whose own copy of something ends when all of them are taken in."""
        return dict(each for row in self.rows if row.to_take and not row.lacking for each in row.ending)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """How many one reader can read that are still looked into, and how many of them nobody has opened yet; ``ended``:
    how many she can read no more and was not told of."""

    many: int = 0
    unread: int = 0
    ended: int = 0
