"""One list of needs in words, ready to be written in any format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

Ring = Sequence[tuple[float, float]]
"""Closed, anticlockwise, ``(lon, lat)`` in WGS 84 degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One need of one group. Nothing in it was typed by anybody but the group's own name."""

    id: str
    """``did:key:.../...``: the origin and the summary's own id; the same in every format."""
    title: str
    """Kind, hurry and area, such as "Groceries · This week · in or near Knowle"."""
    words: Sequence[str]
    """Sentences: what it takes, which days, who is asked, how fresh this is."""
    kind: str
    """The kind of help in words."""
    category: str
    """Its shared code."""
    group: str
    url: str
    """The group's own page, or empty."""
    open: bool
    """Else somebody is helping."""
    posted: date
    expires: date
    """The last day on which this is shown."""
    window: tuple[date, date] | None
    """First and last day on which it is wanted, if there are such."""
    cell: str
    """The area's label."""
    rings: Sequence[Ring]
    """The area; two pieces where it crosses the 180th meridian."""

    @property
    def days(self) -> tuple[date, date] | None:
        """The window as iCalendar has it: the second day is the first one after."""
        return (self.window[0], self.window[1] + timedelta(days=1)) if self.window else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Everything that one address gives."""

    title: str
    language: str
    address: str
    """The feed's own absolute address, its query included."""
    page: str
    """The page that shows the same."""
    group: str
    """Whose node says so."""
    entries: Sequence[Entry]
    when_empty: date
    """What counts as the day of the last change if there is none."""

    @property
    def updated(self) -> date:
        """The newest entry's day."""
        return max((entry.posted for entry in self.entries), default=self.when_empty)
