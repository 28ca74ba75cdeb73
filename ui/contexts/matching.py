"""What the pages of asking, planning and repeating are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.dispatch.series_days import MadeDay
from node.domain.own.views import NearRow
from node.services.dispatch.handing_on import HandView
from node.services.dispatch.picking import Picks
from node.services.dispatch.plans import PlanView
from node.services.dispatch.series_changes import Kept
from node.services.dispatch.series_views import SeriesView


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One message to copy: to whom, and the words with the private link in them."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesPage:
    """What to send to those who were asked; the links are shown this once."""

    messages: Sequence[Written]
    back: str
    back_words: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """`/board/plan`"""

    view: PlanView | None
    areas: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatsPage:
    """`/repeats`"""

    series: Sequence[SeriesView]
    hands: Mapping[str, Sequence[HandView]]
    """Series -> who takes it over, from which day on."""
    helpers: Sequence[tuple[str, str]]
    """Who could be asked: id and name."""
    holidays: str
    """A day a line."""
    on_days_off: Sequence[tuple[SeriesView, MadeDay]] = ()
    """Requests that are made and fall on a day off, each with its rule."""
    problem: str = ""
    kept: Sequence[Kept] = ()
    """After a change of days: requests that stay as they were, because somebody is on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PicksPage:
    """`/t/<token>/more`"""

    token: str
    picks: Picks
    rows: Sequence[tuple[NearRow, str]]
    """Each with where it is and how far, in words."""
    problem: str = ""
