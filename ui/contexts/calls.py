"""What the pages about lists of calls are given: one frozen dataclass a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from node.domain.calls.call_views import (
    DaySheet,
    ListLine,
    ListView,
    MayRing,
    MyCalls,
    NotRungLine,
    OneCall,
    Reading,
    TaskLine,
    TaskView,
)
from ui.contexts.aloud import Aloud
from ui.contexts.intake import Script


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsPage:
    """`/calls`"""

    lists: Sequence[ListLine]
    over: Sequence[tuple[str, str]]
    waiting: Sequence[TaskLine]
    not_rung: Sequence[NotRungLine]
    days: Mapping[str, str]
    """List -> its weekdays in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewListPage:
    """`/calls/new`"""

    form: Any
    may_ring: Sequence[MayRing]
    readings: Sequence[Reading] = ()
    chosen: Mapping[int, str] = field(default_factory=dict)
    """Number of a line -> the known person who was picked, ``new`` for somebody new."""
    sure: Collection[int] = ()
    """Numbers of the doubtful lines that somebody said are right."""
    seen: str = ""
    """Stands for the lines that were shown, so that others are shown before they are saved."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """`/calls/<list>`"""

    view: ListView
    form: Any
    """What the list is called, and its days."""
    more: Any
    """Names and numbers to come onto it."""
    days: str
    caller_days: Mapping[str, str]
    today: date
    readings: Sequence[Reading] = ()
    chosen: Mapping[int, str] = field(default_factory=dict)
    sure: Collection[int] = ()
    seen: str = ""
    link: str = ""
    """A private link that was just made; shown this once."""
    link_for: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """`/calls/<list>/today`, and the same to print"""

    sheet: DaySheet
    today: date
    at: str = ""
    """The call that comes next; the page begins there."""
    number: str = ""
    """The emergency number."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """`/calls/see-to/<task>`"""

    task: TaskView
    scripts: Sequence[Script]
    """What is said in danger, if somebody is worried."""
    number: str
    """The emergency number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingPage:
    """`/c/<token>`"""

    token: str
    view: MyCalls
    just: str = ""
    """What was said about the call before, as a code."""
    number: str = ""
    """The emergency number."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneCallPage:
    """`/c/<token>/call/<entry>`"""

    token: str
    call: OneCall
    asks: Aloud
    """The question whether we may ring, as the group words it."""
    number: str = ""
    problem: str = ""
