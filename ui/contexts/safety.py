"""What the pages about safety checks are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.board.views import KeptAway
from node.services.safety.demands import DemandRow
from node.services.safety.incident_views import Incident, IncidentRow, Shelf
from node.services.safety.looks import Week
from node.services.safety.vetting import CheckRow, Held, RenewalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPage:
    """`/safety`"""

    to_renew: Sequence[RenewalRow]
    kept_away: Sequence[KeptAway] | None = None
    """For whoever may keep somebody away; None for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandsPage:
    """`/safety/kinds`"""

    rows: Sequence[DemandRow]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsPage:
    """`/safety/incidents`"""

    shelf: Shelf
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentFormPage:
    """`/safety/incidents/new`. ``person``: the id of whose page one came from, or empty."""

    form: Any
    person: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """`/safety/incidents/<id>`: ``row`` before the look, ``incident`` after it."""

    row: IncidentRow | None = None
    incident: Incident | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """Of volunteers."""
    running: frozenset[str] = frozenset()
    """Volunteers who could be stopped now."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyCardsPage:
    """The three cards of the closed records, shown once."""

    cards: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksPage:
    """`/safety/looks`: ``week`` after the look."""

    mondays: Sequence[date]
    week: Week | None = None
    ago: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage:
    """`/people/<id>/checks`: the records are closed until the look is written down."""

    held: Held
    form: Any
    today: date
    records: Sequence[CheckRow] | None = None
    problem: str = ""
