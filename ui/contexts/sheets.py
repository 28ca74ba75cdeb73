"""What the templates that bring sheets in and take data out are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from node.services.sheets.sheet_views import Begun, Described, Going, Looked, SavedMapping
from node.services.sheets.taking_out import Asks
from ui.contexts.common import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """`/import`"""

    begun: Sequence[Begun]
    saved: Sequence[SavedMapping]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsPage:
    """`/import/{sheet}`"""

    sheet: Described
    fields: Sequence[str]
    """What a column may mean in a sheet of this sort."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """Column number -> field, as just chosen."""
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """`/import/{sheet}/look`"""

    looked: Looked
    kinds: Sequence[Heading]
    comes: int
    here: int
    to_check: int
    meanings: Mapping[str, Mapping[str, str]]
    words: Sequence[tuple[str, str, int]]
    """Field, text, rows: words that nobody knows."""
    when: Sequence[tuple[str, str, int]]
    """The same of texts that do not say clearly when somebody can."""
    of_grid: Mapping[str, str]
    """Column of a grid -> the weekday or the part of the day that it is about."""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingPage:
    """`/import/{sheet}/look` while it comes in"""

    id: str
    going: Going


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPage:
    """`/export`"""

    asks: Asks
    incidents_left: int | None
    """How many incidents a full export by this reader leaves; None: not told."""
    wrong: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
