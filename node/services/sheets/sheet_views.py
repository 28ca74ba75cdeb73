"""What the pages that bring a sheet in are shown, and what is said on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from node.domain.hours import Hours
from node.domain.sheets.mapping import Sort
from node.services.sheets.imports import ImportPreview, ImportReport
from node.services.sheets.old_numbers import EarlierSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sheet in the list. Times are Unix seconds."""

    id: str
    sort: str
    name: str
    changed_at: int
    done: bool
    going: bool
    """It is coming in just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """A sort of sheet that the group knows."""

    name: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column as the page shows it."""

    heading: str
    samples: tuple[str, ...]
    field: str
    """What it means so far; empty: nothing of its own, it is kept with the notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is known of a sheet. ``problem``: why it cannot be read as it is (a msgid), then nothing else is."""

    id: str
    problem: str = ""
    rows: int = 0
    sort: Sort = Sort.NEEDS
    name: str = ""
    columns: tuple[Column, ...] = ()
    tabs: tuple[str, ...] = ()
    tab: str = ""
    encoding: str = ""
    dates: str = ""
    """The order of day and month that was said, or that the sheet itself proves; empty: to be asked."""
    date_example: str = ""
    """A date that can be read in two ways."""
    open_: bool = False
    consent: str = ""
    known_as: str = ""
    """The saved mapping that fits."""
    lists: Mapping[str, Sequence[EarlierSheet]] = field(default_factory=dict)
    """Columns of numbers -> the earlier sheets that they may stand in."""
    chosen_lists: Mapping[str, str] = field(default_factory=dict)
    """The same -> which one was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One row that cannot come in: its faulty cells, and its name to know it by."""

    line: int
    who: str
    cells: tuple[tuple[str, str, str], ...]
    """Heading, text, what is wrong (a msgid); heading empty: about the whole row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOver:
    """One answer that was given for a sheet of before and stands for a word of this one. ``means``: a code, or hours as
    they are written; ``hours``: those as slots."""

    field: str
    word: str
    rows: int
    means: str
    hours: Hours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What would come in, and what is left to be said."""

    sheet: Described
    preview: ImportPreview
    faults: tuple[Fault, ...]
    more_faults: int
    left_out: tuple[int, ...]
    words: tuple[tuple[str, str, int], ...]
    """Field, text, rows: words that nobody knows."""
    asked: int = 0
    """Rows that cannot come in yet and are in no form of their own: they come when a word is said."""
    any_hours: bool = False
    """Where it is not clear when somebody can, any time is taken."""
    taken_from: str = ""
    """What the sheet was called of which answers were taken over."""
    taken: tuple[TakenOver, ...] = ()
    more_taken: int = 0
    report: ImportReport | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says about the columns of a sheet. ``columns``: heading -> field."""

    sort: Sort
    name: str
    columns: Mapping[str, str]
    dates: str
    open_: bool = False
    consent: str = ""
    lists: Mapping[str, str] = field(default_factory=dict)
    """Column of numbers -> the earlier sheet in which they stand (``EarlierSheet.key``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A sheet that is coming in: rows gone through, of how many; ``rows`` 0 before the first were."""

    done: int
    rows: int
    full: bool = False
    """It waits for room on the disk."""
