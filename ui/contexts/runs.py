"""What the pages about rounds are given: one frozen dataclass a page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.rounds.run_views import (
    Area,
    DoorView,
    Driver,
    DriverView,
    LeftOut,
    NearRun,
    OnRun,
    Rescheduled,
    RunLine,
    RunView,
    Sheet,
)
from ui.forms.receipts import ReceiptForm


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsPage:
    """`/rounds`"""

    going_on: Sequence[RunLine]
    ended: Sequence[RunLine]
    waiting: Sequence[Area]
    areas: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """`/rounds/plan`"""

    form: Any
    day: date
    first: date
    last: date
    area: str
    """The area that it was asked for; its deliveries are ticked and come first."""
    waiting: Sequence[Area]
    areas: Mapping[str, str]
    drivers: Sequence[Driver]
    chosen: frozenset[str]
    problem: str = ""
    left_out: Sequence[LeftOut] = ()
    clash: Sequence[LeftOut] = ()
    """Stops at whose time whoever drives is confirmed for something else: a reason is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """`/rounds/<id>`"""

    run: RunView
    areas: Mapping[str, str]
    drivers: Sequence[Driver]
    today: date
    link: str = ""
    """A private link that was just made; shown this once."""
    left_out: Sequence[LeftOut] = ()
    problem: str = ""
    clash: Sequence[LeftOut] = ()
    """As on ``PlanPage``, for ``given``."""
    given: str = ""
    """Whom somebody would give it to."""
    last: date
    """So far ahead it can be moved."""
    moved: Rescheduled | None = None
    """It was just moved, and some have to be told again."""
    day_problem: str = ""
    day_clash: Sequence[LeftOut] = ()
    """As ``clash``, for ``new_day``."""
    new_day: date | None = None
    """The day that somebody would move it to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """`/rounds/<id>/sheet`"""

    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class DriverPage:
    """`/r/<token>`"""

    token: str
    view: DriverView
    areas: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    receipt: ReceiptForm | None = None
    """What was typed of a receipt, if it did not fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPage:
    """`/r/<token>/stop/<stop>`"""

    token: str
    door: DoorView
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsNear:
    """On the page of a request: the round it is on, or those that pass near it."""

    on: OnRun | None = None
    near: Sequence[NearRun] = ()
